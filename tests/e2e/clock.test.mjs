// The wall clock jumps under a running server and comes back, by Debian's libfaketime: the server's own clock, and
// nobody else's.
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { database, done, get, jobmapd, metric, scratch, start, talk, until } from "./server.mjs";

// /usr/lib/<architecture>/faketime/libfaketimeMT.so.1, of the package `faketime`.
const faketime = readdirSync("/usr/lib", { withFileTypes: true })
  .map((entry) => join("/usr/lib", entry.name, "faketime", "libfaketimeMT.so.1"))
  .find((path) => existsSync(path));
assert.ok(faketime, "libfaketime is missing: tools/prepare test");

// A server whose wall clock goes as `set` says: "+400d" of the real one, or "+0".
async function startWithClock(args, options) {
  const directory = scratch();
  const file = join(directory, "offset");
  const set = (offset) => {
    writeFileSync(`${file}.new`, `${offset}\n`);
    renameSync(`${file}.new`, file); // never half written
  };
  set("+0");
  const before = [
    `LD_PRELOAD=${faketime}`, `FAKETIME_TIMESTAMP_FILE=${file}`, "FAKETIME_NO_CACHE=1", "DONT_FAKE_MONOTONIC=1",
    jobmapd,
  ];
  return { server: await start(args, { command: "env", before, ...options }), set };
}

const list = async (server) => JSON.parse((await talk(server, get("/v1/jobs?limit=5"), { answers: 1 })).responses[0].body);
const ready = async (server) => (await talk(server, get("/ready"), { answers: 1 })).responses[0].status;

test("the clock jumps 400 days ahead for three seconds and back: the list is empty, then whole again", async () => {
  const { server, set } = await startWithClock();
  const whole = await list(server);
  assert.ok(whole.numberMatched > 100);
  set("+400d");
  await until("an empty list", async () => (await list(server)).numberMatched === 0);
  const ahead = Date.now();
  await until("three seconds of it", () => Date.now() - ahead > 3000);
  assert.equal((await list(server)).numberMatched, 0);
  set("+0");
  await until("the whole list", async () => (await list(server)).numberMatched === whole.numberMatched);
  assert.deepEqual((await list(server)).features, whole.features);
  assert.equal(await ready(server), 200);
  await until("both jumps to be counted", async () => (await metric(server, "jobmap_clock_jumps_total")) >= 2);
  assert.equal(await metric(server, "jobmap_clock_jumps_total"), 2);
  assert.equal(await metric(server, "jobmap_reloads_total"), 1, "a table that has all its jobs isn't read again");
  const jumps = server.log.filter((line) => line.event === "clock_jumped").map((line) => line.seconds);
  assert.equal(jumps.length, 2);
  assert.ok(Math.abs(jumps[0] - 400 * 86400) <= 2 && Math.abs(jumps[1] + 400 * 86400) <= 2, String(jumps));
  assert.equal((await server.stop()).code, 0);
});

test("data that were loaded during the jump are whole after it", async () => {
  const db = join(scratch(), "changing.sqlite");
  copyFileSync(database(), db);
  const { server, set } = await startWithClock(["--poll", "0.1"], { db });
  const { numberMatched: before } = await list(server);
  set("+400d");
  await until("an empty list", async () => (await list(server)).numberMatched === 0);
  const csv = join(scratch(), "one.csv");
  const columns = "id,source,title,employer,category,openings,lon,lat,precision,expires_at";
  writeFileSync(csv, `${columns}\n1,test,Cook,Inn,gig,1,120.16,30.25,exact,2099-01-01T00:00:00+08:00\n`);
  done("import", "--db", db, "--layer", "jobs", "--datum", "wgs84", csv);
  await until("the new job alone", async () => (await list(server)).numberMatched === 1);
  set("+0");
  await until("all of them", async () => (await list(server)).numberMatched === before + 1);
  assert.equal((await server.stop()).code, 0);
});

test("a posting of tomorrow is nowhere today, and everywhere at its minute", async () => {
  const db = join(scratch(), "tomorrow.sqlite");
  copyFileSync(database(), db);
  const csv = join(scratch(), "tomorrow.csv");
  const columns = "id,source,title,employer,category,openings,lon,lat,precision,published_at,expires_at";
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19) + "Z";
  // Its place and its words are its own: farther west than any other, and found by nothing else.
  writeFileSync(csv, `${columns}\n1,test,Zymurgist,Zythum Ltd,gig,7,117,28,exact,${tomorrow},2099-01-01\n`);
  assert.match(done("import", "--db", db, "--layer", "jobs", "--datum", "wgs84", "--region", "any", csv), /not published yet: 1/);
  const { server, set } = await startWithClock([], { db });
  const ask = async (path) => (await talk(server, get(path), { answers: 1 })).responses[0];
  const json = async (path) => JSON.parse((await ask(path)).body);
  const paths = {
    list: "/v1/jobs?q=zymurgist", near: "/v1/jobs?near=117,28&sort=distance", facets: "/v1/facets?by=category&q=zymurgist",
    ogc: "/ogc/collections/jobs/items?q=zymurgist", box: "/v1/jobs?bbox=116.9,27.9,117.1,28.1",
  };
  const found = async () => {
    const out = {};
    for (const [name, path] of Object.entries(paths)) out[name] = (await json(path)).numberMatched;
    out.suggestions = (await json("/v1/suggest?q=zymur")).suggestions.length;
    out.tile = (await ask("/tiles/jobs/14/13516/6863.mvt")).status === 200 ? 1 : 0;
    for (const path of ["/v1/jobs/test:1", "/v1/jobs/test:1/explain?category=gig", "/ogc/collections/jobs/items/test:1"])
      out[path] = (await ask(path)).status;
    const { extent } = await json("/ogc/collections/jobs?f=json");
    out.west = extent.spatial.bbox[0][0] === 117;
    return out;
  };
  const before = await found();
  const nowhere = { list: 0, near: 0, facets: 0, ogc: 0, box: 0, suggestions: 0, tile: 0, west: false };
  for (const [name, value] of Object.entries(nowhere)) assert.equal(before[name], value, name);
  for (const [name, value] of Object.entries(before)) if (name.startsWith("/")) assert.equal(value, 404, name);
  set("+25h");
  await until("the posting to be there", async () => (await json(paths.list)).numberMatched === 1);
  const after = await found();
  for (const name of ["list", "near", "facets", "ogc", "box", "tile"]) assert.equal(after[name], 1, name);
  assert.ok(after.suggestions > 0 && after.west);
  for (const [name, value] of Object.entries(after)) if (name.startsWith("/")) assert.equal(value, 200, name);
  assert.equal(await metric(server, "jobmap_reloads_total"), 1, "it is shown without a look at the file");
  set("+0");
  await until("it to be gone again", async () => (await json(paths.list)).numberMatched === 0);
  assert.equal((await server.stop()).code, 0);
});
