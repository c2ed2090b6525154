// The style of the real server, judged by the validator that MapLibre ships, and its sources by what they give.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";

import { start } from "../e2e/server.mjs";

const base = "https://jobs.example.org";
let server;
before(async () => (server = await start(["--public-base-url", base])));
after(() => server.stop());

const ask = (path) => fetch(`http://127.0.0.1:${server.port}${path}`);

test("the style is valid but for the glyphs, which MapLibre draws itself", async () => {
  const response = await ask("/style.json");
  assert.equal(response.headers.get("content-type"), "application/json");
  const complaints = validateStyleMin(await response.json()).map((c) => c.message);
  assert.deepEqual(complaints.filter((c) => !c.includes('requires a style "glyphs" property')), []);
});

test("each source is there, and has the layers that are drawn from it", async () => {
  const query = "?category=gig&station=longxiangqiao";
  const { sources, layers } = await (await ask(`/style.json${query}`)).json();
  for (const [name, { url }] of Object.entries(sources)) {
    assert.ok(url.startsWith(base), url);
    const tilejson = await (await ask(url.slice(base.length))).json();
    assert.equal(tilejson.tilejson, "3.0.0", url);
    const there = tilejson.vector_layers.map(({ id }) => id);
    for (const layer of layers.filter((l) => l.source === name && l["source-layer"] !== "clusters"))
      assert.ok(there.includes(layer["source-layer"]), layer.id);
    if (name === "jobs") assert.ok(tilejson.tiles[0].includes("category=gig&station=longxiangqiao&v="), tilejson.tiles[0]);
    else assert.ok(!url.includes("?"), url);
  }
});

test("a query that can't be read is refused here too", async () => {
  assert.equal((await ask("/style.json?category=none")).status, 400);
  assert.equal((await ask("/style.json?foo=1")).status, 400);
});
