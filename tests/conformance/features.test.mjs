// OGC API Features, part 1: its abstract tests, restated. The numbers are those of the standard.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { boxes, fixture, get, ids, pages, sample } from "./world.mjs";

const collections = ["jobs", "stations", "lines", "districts", "service-points", "venture-sites"];
const worlds = {};
before(async () => Object.assign(worlds, { fixture: await fixture(), sample: await sample() }));
after(async () => Promise.all(Object.values(worlds).map((world) => world.stop())));

const link = (body, rel, type) => body.links.find((l) => l.rel === rel && (!type || l.type === type));
const points = (geometry) => {
  const flat = (c) => (typeof c[0] === "number" ? [c] : c.flatMap(flat));
  return geometry ? flat(geometry.coordinates) : [];
};
const inside = ([minx, miny, maxx, maxy]) => ([x, y]) =>
  y >= miny && y <= maxy && (minx <= maxx ? x >= minx && x <= maxx : x >= minx || x <= maxx);

for (const name of ["fixture", "sample"]) {
  describe(`on the ${name}`, () => {
    const ask = (target, headers) => get(worlds[name], target, headers);
    const everything = (id) => pages(worlds[name], `/ogc/collections/${id}/items?limit=10000`);

    test("3-8: landing page, API definition, conformance", async () => {
      for (const path of ["/ogc", "/ogc/"]) {
        const landing = await ask(path);
        assert.equal(landing.status, 200);
        for (const rel of ["self", "alternate", "service-desc", "service-doc", "conformance", "data"]) {
          const found = link(landing.body, rel);
          assert.ok(found?.href && found.type, rel);
          assert.equal((await ask(found.href)).status, 200, found.href);
        }
      }
      const api = await ask("/ogc/api");
      assert.match(api.body.openapi, /^3\.0\.\d$/);
      const { conformsTo } = (await ask("/ogc/conformance")).body;
      for (const part of ["core", "geojson", "html", "oas30"])
        assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${part}`), part);
    });

    test("9-12: collections, and each as the list has it", async () => {
      const { body } = await ask("/ogc/collections");
      assert.ok(link(body, "self") && link(body, "alternate"));
      assert.deepEqual(body.collections.map((c) => c.id), collections);
      for (const c of body.collections) {
        for (const type of ["application/geo+json", "text/html"]) assert.ok(link(c, "items", type), `${c.id} ${type}`);
        assert.deepEqual((await ask(`/ogc/collections/${c.id}`)).body, c);
        const items = await ask(link(c, "items", "application/geo+json").href);
        assert.equal(items.status, 200);
        if (!c.extent.spatial) continue;
        const [[minx, miny, maxx, maxy]] = c.extent.spatial.bbox;
        for (const f of (await everything(c.id)).flatMap((page) => page.features))
          assert.ok(points(f.geometry).every(inside([minx - 1e-7, miny - 1e-7, maxx + 1e-7, maxy + 1e-7])), `${c.id} ${f.id}`);
      }
      assert.equal((await ask("/ogc/collections/nothing")).status, 404);
      assert.equal((await ask("/ogc/collections/nothing/items")).status, 404);
    });

    test("14, 15: a box finds exactly the features that lie in it", async () => {
      const all = (await everything("jobs")).flatMap((page) => page.features);
      const more = [[120.15, 30.24, 120.18, 30.26], [120, 30, 120.2, 30.3], [-180, -90, 180, 90], [120.16, 30.25, 120.16, 30.25]];
      for (const box of [...boxes, ...more]) {
        const expected = all.filter((f) => points(f.geometry).some(inside(box))).map((f) => f.id);
        const [minx, miny, maxx, maxy] = box;
        for (const text of [box.join(), [minx, miny, -10, maxx, maxy, 9000].join()]) {
          const found = ids(await pages(worlds[name], `/ogc/collections/jobs/items?limit=10000&bbox=${text}`));
          assert.deepEqual(found.sort(), expected.slice().sort(), text);
        }
        if (name === "fixture" && boxes.includes(box)) assert.ok(expected.length > 0, `nothing in ${box}`);
      }
      for (const bad of ["1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,nan,4", "0,10,1,5", "", "1e400,2,3,4"])
        assert.equal((await ask(`/ogc/collections/jobs/items?bbox=${bad}`)).status, 400, bad);
    });

    test("16, 17: limit", async () => {
      for (const id of collections) {
        const { body } = await ask(`/ogc/collections/${id}/items?limit=3`);
        assert.ok(body.features.length <= 3);
        assert.equal(body.numberReturned, body.features.length);
        assert.equal((await ask(`/ogc/collections/${id}/items?limit=10001`)).status, 200);
        for (const bad of ["0", "-1", "abc", "1.5", ""])
          assert.equal((await ask(`/ogc/collections/${id}/items?limit=${bad}`)).status, 400, bad);
      }
    });

    test("18, 19: a job's time is its validity; what has none is always there", async () => {
      const all = (await everything("jobs")).flatMap((page) => page.features);
      const spans = { "2026-03-01T00:00:00Z": ["2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"],
        "2026-01-15T00:00:00Z/2026-02-15T00:00:00Z": ["2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z"],
        "../2026-02-01T00:00:00Z": ["", "2026-02-01T00:00:00Z"], "2044-06-01T00:00:00Z/..": ["2044-06-01T00:00:00Z", "9"],
        "2044-06-01T00:00:00Z/": ["2044-06-01T00:00:00Z", "9"], "../..": ["", "9"] };
      for (const [text, [from, until]] of Object.entries(spans)) {
        const expected = all.filter(({ properties: p }) => (p.published_at ?? "") <= until && from <= p.expires_at).map((f) => f.id);
        const found = ids(await pages(worlds[name], `/ogc/collections/jobs/items?limit=10000&datetime=${text}`));
        assert.deepEqual(found.sort(), expected.sort(), text);
        const lines = await ask(`/ogc/collections/lines/items?datetime=${text}`);
        assert.equal(lines.body.numberMatched, (await ask("/ogc/collections/lines/items")).body.numberMatched);
      }
      for (const id of ["jobs", "lines"])
        for (const bad of ["yesterday", "2026-02-30", "2026-03-01T00:00:00Z/2026-02-01T00:00:00Z", ".."])
          assert.equal((await ask(`/ogc/collections/${id}/items?datetime=${bad}`)).status, 400, bad);
    });

    test("20, 21: parameters that are wrong or unknown are refused, by name", async () => {
      for (const path of ["", "/conformance", "/collections", "/collections/jobs", "/collections/jobs/items", "/collections/lines/items", "/tiles"]) {
        const { status, type, body } = await ask(`/ogc${path}?unknown=1`);
        assert.equal(status, 400, path);
        assert.equal(type, "application/problem+json");
        assert.equal(body.parameter, "unknown");
      }
      const { status, body } = await ask("/ogc/collections?f=xml");
      assert.equal(status, 400);
      assert.equal(body.allowed, "json, html");
    });

    test("22-26: what a list says of itself", async () => {
      for (const id of collections) {
        const before = Math.floor(Date.now() / 1000) * 1000;
        const { body, headers, type } = await ask(`/ogc/collections/${id}/items?limit=2`);
        assert.equal(type, "application/geo+json");
        assert.equal(body.type, "FeatureCollection");
        assert.ok(Date.parse(body.timeStamp) >= before && Date.parse(body.timeStamp) <= Date.now() && body.timeStamp.endsWith("Z"));
        assert.match(headers.get("etag"), /^W\/"/);
        assert.ok(link(body, "self", "application/geo+json") && link(body, "alternate", "text/html"));
        assert.equal(!!link(body, "next"), body.numberMatched > 2);
        const again = await ask(`/ogc/collections/${id}/items?limit=2`, { "if-none-match": headers.get("etag") });
        assert.equal(again.status, 304);
      }
    });

    test("the pages of a list are the list, each feature once, and keep the filter", async () => {
      for (const target of ["jobs/items?category=gig", "stations/items?bbox=120,30,120.3,30.4", "jobs/items?sort=-newest"]) {
        const whole = await pages(worlds[name], `/ogc/collections/${target}&limit=10000`);
        const limit = Math.max(1, Math.ceil(whole[0].numberMatched / 7));
        const parts = await pages(worlds[name], `/ogc/collections/${target}&limit=${limit}`);
        assert.deepEqual(ids(parts), ids(whole), target);
        assert.equal(new Set(ids(parts)).size, whole[0].numberMatched);
        if (whole[0].numberMatched > 1) assert.ok(parts.length > 1);
      }
    });

    test("27-29: one feature", async () => {
      for (const id of collections) {
        const [first] = (await ask(`/ogc/collections/${id}/items?limit=1`)).body.features;
        if (!first) continue;
        const one = await ask(`/ogc/collections/${id}/items/${encodeURIComponent(first.id)}`);
        assert.equal(one.status, 200);
        assert.equal(one.type, "application/geo+json");
        for (const rel of ["self", "alternate", "collection"]) assert.equal((await ask(link(one.body, rel).href)).status, 200, rel);
        assert.deepEqual({ ...first }, { type: one.body.type, id: one.body.id, geometry: one.body.geometry, properties: one.body.properties });
        assert.equal((await ask(`/ogc/collections/${id}/items/nobody`)).status, 404);
      }
    });

    test("the last of a repeated parameter wins", async () => {
      const { body } = await ask("/ogc/collections/jobs/items?limit=10000&limit=2&category=gig&limit=1");
      assert.equal(body.numberReturned, 1);
    });
  });
}

test("every page is HTML too: escaped, without script, and allowed what it holds", async () => {
  const { fixture: world } = worlds;
  const { body } = await get(world, "/ogc");
  const html = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
  for (const path of ["/ogc", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/jobs", "/ogc/collections/jobs/items",
    "/ogc/collections/jobs/queryables", "/ogc/tiles", "/ogc/tileMatrixSets/WebMercatorQuad"]) {
    const page = await get(world, path, html);
    assert.equal(page.status, 200);
    assert.equal(page.type, "text/html; charset=utf-8", path);
    assert.doesNotMatch(page.text, /<script|<b>/);
    const style = /<style>(.*?)<\/style>/s.exec(page.text)[1];
    const digest = createHash("sha256").update(style).digest("base64");
    assert.ok(page.headers.get("content-security-policy").includes(`'sha256-${digest}'`));
  }
  assert.match((await get(world, "/ogc/collections/jobs/items?f=html")).text, /Job &lt;b&gt;/);
  assert.equal((await get(world, "/ogc", { accept: "image/png" })).status, 406);
  assert.equal((await get(world, "/ogc", { accept: "text/html;q=0.1, application/json" })).type, "application/json");
  assert.ok(body);
});

test("links repeat no Host but a loopback one", async () => {
  const { talk, get: request } = await import("../e2e/server.mjs");
  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example", "127.0.0.1:80:90"]) {
    const { text } = await talk(worlds.fixture.server, request("/ogc", "Connection: close\r\n").replace("Host: a", `Host: ${host}`));
    assert.doesNotMatch(text, /evil|:80:90/);
  }
});

test("a page kept for one Host is nobody else's", async () => {
  const { talk, get: request } = await import("../e2e/server.mjs");
  const ask = (host) => talk(worlds.fixture.server, request("/ogc/collections", "Connection: close\r\n").replace("Host: a", `Host: ${host}`));
  for (let i = 0; i < 3; ++i) assert.match((await ask("localhost:9999")).text, /localhost:9999/);
  assert.doesNotMatch((await ask("jobs.example")).text, /localhost:9999/);
  assert.match((await ask("127.0.0.1:9998")).text, /127\.0\.0\.1:9998/);
});
