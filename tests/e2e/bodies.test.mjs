// Bodies that come slowly, or not at all: what they hold is bounded in all and for each client, and what can't be taken is
// refused before it is sent.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { connect, get, rounds, start, talk, until } from "./server.mjs";

const MiB = 1 << 20;
let server;
before(async () => (server = await start(["--max-unread-mb", "16", "--max-unread-client-mb", "4", "--linger-timeout", "0.3", "--body-timeout", "60"])));
after(() => server.stop());

const resident = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1024;
const post = (path, length, type = "application/json", fields = "") =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${fields}\r\n`;
const area = JSON.stringify({ type: "Polygon", coordinates: [[[120.1, 30.2], [120.2, 30.2], [120.2, 30.3], [120.1, 30.2]]] });

test("what a route doesn't take is refused before a byte of it is read", async () => {
  const cases = [
    [post("/v1/siting", MiB + 1), 413],
    [post("/v1/areas", 4 * MiB, "application/geo+json"), 413],
    [post("/v1/coverage", 10, "text/plain"), 415],
    [post("/v1/siting", 10, "application/geo+json"), 415],
    [post("/v1/lines", 10), 405],
    [post("/v1/lines", 10, "application/json", "Expect: 100-continue\r\n"), 405],
    [post("/v1/facets", 10, "application/geo+json"), 415],
    [post("/v1/facets", 64 * 1024 + 1), 413],
    [`GET /v1/jobs HTTP/1.1\r\nHost: a\r\nContent-Length: ${MiB}\r\n\r\n`, 413],
  ];
  for (const [head, status] of cases) {
    const { responses } = await talk(server, head);
    assert.deepEqual(responses.map((r) => r.status), [status], head);
  }
});

test("a body of a GET has no meaning, as before", async () => {
  const { responses } = await talk(server, "GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345" + get("/health"), { answers: 2 });
  assert.deepEqual(responses.map((r) => r.status), [200, 200]);
});

test("100-continue is said to whom the body will be read of", async () => {
  const client = connect(server);
  await client.send(post("/v1/areas", area.length, "application/json", "Expect: 100-continue\r\n"));
  await until("the server to want it", () => client.text().startsWith("HTTP/1.1 100 Continue\r\n\r\n"));
  await client.send(area);
  await until("the answer", () => client.text().includes("HTTP/1.1 201 "));
  client.socket.destroy();
});

test("bodies that never end hold what their client may hold, and others are served", async () => {
  const before = resident();
  const length = MiB;
  const part = Buffer.alloc(length - 1024, " ");
  const crowd = Array.from({ length: 150 * rounds }, (_, i) => connect(server, { from: `127.0.0.${2 + (i % 3)}` }));
  await Promise.all(crowd.map(async (client) => {
    client.socket.on("error", () => {});
    await client.send(post("/v1/areas", length));
    client.socket.write(part);
  }));
  const refused = () => crowd.filter((c) => c.text().startsWith("HTTP/1.1 503 "));
  await until("all to be refused but what three clients may hold", () => refused().length >= crowd.length - 3 * 6);
  for (const c of refused()) assert.match(c.text(), /\r\nRetry-After: \d+\r\n/);
  if (!process.env.SANITIZERS) assert.ok(resident() - before < 48, `from ${before} to ${resident()} MiB`);
  const { responses } = await talk(server, post("/v1/areas", area.length) + area, { answers: 1 });
  assert.equal(responses[0].status, 201, "another client posts");
  assert.equal((await talk(server, get("/health"), { answers: 1 })).responses[0].status, 200);
  for (const client of crowd) client.socket.destroy();
  await until("their room to be free again", async () => {
    const large = JSON.stringify({ type: "Polygon", coordinates: JSON.parse(area).coordinates, bbox: Array(100_000).fill(0) });
    const { responses: [response] } = await talk(server, post("/v1/areas", large.length) + large, { answers: 1, from: "127.0.0.2" });
    return response.status !== 503;
  });
});
