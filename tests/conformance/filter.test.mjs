// OGC API Features, part 3: queryables, and filters in CQL2 text, on jobs and on the city's features alike.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { get, ids, pages, sample } from "./world.mjs";

let world;
before(async () => (world = await sample()));
after(() => world.stop());

const uri = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const items = (id, question) => `/ogc/collections/${id}/items?limit=10000&${new URLSearchParams(question)}`;
const all = async (id) => (await pages(world, items(id, {}))).flatMap((page) => page.features);

test("what a collection can be asked by is a schema of its features' properties", async () => {
  for (const id of ["jobs", "stations", "lines", "districts", "service-points", "venture-sites"]) {
    const { status, type, body } = await get(world, `/ogc/collections/${id}/queryables`);
    assert.equal(status, 200);
    assert.equal(type, "application/schema+json");
    assert.equal(body.additionalProperties, false);
    for (const name of Object.keys(body.properties).filter((n) => body.properties[n].type === "string" && !body.properties[n].format)) {
      const filter = `${name} IS NULL OR ${name} <> 'x'`; // each is known to the filter
      if (!body.properties[name].enum) assert.equal((await get(world, items(id, { limit: 1, filter }))).status, 200, `${id} ${name}`);
    }
  }
});

test("a filter finds what a loop over the features finds", async () => {
  const table = {
    jobs: {
      "pay_min>8000 AND category IN ('full_time')": (p) => p.pay_min > 8000 && p.category === "full_time",
      "NOT (category = 'gig') AND openings BETWEEN 2 AND 5": (p) => p.category !== "gig" && p.openings >= 2 && p.openings <= 5,
      "education IS NULL": (p) => !p.education,
      "district = '330106' OR settlement = 'day'": (p) => p.district === "330106" || p.settlement === "day",
    },
    stations: { "name LIKE '龙%'": (p) => p.name.startsWith("龙"), "initials = 'lxq' OR id = 'jianglinglu'": (p) => p.initials === "lxq" || p.id === "jianglinglu" },
    lines: { "id IN ('1','2')": (p) => ["1", "2"].includes(p.id) },
    districts: { "name <> '西湖区'": (p) => p.name !== "西湖区" },
  };
  for (const [id, filters] of Object.entries(table))
    for (const [filter, passes] of Object.entries(filters)) {
      const expected = (await all(id)).filter((f) => passes(f.properties)).map((f) => f.id).sort();
      const found = ids(await pages(world, items(id, { filter, "filter-lang": "cql2-text" }))).sort();
      assert.ok(expected.length > 0, filter);
      assert.deepEqual(found, expected, filter);
    }
});

test("coordinates in a filter go by the order of axes of filter-crs", async () => {
  for (const id of ["jobs", "stations"]) {
    const expected = ids(await pages(world, items(id, { bbox: "120.1,30.2,120.2,30.3" }))).sort();
    assert.ok(expected.length > 0);
    for (const question of [{ filter: "S_INTERSECTS(geometry, BBOX(120.1,30.2,120.2,30.3))" },
      { filter: "S_INTERSECTS(geometry, BBOX(30.2,120.1,30.3,120.2))", "filter-crs": uri(4326) },
      { filter: "S_INTERSECTS(geometry, BBOX(120.1,30.2,120.2,30.3))", crs: uri(4326) }]) // the answer's system is another matter
      assert.deepEqual(ids(await pages(world, items(id, question))).sort(), expected, JSON.stringify(question));
  }
});

test("lines and districts are found by where they are", async () => {
  const box = "120.15,30.24,120.18,30.26";
  for (const id of ["lines", "districts"]) {
    const met = ids(await pages(world, items(id, { bbox: box }))).sort();
    assert.ok(met.length > 0 && met.length < (await all(id)).length);
    assert.deepEqual(ids(await pages(world, items(id, { filter: `S_INTERSECTS(geometry, BBOX(${box}))` }))).sort(), met);
    assert.deepEqual(ids(await pages(world, items(id, { filter: "S_INTERSECTS(geometry, BBOX(30.24,120.15,30.26,120.18))", "filter-crs": uri(4326) }))).sort(), met);
    const { body } = await get(world, `/ogc/collections/${id}/queryables`);
    assert.match(body.properties.geometry.format, /^geometry-multi/);
    const { status, body: problem } = await get(world, items(id, { filter: "S_WITHIN(geometry, POLYGON((120 30,121 31,121 30,120 31,120 30)))" }));
    assert.equal(status, 400);
    assert.equal(problem.parameter, "filter");
    assert.match(problem.detail, /Self-intersection/);
  }
  const station = (await all("stations"))[0];
  const point = `S_INTERSECTS(geometry, POINT(${station.geometry.coordinates.join(" ")}))`;
  assert.equal(ids(await pages(world, items("districts", { filter: point }))).length, 1);
  assert.equal(ids(await pages(world, items("districts", { filter: "S_WITHIN(geometry, BBOX(100,20,140,40)) AND name = '西湖区'" }))).length, 1);
});

test("a filter that can't be read is refused by name and place", async () => {
  for (const id of ["jobs", "stations"])
    for (const [filter, parameter] of [["name = ", "filter"], ["no_such = 1", "filter"], ["(((", "filter"]]) {
      const { status, body } = await get(world, items(id, { filter }));
      assert.equal(status, 400);
      assert.equal(body.parameter, parameter);
      assert.match(body.detail, /character \d+/);
    }
  assert.equal((await get(world, items("jobs", { filter: "openings > 1", "filter-lang": "cql2-json" }))).body.parameter, "filter-lang");
  assert.equal((await get(world, items("lines", { filter: "id = '1'", "filter-crs": "EPSG:1" }))).body.parameter, "filter-crs");
});
