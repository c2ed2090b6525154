// A real nginx, by the package's own file, between clients and jobmapd: whatever was asked for before, in whichever coding
// and format, and of whichever data, nobody gets another's body.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { nginx } from "./nginx.mjs";
import { askTls, behindProxy, nginxByExample, publicName } from "./proxies.mjs";
import { database, jobmap, scratch, start, until } from "./server.mjs";

const ask = (port, path, headers) => new Promise((done, fail) => {
  request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("error", fail);
    response.on("end", () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
  }).on("error", fail).end();
});

const said = ({ status, headers, body }) => ({
  status, type: headers["content-type"], coding: headers["content-encoding"], tag: headers.etag, vary: headers.vary, body: body.toString("base64"),
});

// The last is a tile as TileJSON names it, with its generation, which may be kept without asking again.
async function questions(port) {
  const [template] = JSON.parse((await ask(port, "/tiles/jobs.json", {})).body).tiles;
  const tile = new URL(template.replace("{z}", 10).replace("{x}", 853).replace("{y}", 421), "http://a");
  const all = [];
  for (const [path, accept] of [["/v1/jobs?limit=20", "application/geo+json"], ["/v1/jobs?limit=20", "application/x-protobuf"],
    ["/style.json", "*/*"], ["/tiles/jobs/10/853/421.mvt", "*/*"], [tile.pathname + tile.search, "*/*"]])
    for (const coding of ["identity", "gzip", "br", "zstd", "gzip"]) all.push([path, { accept, "accept-encoding": coding }]);
  return all;
}

test("nobody gets another's format, coding or data out of nginx's cache", { skip: nginx ? false : "no nginx" }, async () => {
  if (!nginx) return console.log("skipped: no nginx");
  const db = join(scratch(), "changing.sqlite");
  copyFileSync(database(), db);
  const server = await start(["--poll", "0", ...behindProxy], { db });
  const proxy = await nginxByExample(server.port);
  try {
    const seen = new Map(); // how nginx came by it
    const version = async () => (await ask(server.port, "/tiles/jobs.json", {})).body.toString();
    const pass = async () => {
      const asked = await questions(server.port);
      for (let round = 0; round < 3; ++round, asked.reverse())
        for (const [path, headers] of asked) {
          const direct = await ask(server.port, path, { ...headers, host: publicName });
          const cached = await askTls(proxy, path, headers);
          assert.equal(direct.status, 200, path);
          assert.deepEqual(said(cached), said(direct), `${path} ${JSON.stringify(headers)} ${cached.headers["x-cache"]}`);
          seen.set(cached.headers["x-cache"], (seen.get(cached.headers["x-cache"]) ?? 0) + 1);
        }
    };
    // Each minute is a version of its own. A pass a minute begins in may have asked either side of it, so it is made again.
    const compare = async () => {
      for (;;) {
        const begun = await version();
        const failure = await pass().then(() => undefined, (error) => error);
        if (begun === await version()) {
          if (failure) throw failure;
          return;
        }
      }
    };
    const total = async () => JSON.parse((await ask(server.port, "/v1/jobs?limit=1", {})).body).numberMatched;
    await compare();
    const before = await total();
    assert.ok(before > 0);
    const csv = join(scratch(), "one.csv");
    writeFileSync(csv, "id,source,title,employer,category,openings,lon,lat,precision,expires_at\n" +
      "1,test,Cook,Inn,gig,1,120.16,30.25,exact,2099-01-01T00:00:00+08:00\n");
    const done = spawnSync(jobmap, ["import", "--db", db, "--layer", "jobs", "--datum", "wgs84", csv], { encoding: "utf8" });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    server.signal("SIGHUP");
    await until("the new data", async () => await total() === before + 1);
    await compare();
    assert.ok(seen.get("HIT") > 0, `nginx kept something: ${JSON.stringify([...seen])}`);
  } finally {
    await Promise.all([proxy.stop(), server.stop()]);
  }
});
