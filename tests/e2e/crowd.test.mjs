// Many clients behind one address, and one of them that means harm: its office goes on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect, get, metric, start, talk, until } from "./server.mjs";

const share = 100;
let server;
before(async () => (server = await start(["--max-connections-per-client", String(share), "--header-timeout", "60", "--idle-timeout", "60", "--body-timeout", "60"])));
after(() => server.stop());

const post = "POST /v1/areas HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
for (const [what, bytes] of [["say nothing", ""], ["are slow with a head", "GET /v1/jobs HTT"], ["are slow with a body", post]])
  test(`those that ask are served beside 400 of their address that ${what}`, async () => {
    const slow = Array.from({ length: 4 * share }, () => connect(server));
    for (const client of slow) if (bytes) client.socket.write(bytes);
    await until("the slow ones to be in", async () => (await metric(server, "jobmap_connections")) >= share / 2);
    for (let i = 0; i < 85; ++i) {
      const { responses } = await talk(server, get("/v1/jobs?limit=1"), { answers: 1 });
      assert.equal(responses[0].status, 200, `the ${i + 1}th of 85`);
    }
    const other = await talk(server, get("/v1/jobs?limit=1"), { answers: 1, from: "127.0.0.2" });
    assert.equal(other.responses[0].status, 200);
    assert.ok((await metric(server, "jobmap_evicted_total")) > 0);
    for (const client of slow) client.socket.destroy();
    await until("them to be gone", async () => (await metric(server, "jobmap_connections")) === 1);
  });

test("a client pays for what its requests cost, and others don't", async () => {
  const limited = await start(["--rate-limit", "10", "--rate-burst", "20"]);
  const ask = (from, path) => talk(limited, get(path), { answers: 1, from }).then(({ responses }) => responses[0]);
  // By default a request costs a tenth of a token at least.
  const light = [];
  for (let i = 0; i < 20; ++i) light.push((await ask("127.0.0.1", "/v1/stations?q=a")).status);
  assert.deepEqual(new Set(light), new Set([200]));
  let refused;
  for (let i = 0; i < 20 && !refused; ++i) {
    const answer = await ask("127.0.0.1", `/v1/coverage?circle_minutes=${10 + i}`);
    if (answer.status === 429) refused = answer;
  }
  assert.ok(refused, "20 heavy ones cost more than there is");
  assert.match(refused.headers["retry-after"], /^\d+$/);
  assert.equal((await ask("127.0.0.1", "/health")).status, 200);
  assert.equal((await ask("127.0.0.2", "/v1/stations?q=a")).status, 200);
  assert.ok((await metric(limited, "jobmap_rate_limited_total")) >= 1);
  await limited.stop();
});
