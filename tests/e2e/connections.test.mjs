// Tests what may happen to a connection: it may be kept, be filled with requests, be half closed, be torn down.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { connect, descriptors, get, metric, scratch, sleep, start, talk, ticks, until } from "./server.mjs";

const web = join(scratch(), "web");
mkdirSync(web);
writeFileSync(join(web, "index.html"), "<!doctype html><title>map</title>");
writeFileSync(join(web, "large.bin"), Buffer.alloc(30_000_000, "x"));
symlinkSync("/etc/passwd", join(web, "passwd.txt"));
writeFileSync(join(web, "page.js"), "let a = 1;\n".repeat(1000));

let server;
before(async () => (server = await start(["--web", web, "--linger-timeout", "0.3"])));
after(() => server.stop());

const statuses = (list) => list.map((r) => r.status);

const resident = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;

test("ten thousand requests in one write are answered in order, in memory that stays flat", async () => {
  const paths = Array.from({ length: 10_000 }, (_, i) => (i % 3 === 0 ? "/health" : i % 3 === 1 ? `/nope-${i}` : "/v1/jobs?limit=1"));
  const flood = async () => {
    const { text } = await talk(server, paths.map((p) => get(p)).join(""));
    const seen = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((m) => Number(m[1]));
    assert.deepEqual(seen, paths.map((_, i) => (i % 3 === 1 ? 404 : 200)));
  };
  await flood();
  const before = resident();
  await flood();
  if (process.env.SANITIZERS) return; // they keep what was freed
  assert.ok(resident() - before < 8, `from ${before} to ${resident()} MiB`); // the requests alone are 0.5, the answers 20
});

test("light and heavy answers keep their order", async () => {
  const one = get("/v1/jobs?limit=500", "Accept-Encoding: gzip\r\n") + get("/health") + get("/nope");
  const { responses } = await talk(server, one.repeat(20), { answers: 60 });
  assert.deepEqual(statuses(responses), Array.from({ length: 60 }, (_, i) => (i % 3 === 2 ? 404 : 200)));
  for (const r of responses.filter((_, i) => i % 3 === 0)) {
    assert.equal(r.headers["content-encoding"], "gzip");
    assert.ok(JSON.parse(gunzipSync(r.body)).features.length > 0);
  }
});

test("a request may come byte by byte, after an empty line", async () => {
  const client = connect(server);
  client.socket.setNoDelay(true);
  for (const c of `\r\n${get("/health")}`) await client.send(c);
  await client.answered(1);
  await client.send(get("/health"));
  await client.answered(2);
  assert.deepEqual(statuses(client.responses()), [200, 200]);
  client.socket.destroy();
});

test("Connection: close and HTTP/1.0 end the connection, keep-alive keeps it", async () => {
  assert.equal((await talk(server, get("/health", "Connection: close\r\n"))).responses[0].headers.connection, "close");
  assert.equal((await talk(server, "GET /health HTTP/1.0\r\n\r\n")).responses.length, 1);
  const kept = "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  const { responses } = await talk(server, kept + kept, { answers: 2 });
  assert.equal(responses[0].headers.connection, "keep-alive");
});

test("list fields in several lines are one list", async () => {
  const one = async (fields) => (await talk(server, get("/v1/stations", fields), { answers: 1 })).responses[0];
  const tag = (await one("")).headers.etag;
  assert.equal((await one(`If-None-Match: "x"\r\nIf-None-Match: ${tag}\r\n`)).status, 304);
  assert.equal((await one("Accept-Encoding: deflate\r\nAccept-Encoding: gzip\r\n")).headers["content-encoding"], "gzip");
  assert.equal((await one("Accept: image/png\r\nAccept: application/geo+json\r\n")).status, 200);
});

test("HEAD has the head of GET and no body", async () => {
  const { text } = await talk(server, `HEAD /v1/stations HTTP/1.1\r\nHost: a\r\n\r\n${get("/health", "Connection: close\r\n")}`);
  const [head, rest] = text.split(/(?<=\r\n\r\n)/, 2);
  const { responses } = await talk(server, get("/v1/stations"), { answers: 1 });
  const fields = (t) => t.split("\r\n").filter((l) => l && !l.startsWith("Date:")).sort();
  assert.ok(Number(/Content-Length: (\d+)/.exec(head)[1]) > 1000);
  assert.equal(Number(/Content-Length: (\d+)/.exec(head)[1]), responses[0].body.length);
  assert.match(rest, /^HTTP\/1\.1 200 /);
  assert.ok(fields(head).some((l) => l === `ETag: ${responses[0].headers.etag}`));
});

test("a tag gives 304 without a body, and the codings are one text under two tags", async () => {
  const ask = async (fields) => (await talk(server, get("/v1/stations", fields), { answers: 1 })).responses[0];
  const plain = await ask("");
  const packed = await ask("Accept-Encoding: br;q=0.5, gzip;q=0.8\r\n");
  assert.equal(packed.headers["content-encoding"], "gzip");
  const smaller = await ask("Accept-Encoding: gzip, br\r\n");
  assert.equal(smaller.headers["content-encoding"], "br");
  assert.deepEqual(brotliDecompressSync(smaller.body), plain.body);
  assert.equal((await ask("Accept-Encoding: identity;q=0, deflate\r\n")).status, 406);
  assert.notEqual(packed.headers.etag, plain.headers.etag);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  for (const r of [plain, packed]) assert.equal(r.headers.vary, "Accept, Accept-Encoding");
  const same = await ask(`If-None-Match: "x", W/${plain.headers.etag}\r\n`);
  assert.equal(same.status, 304);
  assert.equal(same.headers.etag, plain.headers.etag);
  assert.equal(same.headers["content-length"], undefined);
  assert.equal((await ask(`If-None-Match: ${packed.headers.etag}\r\n`)).status, 200);
});

test("static files are packed, tagged and fenced in", async () => {
  const ask = async (path, fields = "") => (await talk(server, get(path, fields), { answers: 1 })).responses[0];
  const page = await ask("/");
  assert.equal(page.status, 200);
  assert.match(page.headers["content-security-policy"], /default-src 'self'.*worker-src 'self' blob:.*frame-ancestors 'none'/);
  assert.doesNotMatch(page.headers["content-security-policy"], /unsafe/);
  assert.equal(page.headers["x-content-type-options"], "nosniff");
  assert.equal(page.headers["referrer-policy"], "no-referrer");
  const script = await ask("/page.js", "Accept-Encoding: gzip\r\n");
  assert.equal(script.headers["content-encoding"], "gzip");
  assert.deepEqual(gunzipSync(script.body), (await ask("/page.js")).body);
  assert.equal((await ask("/page.js", `If-None-Match: ${script.headers.etag}\r\nAccept-Encoding: gzip\r\n`)).status, 304);
  const attempts = ["..", "%2e%2e", ".%2e", "..%2f", "..%5c", "%252e%252e", "..;", "....//", "%c0%ae%c0%ae", "..%00", "%u002e%u002e", ".", "x/../..",
    "%2E%2E%2f", "%2e%2e%5c", "..%255c", "..%c0%af", "..%e0%80%af", "..%ef%bc%8f", "\uff0e\uff0e", "..%09", "..%20", "..%0d%0a", "..%2500", "/..", "//..",
    "%5c..", "..\\..", "..%3f", "..%23", "...", "%f0%80%80%ae%f0%80%80%ae", "~", "file:%2f%2f", "..::$DATA", "C:", "index.html%00/..", "index.html/..", "%2e%2e;a=b"];
  for (const up of attempts.map((a) => Buffer.from(a, "utf8").toString("latin1")))
    for (const name of ["etc/passwd", "../etc/passwd", "sample.sqlite", "../../proc/self/environ"]) {
      const { status, body } = await ask(`/${up}/${name}`);
      assert.ok(status === 404 || status === 400, `${up}/${name}: ${status}`);
      assert.doesNotMatch(body.toString(), /root:|SQLite/);
    }
  assert.equal((await ask("/passwd.txt")).status, 404, "a link that leads out");
});

test("OPTIONS, an absolute target and a browser's preflight", async () => {
  const ask = async (bytes) => (await talk(server, bytes, { answers: 1 })).responses[0];
  assert.equal((await ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")).headers.allow, "GET, HEAD, OPTIONS");
  assert.equal((await ask("GET http://b.example/health HTTP/1.1\r\nHost: a\r\n\r\n")).status, 200);
  const preflight = await ask("OPTIONS /v1/jobs HTTP/1.1\r\nHost: a\r\nOrigin: https://b.example\r\nAccess-Control-Request-Method: GET\r\n\r\n");
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers["access-control-allow-origin"], "*");
  assert.equal((await ask(get("/v1/jobs?limit=0"))).headers["access-control-allow-origin"], "*");
});

test("a client that has closed its half still gets its answer", async () => {
  const client = connect(server);
  client.socket.end(get("/v1/stations") + get("/health"));
  await client.end();
  assert.deepEqual(statuses(client.responses()), [200, 200]);
});

test("Node's own client, kept alive, and its answers equal to raw ones", async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path) => new Promise((done, fail) => {
    http.get({ host: "127.0.0.1", port: server.port, path, agent }, (r) => {
      const parts = [];
      r.on("data", (d) => parts.push(d)).on("end", () => done(Buffer.concat(parts)));
    }).on("error", fail);
  });
  const raw = (await talk(server, get("/v1/stations"), { answers: 1 })).responses[0].body;
  for (let i = 0; i < 20; ++i) assert.deepEqual(await ask("/v1/stations"), raw);
  agent.destroy();
});

test("connections torn down in mid answer leave nothing behind", async () => {
  const base = descriptors(server);
  for (let i = 0; i < 40; ++i) {
    const client = connect(server);
    await client.send(get("/large.bin"));
    await until("the first bytes", () => client.data.length > 0);
    client.socket.resetAndDestroy ? client.socket.resetAndDestroy() : client.socket.destroy();
  }
  for (let i = 0; i < 40; ++i) {
    const client = connect(server);
    await client.send("GET /health HTT");
    client.socket.destroy();
  }
  await until("the descriptors to be back", () => descriptors(server) <= base);
  await until("the connections to be back", async () => (await metric(server, "jobmap_connections")) <= 1);
  assert.equal(await metric(server, "jobmap_in_flight"), 1);
});

test("above the cap nobody is lost and nothing spins", async () => {
  const small = await start(["--max-connections", "20", "--idle-timeout", "60", "--header-timeout", "60"]);
  const kept = connect(small);
  await kept.send(get("/health"));
  await kept.answered(1);
  const crowd = Array.from({ length: 60 }, () => connect(small));
  await sleep(300);
  const before = ticks(small);
  await sleep(1000);
  assert.ok(ticks(small) - before < 30, "a third of a core for nothing");
  await kept.send(get("/health"));
  await kept.answered(2);
  for (const client of crowd) client.socket.destroy();
  assert.equal((await talk(small, get("/health"), { answers: 1 })).responses[0].status, 200);
  await small.stop();
});

// UBSan's check of a virtual call needs a descriptor to look at the object, and ends the program without one.
const skip = process.env.SANITIZERS?.includes("undefined") && "not under UBSan";
test("out of descriptors: who is connected is served, nothing spins, and it passes", { skip }, async () => {
  const limited = await start(["--max-connections", "32", "--idle-timeout", "60", "--header-timeout", "60"], {
    command: "/bin/sh",
    before: ["-c", 'ulimit -S -n 64; program="$0"; exec "$program" "$@"', process.env.JOBMAPD],
  });
  const kept = connect(limited);
  await kept.send(get("/health"));
  await kept.answered(1);
  const { spawnSync } = await import("node:child_process");
  const low = spawnSync("prlimit", ["--pid", String(limited.pid), `--nofile=${descriptors(limited) + 4}:`]);
  assert.equal(low.status, 0, "prlimit (util-linux)");
  const crowd = Array.from({ length: 12 }, () => connect(limited));
  await limited.event("accept_failed");
  const before = ticks(limited);
  await sleep(1000);
  assert.ok(ticks(limited) - before < 30, "a third of a core for nothing");
  await kept.send(get("/health"));
  await kept.answered(2);
  assert.equal(limited.log.filter((l) => l.event === "accept_failed").length, 1);
  for (const client of crowd) client.socket.destroy();
  assert.equal((await talk(limited, get("/health"), { answers: 1 })).responses[0].status, 200);
  await limited.stop();
});
