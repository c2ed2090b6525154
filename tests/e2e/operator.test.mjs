// An operator makes a backup of a served database, runs a demo, and serves a file that can't be written.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { database, done, get, jobmap, jobmapd, run, scratch, start, talk } from "./server.mjs";

const directory = scratch();
const total = async (server) => JSON.parse((await talk(server, get("/v1/jobs?limit=1", "Connection: close\r\n"))).responses[0].body).numberMatched;

test("a backup of a served database answers as that does, and replaces nothing", async () => {
  const db = join(directory, "served.sqlite"), to = join(directory, "backup.sqlite");
  copyFileSync(database(), db);
  const server = await start([], { db });
  assert.match(done("backup", "--db", db, "--to", to), /300 jobs, generation \d+, \d+ bytes/);
  assert.deepEqual(readdirSync(directory).filter((name) => name.startsWith("backup")), ["backup.sqlite"]);
  const restored = await start([], { db: to });
  assert.equal(await total(restored), await total(server));
  await restored.stop();
  await server.stop();
  const size = statSync(to).size;
  const again = run("backup", "--db", db, "--to", to);
  assert.equal(again.status, 2);
  assert.match(again.stderr, /exists already/);
  assert.equal(statSync(to).size, size);
  for (const args of [["--db", db], ["--to", to], ["--db", join(directory, "none"), "--to", join(directory, "b")]])
    assert.equal(run("backup", ...args).status, 2);
  assert.equal(existsSync(join(directory, "b")), false);
});

test("a demo serves a sample, says where, and leaves nothing", async () => {
  const TMPDIR = join(directory, "tmp");
  mkdirSync(TMPDIR);
  const child = spawn(jobmap, ["demo", "--jobs", "300", "--port", "0"], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR } });
  const ended = new Promise((over) => child.on("close", (code) => over(code)));
  let url;
  for await (const line of createInterface({ input: child.stdout })) if ((url = /^open (http:\S+)/.exec(line)?.[1])) break;
  const list = await (await fetch(`${url}v1/jobs?limit=1`)).json();
  assert.ok(list.numberMatched > 0);
  assert.equal(readdirSync(TMPDIR).length, 1);
  child.kill("SIGTERM");
  assert.equal(await ended, 0);
  assert.deepEqual(readdirSync(TMPDIR), []);
});

// As packaged: another account owns the data, and this one may write nothing beside them.
test("a database that can't be written is served, by an account that owns nothing", { skip: process.getuid() ? "needs root" : false }, async () => {
  const folder = join(directory, "readonly"), db = join(folder, "a.sqlite");
  mkdirSync(folder);
  copyFileSync(database(), db);
  for (const path of [directory, folder, db]) chmodSync(path, 0o555);
  const nobody = { uid: 65534, gid: 65534 };
  try {
    const reaches = spawnSync("/bin/sh", ["-c", `[ -x "${jobmapd}" ] && [ -r "${db}" ]`], nobody);
    if (reaches.status !== 0) return console.log("skipped: nobody can't reach the build");
    const server = await start([], { db, account: nobody });
    assert.ok((await total(server)) > 0);
    assert.deepEqual(readdirSync(folder), ["a.sqlite"]);
    await server.stop();
  } finally {
    chmodSync(directory, 0o700);
  }
});
