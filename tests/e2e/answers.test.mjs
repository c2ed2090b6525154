// The requests of the README, as a user sends them, against the real server: two encodings of one answer, agreement of
// list, pages and tiles, and of all of it with SQL on the same file.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { database, jobmap, scratch, start } from "./server.mjs";

const proto = new URL("../../proto", import.meta.url).pathname;
let server, url;
before(async () => {
  server = await start([], { db: database(5000) });
  url = `http://127.0.0.1:${server.port}`;
});
after(() => server.stop());

const json = async (path) => {
  const response = await fetch(url + path);
  assert.equal(response.status, 200, path);
  return response.json();
};

test("gigs near a metro stop come nearest first, within the radius", async () => {
  const list = await json("/v1/jobs?station=龙翔桥&radius=800&category=gig&sort=distance&limit=5");
  assert.ok(list.numberReturned > 0);
  const metres = list.features.map((f) => f.properties.distance_m);
  assert.deepEqual(metres, [...metres].sort((a, b) => a - b));
  assert.ok(metres.every((d) => d <= 800));
  assert.ok(list.features.every((f) => f.properties.category === "gig" && f.properties.source === "synthetic"));
});

test("protoc decodes the protobuf, and it says what the GeoJSON says", async () => {
  const path = "/v1/jobs?station=longxiangqiao&radius=800&category=gig";
  const list = await json(path);
  const response = await fetch(url + path, { headers: { accept: "application/x-protobuf" } });
  assert.equal(response.headers.get("content-type"), "application/x-protobuf");
  const text = execFileSync("protoc", ["--decode=jobmap.v1.JobList", `--proto_path=${proto}`, `${proto}/jobmap.proto`],
    { input: Buffer.from(await response.arrayBuffer()) }).toString();
  assert.match(text, new RegExp(`^number_matched: ${list.numberMatched}\\n`));
  const ids = [...text.matchAll(/^ {2}id: "(.*)"$/gm)].map((m) => m[1]);
  assert.deepEqual(ids, list.features.map((f) => f.id));
});

test("the pages of a list are the list, each job once", async () => {
  const whole = await json("/v1/jobs?district=西湖区&limit=1000&fields=title");
  const ids = [];
  let next = "/v1/jobs?district=西湖区&limit=37&fields=title";
  while (next) {
    const page = await json(next);
    assert.equal(page.numberMatched, whole.numberMatched);
    ids.push(...page.features.map((f) => f.id));
    next = page.links.find((l) => l.rel === "next")?.href;
  }
  assert.deepEqual(ids, whole.features.map((f) => f.id));
  assert.equal(new Set(ids).size, whole.numberMatched);
});

test("a bad coordinate is refused by name", async () => {
  const response = await fetch(url + "/v1/jobs?near=120.16,nan");
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const problem = await response.json();
  assert.equal(problem.parameter, "near");
  assert.equal(problem.value, "120.16,nan");
  assert.ok(problem.request_id);
});

test("two spellings of a query are one answer, with one tag", async () => {
  const a = await fetch(url + "/v1/jobs?category=gig,full_time&station=龙翔桥");
  const b = await fetch(url + "/v1/jobs?station=longxiangqiao&radius=800&category=full_time,gig");
  assert.equal(a.headers.get("etag"), b.headers.get("etag"));
  assert.equal(await a.text(), await b.text());
  const again = await fetch(url + "/v1/jobs?station=龙翔桥&category=gig,full_time", { headers: { "if-none-match": a.headers.get("etag") } });
  assert.equal(again.status, 304);
});

test("a box round the city finds the jobs that have a point, and says how many have none", async () => {
  const list = await json("/v1/jobs?category=internship&bbox=118,29,121,31&limit=1&fields=title");
  const everything = await json("/v1/jobs?category=internship&limit=1&fields=title");
  assert.equal(list.numberMatched, everything.located);
  assert.equal(list.unlocated, everything.unlocated);
});

test("index and answers agree with SQL on the same file", () => {
  const verify = spawnSync(jobmap, ["verify", "--db", database(), "--queries", "150", "--seed", "7"], { encoding: "utf8" });
  assert.equal(verify.status, 0, verify.stdout + verify.stderr);
  assert.match(verify.stdout, /^150 queries, [1-9][0-9]* jobs found, 0 differences$/m);
});

test("a time zone asked for holds also for a city that ships with another", async () => {
  for (const zone of ["+09:00", "Asia/Tokyo"]) {
    const db = join(scratch(), "zone.sqlite");
    assert.equal(spawnSync(jobmap, ["init", "--db", db, "--time-zone", zone]).status, 0);
    const server = await start([], { db });
    try {
      const list = await (await fetch(`http://127.0.0.1:${server.port}/v1/jobs`)).json();
      assert.equal(list.time_zone, zone);
    } finally {
      await server.stop();
    }
  }
});

test("a database without jobs is a normal one", async () => {
  const db = join(scratch(), "empty.sqlite");
  assert.equal(spawnSync(jobmap, ["init", "--db", db]).status, 0);
  const empty = await start([], { db });
  try {
    const list = await (await fetch(`http://127.0.0.1:${empty.port}/v1/jobs?station=龙翔桥`)).json();
    assert.equal(list.numberMatched, 0);
    assert.deepEqual(list.features, []);
    assert.equal((await fetch(`http://127.0.0.1:${empty.port}/tiles/jobs/10/853/421.mvt`)).status, 204);
    assert.equal((await fetch(`http://127.0.0.1:${empty.port}/tiles/lines/10/853/421.mvt`)).status, 200);
  } finally {
    await empty.stop();
  }
});
