// SIGTERM, SIGHUP, and data that changes under load.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connect, database, get, jobmap, metric, rounds, scratch, sleep, start, talk, until } from "./server.mjs";

// Asks again and again on one connection at a time, and counts requests that were sent whole and not answered.
async function client(server, path, stop, tally) {
  while (!stop.now) {
    const c = connect(server);
    await until("a connection", () => c.socket.readyState !== "opening");
    for (let n = 1; !stop.now && !c.closed; ++n) {
      const late = stop.sent;  // asked after the signal: may be turned away
      await c.send(get(path));
      await until("an answer", () => c.responses().length >= n || c.closed);
      const answer = c.responses()[n - 1];
      if (answer) ++tally.answered;
      else if (!late && n === 1 ? c.socket.bytesRead > 0 : !late) ++tally.lost;
      if (!answer || answer.headers.connection === "close") break;
    }
    c.socket.destroy();
    if (stop.sent) return;
  }
}

for (let round = 0; round < rounds; ++round) test("SIGTERM under load loses no request, and ends with 0", async () => {
  const server = await start();
  const stop = { now: false, sent: false };
  const tally = { answered: 0, lost: 0 };
  const clients = Array.from({ length: 16 }, (_, i) => client(server, i % 2 ? "/v1/jobs?limit=200" : "/v1/stations", stop, tally));
  await until("some answers", () => tally.answered > 200);
  server.signal("SIGTERM");
  stop.sent = true;
  const { code, signal } = await server.ended;
  stop.now = true;
  await Promise.all(clients);
  assert.deepEqual({ code, signal, lost: tally.lost }, { code: 0, signal: null, lost: 0 });
  assert.equal(server.errors(), "");
});

test("while it drains /ready says no, a kept connection is served once more, and a new one isn't", async () => {
  const server = await start();
  const kept = connect(server);
  await kept.send(get("/ready"));
  await kept.answered(1);
  server.signal("SIGTERM");
  await server.event("draining");
  await kept.send(get("/ready"));
  await kept.end();
  assert.deepEqual(kept.responses().map((r) => r.status), [200, 503]);
  assert.equal(kept.responses()[1].headers.connection, "close");
  const refused = connect(server);
  await refused.end();
  assert.equal(refused.text(), "");
  assert.equal((await server.ended).code, 0);
});

test("a second signal ends it at once", async () => {
  const server = await start(["--header-timeout", "60", "--drain-timeout", "60"]);
  const slow = connect(server);
  await slow.send("GET / HT");
  await until("the connection", async () => (await metric(server, "jobmap_connections")) >= 2);
  server.signal("SIGTERM");
  await server.event("draining");
  await sleep(100);
  server.signal("SIGTERM");
  assert.equal((await server.ended).code, 1);
});

test("the drain has an end", async () => {
  const server = await start(["--header-timeout", "60", "--drain-timeout", "0.5"]);
  const slow = connect(server);
  await slow.send("GET / HT");
  await until("the connection", async () => (await metric(server, "jobmap_connections")) >= 2);
  server.signal("SIGTERM");
  assert.equal((await server.ended).code, 0);
});

const generation = async (server) => JSON.parse((await talk(server, get("/ready"), { answers: 1 })).responses[0].body).generation;
const matched = async (server) =>
  JSON.parse((await talk(server, get("/v1/jobs?limit=1"), { answers: 1 })).responses[0].body).numberMatched;

function addJob(db, id) {
  const csv = join(scratch(), "one.csv");
  const columns = "id,source,title,employer,category,openings,lon,lat,precision,expires_at";
  writeFileSync(csv, `${columns}\n${id},test,Cook,Inn,gig,1,120.16,30.25,exact,2099-01-01T00:00:00+08:00\n`);
  const done = spawnSync(jobmap, ["import", "--db", db, "--layer", "jobs", "--datum", "wgs84", csv], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout + done.stderr);
}

test("changed data is served without a restart: by looking, and on SIGHUP", async () => {
  const db = join(scratch(), "changing.sqlite");
  copyFileSync(database(), db);
  const looking = await start(["--poll", "0.1"], { db });
  const waiting = await start(["--poll", "0"], { db });
  const [before, first] = [await matched(looking), await generation(waiting)];
  const tag = (await talk(looking, get("/v1/jobs?limit=1"), { answers: 1 })).responses[0].headers.etag;
  addJob(db, "1");
  await until("the new job", async () => (await matched(looking)) === before + 1);
  const after = await talk(looking, get("/v1/jobs?limit=1", `If-None-Match: ${tag}\r\n`), { answers: 1 });
  assert.equal(after.responses[0].status, 200);
  assert.equal(await generation(waiting), first);
  waiting.signal("SIGHUP");
  await until("the new generation", async () => (await generation(waiting)) !== first);
  assert.equal(await matched(waiting), before + 1);
  await Promise.all([looking.stop(), waiting.stop()]);
});

test("a reload that fails keeps the old data, says so once, and recovers", async () => {
  const db = join(scratch(), "broken.sqlite");
  copyFileSync(database(), db);
  const server = await start(["--poll", "0"], { db });
  const before = await matched(server);
  writeFileSync(db, "this is no database");
  for (let i = 1; i <= 3; ++i) {
    server.signal("SIGHUP");
    await until("the attempt", async () => (await metric(server, "jobmap_reload_failures_total")) >= i);
  }
  assert.equal(server.log.filter((l) => l.event === "reload_failed").length, 1);
  assert.equal(await matched(server), before);
  copyFileSync(database(), db);
  server.signal("SIGHUP");
  await until("the reload", async () => (await metric(server, "jobmap_reloads_total")) >= 2);
  assert.equal(await matched(server), before);
  await server.stop();
});

test("data that can't be refreshed for long are served on, and /ready says so", async () => {
  const db = join(scratch(), "lost.sqlite");
  copyFileSync(database(), db);
  const server = await start(["--poll", "0.1", "--degraded-after", "0.5"], { db });
  const ready = async (query = "") => (await talk(server, get(`/ready${query}`), { answers: 1 })).responses[0];
  const status = async () => JSON.parse((await ready()).body).status;
  assert.equal(await status(), "ready");
  renameSync(db, `${db}.away`);
  const lost = Date.now();
  await until("/ready to say degraded", async () => (await status()) === "degraded");
  assert.ok(Date.now() - lost >= 500, "not before its time");
  const [plain, strict] = [await ready(), await ready("?strict=true")];
  assert.deepEqual([plain.status, strict.status], [200, 503]);
  assert.equal(JSON.parse(plain.body).reason, "poll_failed");
  for (const { body } of [plain, strict]) assert.ok(!body.includes("lost.sqlite"), "no paths");
  await until("the age to rise", async () => (await metric(server, "jobmap_data_age_seconds")) > 1);
  assert.ok((await matched(server)) > 0);
  renameSync(`${db}.away`, db);
  await until("/ready to say ready", async () => (await status()) === "ready");
  assert.equal((await ready("?strict=true")).status, 200);
  await until("the age to fall", async () => (await metric(server, "jobmap_data_age_seconds")) < 1);
  await server.stop();
});

test("another database moved over the one being served is noticed, even with an equal number of changes", async () => {
  const directory = scratch();
  const made = (name, jobs) => {
    const path = join(directory, name);
    const done = spawnSync(jobmap, ["sample", "--db", path, "--jobs", String(jobs), "--seed", "1"], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    return path;
  };
  const db = made("live.sqlite", 50);
  const server = await start(["--poll", "0.1"], { db });
  const [number, before] = [await metric(server, "jobmap_data_version"), await matched(server)];
  renameSync(made("new.sqlite", 80), db);
  await until("the other database", async () => (await matched(server)) !== before);
  assert.equal(await metric(server, "jobmap_data_version"), number);
  await server.stop();
});
