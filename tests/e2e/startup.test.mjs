// A start that can't succeed: one clear line on standard error, exit 1.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { database, jobmapd, scratch, start } from "./server.mjs";

const directory = scratch();
const run = (args, env = {}) => spawnSync(jobmapd, args, { encoding: "utf8", env: { PATH: process.env.PATH, ...env }, timeout: 60_000 });

function fails(args, reason, env) {
  const { status, stderr } = run(args, env);
  assert.equal(status, 1, stderr);
  assert.match(stderr, /^jobmapd: [^\n]+\n$/);
  assert.match(stderr, reason);
}

const file = (name, bytes) => {
  writeFileSync(join(directory, name), bytes);
  return join(directory, name);
};

test("a database that isn't one", () => {
  fails(["--db", join(directory, "missing.sqlite"), "--port", "0"], /missing\.sqlite/);
  fails(["--db", file("empty.sqlite", ""), "--port", "0"], /empty\.sqlite/);
  fails(["--db", file("text.sqlite", "not a database, ".repeat(1000)), "--port", "0"], /text\.sqlite/);
  fails(["--db", directory, "--port", "0"], /./);
  const cut = join(directory, "cut.sqlite");
  copyFileSync(database(), cut);
  truncateSync(cut, 5000);
  fails(["--db", cut, "--port", "0"], /cut\.sqlite/);
  const torn = readFileSync(database());
  torn.fill(0xa5, 4096, torn.length);
  fails(["--db", file("torn.sqlite", torn), "--port", "0"], /torn\.sqlite/);
});

test("settings that aren't right", () => {
  const db = database();
  fails([], /--db/);
  fails(["--nonsense"], /nonsense/);
  fails(["--db", db, "extra"], /./);
  fails(["--db", db, "--port", "70000"], /port.*70000.*65535/);
  fails(["--db", db, "--port", "x"], /port/);
  fails(["--db", db, "--threads", "0"], /threads/);
  fails(["--db", db, "--header-timeout", "nan"], /header-timeout/);
  fails(["--db", db, "--host", "not-an-address", "--port", "0"], /host/);
  fails(["--db", db, "--web", join(directory, "nowhere"), "--port", "0"], /nowhere/);
  fails(["--db", db, "--public-base-url", "javascript:1"], /public-base-url/);
  fails(["--db", db], /min-rate.*empty/, { JOBMAP_MIN_RATE: "" });
  fails(["--db", db], /JOBMAP_NONSENSE/, { JOBMAP_NONSENSE: "1" });
  fails(["--db", db, "--config", join(directory, "nowhere.conf")], /nowhere\.conf/);
  fails(["--db", db, "--config", file("bad.conf", "nonsense = 1\n")], /nonsense/);
});

test("a port in use", async () => {
  const server = await start();
  fails(["--db", database(), "--port", String(server.port)], new RegExp(`port ${server.port}.*in use`));
  await server.stop();
});

test("--help, --version and --check say what they are for, and 0", () => {
  assert.match(run(["--help"]).stdout, /--header-timeout/);
  assert.match(run(["--version"]).stdout, /^jobmapd \d+\.\d+\.\d+\S*\n.*Boost 1\..*SQLite 3\./s);
  const check = run(["--check", "--db", database()]);
  assert.equal(check.status, 0, check.stderr);
  fails(["--check", "--db", join(directory, "missing.sqlite")], /missing\.sqlite/);
  fails(["--check", "--db", database(), "--host", "not-an-address"], /host/);
  fails(["--check", "--db", database(), "--web", join(directory, "nowhere")], /nowhere/);
});
