// Slow clients are let go: slow heads, slow bodies, slow readers and idle ones. The deadlines are short here.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect, get, metric, scratch, sleep, start, talk, until } from "./server.mjs";

const web = join(scratch(), "web");
mkdirSync(web);
writeFileSync(join(web, "large.bin"), Buffer.alloc(40_000_000, "x"));

let server;
before(async () => {
  const short = ["header-timeout", "idle-timeout", "transfer-grace", "linger-timeout"].flatMap((n) => [`--${n}`, "0.4"]);
  server = await start(["--web", web, ...short, "--min-rate", "100000"]);
});
after(() => server.stop());

const statuses = (client) => client.responses().map((r) => r.status);

// Sends a byte every 20 ms until the server closes or the test is over.
async function trickle(client, bytes) {
  for (const c of bytes) {
    if (client.closed) return;
    await client.send(c);
    await sleep(20);
  }
}

test("a head that doesn't end gets 408, however steadily it trickles", async () => {
  const silent = connect(server);
  await silent.send("GET /health HTTP/1.1\r\nHost:");
  const steady = connect(server);
  await trickle(steady, get("/health", `X: ${"a".repeat(2000)}\r\n`));
  await silent.end();
  await steady.end();
  assert.deepEqual(statuses(silent), [408]);
  assert.deepEqual(statuses(steady), [408]);
});

test("a second request's head has a deadline of its own", async () => {
  const client = connect(server);
  await client.send(get("/health"));
  await client.answered(1);
  await client.send("GET");
  await client.end();
  assert.deepEqual(statuses(client), [200, 408]);
});

test("a body below the rate gets 408", async () => {
  const silent = connect(server);
  const steady = connect(server);
  const head = "POST /v1/siting HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n";
  await silent.send(head);
  await steady.send(head);
  await trickle(steady, "b".repeat(5000));
  await silent.end();
  await steady.end();
  assert.deepEqual(statuses(silent), [408]);
  assert.deepEqual(statuses(steady), [408]);
});

test("an idle connection, and one that never spoke, are closed without a word", async () => {
  const mute = connect(server);
  const idle = connect(server);
  await idle.send(get("/health"));
  await idle.answered(1);
  await mute.end();
  await idle.end();
  assert.equal(mute.text(), "");
  assert.deepEqual(statuses(idle), [200]);
});

test("empty lines, whole or in halves, don't keep a connection", async () => {
  const fresh = connect(server);
  const kept = connect(server);
  const halves = connect(server);
  for (const client of [kept, halves]) {
    await client.send(get("/health"));
    await client.answered(1);
  }
  const lines = "\r\n".repeat(200);
  await Promise.all([trickle(fresh, lines.match(/../gs)), trickle(kept, lines.match(/../gs)), trickle(halves, lines)]);
  assert.ok(fresh.closed && kept.closed && halves.closed);
  assert.deepEqual([fresh, kept, halves].map(statuses), [[], [200], [200]]);
});

test("a reader that stops is let go", async () => {
  const client = connect(server);
  await client.send(get("/large.bin"));
  await until("the first bytes", () => client.data.length > 0);
  client.socket.pause();
  await until("the connection to be gone", async () => (await metric(server, "jobmap_connections")) === 1);
  assert.equal(await metric(server, "jobmap_in_flight"), 1);
  client.socket.destroy();
});

test("a reader that keeps reading gets all of a large answer", async () => {
  const socket = net.connect({ port: server.port, host: "127.0.0.1" });
  socket.write(get("/large.bin", "Connection: close\r\n"));
  let bytes = 0;
  for await (const data of socket) bytes += data.length;
  assert.ok(bytes > 40_000_000);
});

test("a thousand held heads leave the server to the others", async () => {
  const held = Array.from({ length: 1000 }, () => connect(server));
  for (const client of held) client.socket.write("GET / HT");
  assert.equal((await talk(server, get("/health"), { answers: 1 })).responses[0].status, 200);
  await Promise.all(held.map((client) => client.end()));
  for (const client of held) client.socket.destroy();
  await until("the connections to be gone", async () => (await metric(server, "jobmap_connections")) === 1);
});
