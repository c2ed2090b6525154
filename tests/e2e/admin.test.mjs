// The operator's own address: metrics there, and nowhere else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { database, get, jobmapd, scratch, start, talk } from "./server.mjs";

const ask = (socketPath, path, method = "GET") => new Promise((done, fail) => {
  http.request({ host: "127.0.0.1", socketPath, path, method }, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("error", fail);
    response.on("end", () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }));
  }).on("error", fail).end();
});

test("over a Unix socket", async () => {
  const path = join(scratch(), "admin");
  for (let again = 0; again < 2; ++again) {
    const server = await start(["--admin", path]);
    assert.equal(statSync(path).mode & 0o777, 0o660);
    const metrics = await ask(path, "/metrics");
    assert.equal(metrics.status, 200);
    assert.match(metrics.body, /^jobmap_ready 1$/m);
    assert.equal(metrics.headers["access-control-allow-origin"], undefined);
    assert.equal((await ask(path, "/health")).status, 200);
    assert.equal((await ask(path, "/ready")).status, 200);
    for (const other of ["/", "/v1/jobs", "/nothing"]) assert.equal((await ask(path, other)).status, 404, other);
    const [answer] = (await talk(server, get("/metrics"), { answers: 1 })).responses;
    assert.equal(answer.status, 404, "and no longer on the public address");
    assert.equal((await talk(server, get("/ready"), { answers: 1 })).responses[0].status, 200);
    // Killed, it leaves its socket behind, which is in nobody's way.
    if (again === 0) {
      server.signal("SIGKILL");
      await server.ended;
      assert.ok(existsSync(path));
    } else {
      assert.deepEqual(await server.stop(), { code: 0, signal: null });
      assert.ok(!existsSync(path));
    }
  }
});

test("a socket that a newer server has put in its place stays", async () => {
  const path = join(scratch(), "admin");
  const older = await start(["--admin", path]);
  const newer = await start(["--admin", path]);
  assert.equal((await older.stop()).code, 0);
  assert.equal((await ask(path, "/ready")).status, 200);
  await newer.stop();
  assert.ok(!existsSync(path));
});

test("a file in its place is left alone, and what is no address is refused", () => {
  const path = join(scratch(), "file");
  writeFileSync(path, "mine");
  for (const [admin, why] of [[path, /can't listen on the admin socket/], ["9090", /bad setting admin: "9090"/], ["localhost:9090", /bad setting admin/]]) {
    const { status, stderr } = spawnSync(jobmapd, ["--db", database(), "--port", "0", "--admin", admin], { encoding: "utf8", timeout: 60_000 });
    assert.equal(status, 1);
    assert.match(stderr, why);
  }
  assert.ok(existsSync(path));
});
