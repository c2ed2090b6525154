// Limits, each on both sides; each refusal is answered.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, get, start, talk } from "./server.mjs";

let server;
before(async () => (server = await start(["--max-body", "1000", "--linger-timeout", "0.3"])));
after(() => server.stop());

const status = async (bytes) => (await talk(server, bytes)).responses.map((r) => r.status);
const close = "Connection: close\r\n";

test("a target of 8192 bytes is read, of 8193 refused", async () => {
  assert.deepEqual(await status(get(`/${"a".repeat(8191)}`, close)), [404]);
  assert.deepEqual(await status(get(`/${"a".repeat(8192)}`, close)), [414]);
});

test("a target without end is refused when the buffer is full", async () => {
  assert.deepEqual(await status(`GET /${"a".repeat(40_000)}`), [414]);
});

test("fields of 8192 bytes are read, of 8193 refused", async () => {
  // "Host: a", "Connection: close", "X: " and four line ends
  const fields = (size) => `${close}X: ${"b".repeat(size - 9 - close.length - 5 - 2)}\r\n`;
  assert.deepEqual(await status(get("/health", fields(8192))), [200]);
  assert.deepEqual(await status(get("/health", fields(8193))), [431]);
});

test("the longest target and the largest fields are read together", async () => {
  const fields = `${close}X: ${"b".repeat(8192 - 9 - close.length - 5 - 2)}\r\n`;
  assert.deepEqual(await status(get(`/${"a".repeat(8191)}`, fields)), [404]);
});

test("fields without end are refused when the buffer is full", async () => {
  assert.deepEqual(await status(`GET / HTTP/1.1\r\nHost: a\r\nX: ${"b".repeat(40_000)}`), [431]);
});

test("100 fields are read, 101 and 1,500 refused", async () => {
  const fields = (count) => close + "a:b\r\n".repeat(count - 2);
  assert.deepEqual(await status(get("/health", fields(100))), [200]);
  assert.deepEqual(await status(get("/health", fields(101))), [431]);
  assert.deepEqual(await status(get("/health", fields(1500))), [431]);
});

test("a body of 1,000 bytes is read, of 1,001 refused before it is sent", async () => {
  const post = (size) => `POST /health HTTP/1.1\r\nHost: a\r\n${close}Content-Length: ${size}\r\n\r\n`;
  assert.deepEqual(await status(post(1000) + "c".repeat(1000)), [405]);
  assert.deepEqual(await status(post(1001)), [413]);
});

test("a client that expects to be told goes on only when it may", async () => {
  const head = (size) => `POST /v1/siting HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${close}Expect: 100-continue\r\nContent-Length: ${size}\r\n\r\n`;
  assert.deepEqual(await status(head(1001)), [413]);
  const client = connect(server);
  await client.send(head(4));
  await client.answered(1);
  assert.equal(client.text(), "HTTP/1.1 100 Continue\r\n\r\n");
  await client.send("abcd");
  await client.end();
  assert.deepEqual(client.responses().map((r) => r.status), [100, 400]);
});

test("a megabyte behind a refusal doesn't cost the client the answer", async () => {
  assert.deepEqual(await status(`BREW / HTTP/1.1\r\nHost: a\r\n\r\n${"x".repeat(1_000_000)}`), [501]);
});

test("the last request a connection may make is answered with Connection: close", async () => {
  const few = await start(["--max-requests", "3"]);
  const { responses } = await talk(few, get("/health").repeat(5));
  assert.deepEqual(responses.map((r) => [r.status, r.headers.connection]), [[200, undefined], [200, undefined], [200, "close"]]);
  await few.stop();
});

test("a client without tokens is told when to come back, and another is served", async () => {
  const limited = await start(["--rate-limit", "0.1", "--rate-burst", "1", "--trusted-proxies", "127.0.0.1"]);
  const of = (client) => get("/v1/stations?limit=1", `X-Forwarded-For: ${client}\r\n`);
  const { responses } = await talk(limited, of("198.51.100.7").repeat(15) + of("198.51.100.8") + get("/health", close));
  // How many the tokens are enough for depends on how fast the machine is, as it is the time of the work that is charged.
  const first = responses.slice(0, 15).map((r) => r.status);
  const served = first.filter((s) => s === 200).length;
  assert.ok(served >= 1 && served < 15, first.join());
  assert.deepEqual(first, first.map((_, i) => (i < served ? 200 : 429)));
  assert.match(responses[14].headers["retry-after"], /^[1-9]\d*$/);
  assert.deepEqual(responses.slice(15).map((r) => r.status), [200, 200]);
  await limited.stop();
});

test("a host that isn't ours is answered 421, without its name", async () => {
  const named = await start(["--public-base-url", "https://jobs.example.org"]);
  const of = (host) => `GET /tiles/jobs.json HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: evil.example\r\n${close}\r\n`;
  for (const [host, expected] of [["jobs.example.org", 200], ["evil.example", 421], ["127.0.0.1:1", 200]]) {
    const { responses } = await talk(named, of(host));
    assert.equal(responses[0].status, expected, host);
    assert.ok(!responses[0].body.includes("evil"), host);
  }
  await named.stop();
});
