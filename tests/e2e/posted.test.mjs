// Queries in the body of a POST: what is too long for a URL is answered like any other, page by page, and costs its client
// what it takes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ask } from "./ask.mjs";
import { database, start } from "./server.mjs";

let server;
before(async () => (server = await start([], { db: database(2000) })));
after(() => server.stop());

const json = "application/json", form = "application/x-www-form-urlencoded";
const post = (port, path, type, body) =>
  ask(port, path, { "content-type": type, "content-length": Buffer.byteLength(body) }, { method: "POST", body });
const long = (count) => `id IN (${Array.from({ length: count }, (_, i) => `'synthetic:${i}'`).join(",")})`;

test("a query too long for a URL is answered by POST, and a body beyond its limit is refused", async () => {
  const filter = long(2000);
  assert.ok(filter.length > 16_000);
  const asJson = await post(server.port, "/v1/jobs/search", json, JSON.stringify({ filter, limit: 10 }));
  const asForm = await post(server.port, "/v1/jobs/search", form, new URLSearchParams({ filter, limit: "10" }).toString());
  assert.equal(asJson.status, 200, asJson.text.slice(0, 500));
  assert.equal(asForm.text, asJson.text);
  assert.equal(asJson.headers["cache-control"], "no-store");
  assert.ok(asJson.json().numberMatched > 0);
  const facets = await post(server.port, "/v1/facets", json, JSON.stringify({ filter, by: ["category"] }));
  assert.equal(facets.json().numberMatched, asJson.json().numberMatched);
  assert.equal((await ask(server.port, `/v1/jobs?filter=${encodeURIComponent(filter)}`)).status, 414);
  const large = await post(server.port, "/v1/jobs/search", json, JSON.stringify({ q: "x".repeat(70_000) }));
  assert.equal(large.status, 413);
  assert.match(large.json().allowed, /up to 65536 bytes/);
  const bad = await post(server.port, "/v1/jobs/search", json, '{"category":"gig","category":"full_time"}');
  assert.equal(bad.status, 400);
  assert.equal(bad.json().parameter, "category");
  // These are for whoever adds jobs.
  const added = await post(server.port, "/v1/jobs", json, "{}");
  assert.deepEqual([added.status, added.headers.allow], [405, "GET, HEAD, OPTIONS"]);
  assert.equal((await ask(server.port, "/v1/jobs/search")).headers.allow, "POST, OPTIONS");
});

// Each answers the same as its GET, and all pages of a list are found by what its links say to post.
test("whatever may be posted answers as its GET does", async () => {
  const asked = { station: "龙翔桥", radius: 3000, category: ["gig", "full_time"] };
  const query = "station=%E9%BE%99%E7%BF%94%E6%A1%A5&radius=3000&category=gig,full_time";
  const { id } = (await ask(server.port, `/v1/jobs?${query}&limit=1`)).json().features[0];
  for (const path of [`/v1/jobs/${id}/explain`, "/v1/facets?by=district,pay&pay_unit=month&multi=true", "/tiles/jobs/12/3415/1686.mvt"]) {
    const got = await ask(server.port, `${path}${path.includes("?") ? "&" : "?"}${query}`);
    const posted = await post(server.port, path, json, JSON.stringify(asked));
    assert.equal(got.status, 200, path);
    assert.deepEqual([posted.status, posted.text, posted.headers["content-type"]], [got.status, got.text, got.headers["content-type"]], path);
  }
  const all = (await ask(server.port, `/v1/jobs?${query}&limit=1000`)).json().features.map((job) => job.id);
  const found = [];
  for (let body = { ...asked, limit: 7 }; body; ) {
    const { features, links } = (await post(server.port, "/v1/jobs/search", json, JSON.stringify(body))).json();
    found.push(...features.map((job) => job.id));
    body = links.find(({ rel }) => rel === "next")?.body;
  }
  assert.ok(all.length > 14);
  assert.deepEqual(found, all);
});

test("no POST is answered 304, nor from what a GET was answered", async () => {
  for (const headers of [{ "if-none-match": "*" }, {}]) {
    const { status, text } = await ask(server.port, "/v1/facets", { ...headers, "content-type": json, "content-length": 17 }, { method: "POST", body: '{"by":"category"}' });
    assert.equal(status, 200);
    assert.ok(text.length > 0);
  }
});

test("what it takes to read a long query is charged to its client", async () => {
  const small = await start(["--rate-limit", "1", "--rate-burst", "30"]);
  try {
    const body = JSON.stringify({ filter: `${long(3400)} AND` }); // wrong at its very end
    let refused = 0;
    for (let status; status !== 429; ++refused) {
      ({ status } = await post(small.port, "/v1/jobs/search", json, body));
      assert.ok(status === 400 || status === 429, String(status));
    }
    assert.ok(refused < 100, `${refused} of the 300 that requests of the least cost would have been`);
  } finally {
    await small.stop();
  }
});
