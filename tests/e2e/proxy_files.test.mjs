// jobmapd behind nginx and behind haproxy, over TLS, by the files that the package brings as examples.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { test } from "node:test";

import { nginx } from "./nginx.mjs";
import { askTls, behindProxy, haproxy, haproxyByExample, nginxByExample, publicName } from "./proxies.mjs";
import { start, until } from "./server.mjs";

const kinds = [["nginx", nginx, nginxByExample], ["haproxy", haproxy, haproxyByExample]];
const json = ({ body }) => JSON.parse(body);

async function behind(byExample, args, use) {
  const server = await start([...behindProxy, ...args]);
  let proxy;
  try {
    proxy = await byExample(server.port);
    await use(proxy, server);
  } finally {
    await Promise.all([proxy?.stop(), server.stop()]);
  }
}

async function links(proxy) {
  const base = `https://${publicName}/`;
  const tiles = json(await askTls(proxy, "/tiles/jobs.json")).tiles;
  assert.ok(tiles.length > 0 && tiles.every((url) => url.startsWith(base)), tiles);
  assert.deepEqual(json(await askTls(proxy, "/openapi.json")).servers.map(({ url }) => url.replace(/\/?$/, "/")), [base]);
  const { links } = json(await askTls(proxy, "/v1/jobs?limit=1"));
  assert.ok(links.length > 0 && links.every(({ href }) => href.startsWith(base)), JSON.stringify(links));
  const next = new URL(links.find(({ rel }) => rel === "next").href);
  assert.equal((await askTls(proxy, next.pathname + next.search)).status, 200);
}

async function tags(proxy) {
  const [template] = json(await askTls(proxy, "/tiles/jobs.json")).tiles;
  const tile = new URL(template.replace("{z}", 10).replace("{x}", 853).replace("{y}", 421));
  const seen = new Set();
  for (const path of ["/v1/jobs?limit=20", "/tiles/jobs/10/853/421.mvt", tile.pathname + tile.search])
    for (const coding of ["identity", "gzip", "br", "zstd"]) {
      // Asked twice, as the first answer may have gone into a cache.
      for (let round = 0; round < 2; ++round) {
        const asked = { "accept-encoding": coding };
        const whole = await askTls(proxy, path, asked);
        assert.equal(whole.status, 200);
        assert.equal(whole.headers["content-encoding"] ?? "identity", coding, path);
        assert.match(whole.headers.vary, /Accept-Encoding/);
        assert.match(whole.headers.etag, /^"[^"]+"$/);
        seen.add(`${path} ${coding} ${whole.headers.etag}`);
        const same = await askTls(proxy, path, { ...asked, "if-none-match": whole.headers.etag });
        assert.equal(same.status, 304, `${path} ${coding}`);
        assert.equal(same.headers.etag, whole.headers.etag);
        assert.equal(same.body.length, 0);
        assert.equal((await askTls(proxy, path, { ...asked, "if-none-match": '"other"' })).status, 200);
      }
    }
  const different = new Set([...seen].map((one) => one.split(" ").filter((_, i) => i !== 1).join(" ")));
  assert.equal(different.size, 12, "each coding of each answer has its own tag");
}

async function edges(proxy, server) {
  // jobmapd decodes a path, so every spelling must stay inside.
  for (const path of ["/metrics", "/%6detrics", "/%6Detric%73"])
    assert.equal((await askTls(proxy, path)).status, 404, path);
  const plain = (port, path, host) => new Promise((done, fail) =>
    request({ host: "127.0.0.1", port, path, headers: { host }, agent: false }, (answer) => done(answer.resume())).on("error", fail).end());
  assert.equal((await plain(server.port, "/metrics", "127.0.0.1")).statusCode, 200);
  // It is for jobmapd to say what it thinks of a body, and not for the proxy.
  const body = Buffer.alloc(4 * 1024 * 1024, " ");
  const posted = await askTls(proxy, "/v1/areas", { "content-type": "application/geo+json", "content-length": body.length }, { method: "POST", body });
  assert.match(posted.headers["content-type"], /problem\+json/, String(posted.status));
  const redirected = await plain(proxy.plain, "/v1/jobs?limit=1", publicName);
  assert.equal(redirected.statusCode, 301);
  assert.equal(redirected.headers.location, `https://${publicName}/v1/jobs?limit=1`);
}

async function clients(proxy, server) {
  const greedy = { from: "127.0.0.2" };
  const lie = { "x-forwarded-for": "192.0.2.7" };
  assert.equal((await askTls(proxy, "/v1/jobs?limit=1", lie, greedy)).status, 200);
  const logged = await until("the request in the log", () => server.log.find(({ target }) => target === "/v1/jobs?limit=1"));
  assert.equal(logged.client, "127.0.0.2");
  // A token comes back a second, and each answer takes a tenth at least: so many at once are too many for one client.
  await until("a refusal", async () => {
    const many = Array.from({ length: 50 }, (_, i) =>
      askTls(proxy, `/v1/jobs?limit=${i + 1}`, { "x-forwarded-for": `192.0.2.${i}` }, greedy));
    return (await Promise.all(many)).some(({ status }) => status === 429);
  });
  assert.equal((await askTls(proxy, "/v1/jobs?limit=1", {}, { from: "127.0.0.3" })).status, 200, "another client has its own share");
}

for (const [name, program, byExample] of kinds) {
  const options = { skip: program ? false : `no ${name}` };
  if (!program) console.log(`skipped: no ${name}`);
  test(name, options, (t) => behind(byExample, [], async (proxy, server) => {
    await t.test("links are the public's", () => links(proxy));
    await t.test("an ETag comes through, and 304", () => tags(proxy));
    await t.test("metrics stay inside, a large body passes, and http leads to https", () => edges(proxy, server));
  }));
  test(`${name}: the log and the limit know the client, whatever it says`, options, () =>
    behind(byExample, ["--access-log", "--rate-limit", "1", "--rate-burst", "3"], clients));
}

// A server that says of itself that it isn't ready, for as long as is wanted, and counts what it is asked.
async function standIn() {
  const seen = { ready: false, checks: 0, asked: 0 };
  const server = createServer((asked, answer) => {
    if (asked.url === "/ready") {
      ++seen.checks;
      answer.writeHead(seen.ready ? 200 : 503).end();
    } else {
      ++seen.asked;
      answer.writeHead(200).end();
    }
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.on("listening", done));
  return Object.assign(seen, { port: server.address().port, stop: () => (server.close(), server.closeAllConnections?.()) });
}

test("haproxy asks nothing of a server that isn't ready", { skip: haproxy ? false : "no haproxy" }, async () => {
  const server = await start([...behindProxy, "--access-log"]);
  const other = await standIn();
  let proxy;
  const ask = () => askTls(proxy, "/v1/jobs?limit=1");
  try {
    proxy = await haproxyByExample(server.port, other.port);
    // Two checks that fail take it out. haproxy starts with all servers in service.
    await until("the other server to be checked", () => other.checks >= 3);
    const before = other.asked;
    for (let i = 0; i < 20; ++i) assert.equal(json(await ask()).numberReturned, 1);
    assert.equal(other.asked, before);
    other.ready = true;
    await until("the other server to be asked", async () => (await ask()).status === 200 && other.asked > before);
    // jobmapd goes: its connections are refused, those of clients aren't.
    assert.equal((await server.stop()).code, 0);
    for (let i = 0; i < 20; ++i) assert.equal((await ask()).status, 200);
    other.ready = false;
    await until("haproxy to have no server", async () => (await ask()).status === 503);
  } finally {
    await proxy?.stop();
    other.stop();
    await server.stop();
  }
});
