// Beyond part 3 of OGC API Features: parameters named as properties, orders, chosen properties, questions in a body, schemas,
// and links that a client appends to.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { get, ids, pages, sample } from "./world.mjs";

let world;
before(async () => (world = await sample()));
after(() => world.stop());

const items = (id, question) => `/ogc/collections/${id}/items?${new URLSearchParams(question)}`;
const matched = async (question, id = "jobs") => {
  const { status, body } = await get(world, items(id, { ...question, resultType: "hits" }));
  assert.equal(status, 200, JSON.stringify([question, body]));
  assert.deepEqual([body.numberReturned, body.features], [0, []]);
  return body.numberMatched;
};
const post = async (path, body, type = "application/json") => {
  const response = await fetch(`${world.url}${path}`, { method: "POST", headers: { "content-type": type }, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
};

test("a property as a parameter means equality; the job query's meanings have names of their own", async () => {
  for (const [question, filter] of [
    [{ education: "bachelor" }, "education = 'bachelor'"], [{ education: "bachelor,master" }, "education IN ('bachelor','master')"],
    [{ precision: "address" }, "precision = 'address'"], [{ occupation: "2-02" }, "occupation = '2-02'"],
    [{ category: "gig,internship" }, "category IN ('gig','internship')"], [{ district: "330106,330105" }, "district IN ('330106','330105')"],
    [{ industry: "I,J" }, "industry IN ('I','J')"], [{ pay_unit: "hour" }, "pay_unit = 'hour'"],
    [{ education: "bachelor", category: "gig", openings: "2" }, "education = 'bachelor' AND category = 'gig' AND openings = 2"],
    [{ education: "none", filter: "openings > 2 OR months = 3" }, "education = 'none' AND (openings > 2 OR months = 3)"],
    [{ precision_at_least: "address" }, "precision IN ('exact','address')"], [{ occupation_prefix: "2-02" }, "occupation LIKE '2-02%'"],
    [{ in_district: "西湖区" }, "district = '330106'"]])
    assert.equal(await matched(question), await matched({ filter }), JSON.stringify(question));
  const at_most = await matched({ education_at_most: "bachelor" });
  assert.equal(at_most, (await get(world, "/v1/jobs?education=bachelor&limit=1")).body.numberMatched);
  assert.ok(at_most > (await matched({ education: "bachelor" })));
  // Near a place, as ever.
  assert.equal(await matched({ education: "bachelor", station: "龙翔桥", radius: "3000" }),
    (await get(world, `/v1/jobs?limit=1&station=龙翔桥&radius=3000&filter=${encodeURIComponent("education = 'bachelor'")}`)).body.numberMatched);
});

test("what can't be meant is refused by name", async () => {
  for (const [question, parameter, allowed] of [
    [{ education: "bachelors" }, "education", /bachelor/], [{ openings: "many" }, "openings", /number/], [{ published_at: "soon" }, "published_at", /2026/],
    [{ district: "西湖区" }, "district", /330106.*in_district/], [{ title: "" }, "title", /./], [{ sortby: "nothing" }, "sortby", /published_at/],
    [{ sortby: "title", sort: "newest" }, "sort", /sortby/], [{ properties: "nothing" }, "properties", /title/], [{ resultType: "all" }, "resultType", /hits/]]) {
    const { status, body } = await get(world, items("jobs", question));
    assert.equal(status, 400, JSON.stringify(question));
    assert.equal(body.parameter, parameter);
    assert.match(body.allowed, allowed, parameter);
  }
  for (const [first, second] of [["education", "education_at_most"], ["precision", "precision_at_least"], ["occupation", "occupation_prefix"], ["district", "in_district"]]) {
    const value = { education: "none", precision: "exact", occupation: "2", district: "330106" }[first];
    const once = await get(world, `/v1/jobs?limit=1&${first}=${value}`), other = await get(world, `/v1/jobs?limit=1&${second}=${value}`);
    assert.equal(other.status, 200);
    assert.equal(other.body.numberMatched, once.body.numberMatched, "/v1 takes both names");
    assert.deepEqual(other.body.links, once.body.links);
    assert.equal((await get(world, `/v1/jobs?${first}=${value}&${second}=${value}`)).status, 400);
  }
});

test("tiles and items of one question have the same jobs", async () => {
  const { VectorTile } = await import("@mapbox/vector-tile");
  const { default: Pbf } = await import("pbf");
  for (const question of [{ education: "bachelor" }, { openings: "3", category: "gig" }, { precision: "exact", filter: "pay_min > 5000" }]) {
    const response = await fetch(`${world.url}/ogc/collections/jobs/tiles/WebMercatorQuad/0/0/0?${new URLSearchParams(question)}`);
    assert.equal(response.status, 200);
    const tile = new VectorTile(new Pbf(new Uint8Array(await response.arrayBuffer())));
    let ads = 0;
    for (const layer of Object.values(tile.layers))
      for (let i = 0; i < layer.length; ++i) ads += layer.feature(i).properties.ads;
    assert.equal(ads, (await get(world, items("jobs", { ...question, limit: "1" }))).body.located, JSON.stringify(question));
  }
});

const compare = (a, b) => (a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : a < b ? -1 : 1);

test("sortby orders every page of a list, and what has no value comes last", async () => {
  for (const [id, sortby] of [["jobs", "pay_min,-published_at"], ["jobs", "-stipend,+id"], ["jobs", "openings,employer,-expires_at"], ["stations", "-initials,name"], ["service-points", "capacity"]]) {
    const keys = sortby.split(",").map((key) => ({ name: key.replace(/^[+-]/, ""), sign: key.startsWith("-") ? -1 : 1 }));
    const lists = await pages(world, items(id, { sortby, limit: id === "jobs" ? "100" : "50", ...(id === "jobs" ? { category: "internship" } : {}) }));
    assert.ok(lists.length > 1, id);
    const features = lists.flatMap((list) => list.features);
    const value = (f, name) => (name === "id" ? f.id : f.properties[name]);
    const bytes = (text) => (typeof text === "string" ? Buffer.from(text).toString("latin1") : text);
    const expected = [...features].sort((a, b) => {
      for (const { name, sign } of keys) {
        const x = bytes(value(a, name)), y = bytes(value(b, name));
        if (x !== y) return x === undefined || y === undefined ? compare(x, y) : sign * compare(x, y);
      }
      return compare(a.id, b.id);
    });
    assert.deepEqual(features.map((f) => f.id), expected.map((f) => f.id), sortby);
    assert.equal(new Set(features.map((f) => f.id)).size, lists[0].numberMatched);
  }
});

test("properties gives these and no others", async () => {
  for (const [id, properties] of [["jobs", "title,category"], ["stations", "name,lines"], ["lines", "id"]]) {
    const { body } = await get(world, items(id, { properties, limit: "5" }));
    for (const f of body.features) {
      assert.deepEqual(Object.keys(f.properties).sort(), properties.split(",").sort());
      assert.ok(f.id && "geometry" in f);
    }
  }
  assert.deepEqual((await get(world, items("districts", { properties: "geometry", limit: "1" }))).body.features[0].properties, {});
});

test("a question may be a body: a form, an object of parameters, or an expression", async () => {
  const filter = { op: "and", args: [{ op: "=", args: [{ property: "category" }, "gig"] }, { op: ">", args: [{ property: "openings" }, 2] }] };
  const expected = await get(world, items("jobs", { filter: "category = 'gig' AND openings > 2", sortby: "-openings", limit: "5" }));
  const path = "/ogc/collections/jobs/search";
  for (const [target, body, type] of [
    [path, { filter, sortby: ["-openings"], limit: 5 }], [path, { filter, sortby: [{ field: "openings", direction: "desc" }], limit: 5 }],
    [path, { filter: "category = 'gig' AND openings > 2", sortby: "-openings", limit: "5" }],
    [`${path}?sortby=-openings&limit=5`, filter], [`${path}?sortby=-openings&limit=5`, filter, "application/query-cql-json"],
    [path, `${new URLSearchParams({ filter: JSON.stringify(filter), sortby: "-openings", limit: "5" })}`, "application/x-www-form-urlencoded"]]) {
    const { status, body: found } = await post(target, body, type);
    assert.equal(status, 200, JSON.stringify(found));
    assert.equal(found.numberMatched, expected.body.numberMatched);
    assert.deepEqual(ids(found), ids(expected.body));
  }
  const box = [120.1, 30.2, 120.2, 30.3];
  assert.deepEqual(ids((await post("/ogc/collections/stations/search", { bbox: box })).body), ids((await get(world, items("stations", { bbox: box.join() }))).body));
  for (const [body, status, type] of [["{", 400], ["[]", 400], [{ limit: {} }, 400], [{ unknown: 1 }, 400], [{ filter: { op: "=" } }, 400], [{ ...filter, bbox: [120.1, 30.2, 120.2, 30.3], limit: 5 }, 400], [{ title: "a\0b" }, 400],
    [{ properties: ["a,b"] }, 400], [{ type: "Feature", properties: {}, geometry: null }, 415, "application/geo+json"], ["x".repeat(300_000), 413]])
    assert.equal((await post("/ogc/collections/jobs/search", body, type)).status, status, JSON.stringify(body).slice(0, 80));
  assert.equal((await post("/ogc/collections/jobs/search?limit=2", { limit: 3 })).body.parameter, "limit");
  assert.equal((await post("/ogc/collections/nothing/search", {})).status, 404);
});

test("a question that no target could hold is paged by its own links", async () => {
  const all = (await pages(world, items("jobs", { limit: "10000", properties: "title" }))).flatMap((page) => page.features);
  const wanted = all.slice(0, 1000).map((f) => f.id);
  const filter = { op: "in", args: [{ property: "id" }, wanted] };
  const found = [];
  for (let { body } = await post("/ogc/collections/jobs/search", { filter, limit: 400 }); ; ) {
    assert.equal(body.numberMatched, wanted.length);
    found.push(...ids(body));
    const next = body.links.find((l) => l.rel === "next");
    if (!next) break;
    assert.equal(next.method, "POST");
    const response = await fetch(next.href, { method: next.method, headers: next.headers, body: JSON.stringify(next.body) });
    assert.equal(response.status, 200);
    body = await response.json();
  }
  assert.deepEqual(found.sort(), [...wanted].sort());
});

test("links that a client appends to bear no query", async () => {
  const links = [];
  for (const path of ["/ogc", "/ogc/collections", "/ogc/collections/jobs", "/ogc/collections/lines", "/ogc/tiles", "/ogc/collections/jobs/tiles"]) {
    const { body } = await get(world, path);
    links.push(...body.links, ...(body.collections ?? body.tilesets ?? []).flatMap((c) => c.links));
  }
  const below = links.filter((l) => ["data", "items", "collection", "self"].includes(l.rel) || /tilesets|tiling-scheme/.test(l.rel)).filter((l) => !l.type.includes("html"));
  assert.ok(below.length > 20);
  for (const { href } of below) assert.ok(!href.includes("?"), href);
  const { href } = below.find((l) => l.rel === "items" && l.href.includes("/jobs/"));
  const [first] = (await get(world, href)).body.features;
  assert.equal((await get(world, `${href}/${first.id}`)).body.id, first.id);
});

test("schemas say of each property what its values are", async () => {
  for (const id of ["jobs", "stations", "districts", "service-points"]) {
    const collection = (await get(world, `/ogc/collections/${id}`)).body;
    const schema = async (rel) => {
      const link = collection.links.find((l) => l.rel === rel);
      assert.equal(link.type, "application/schema+json", rel);
      return (await get(world, link.href)).body;
    };
    const ogc = "http://www.opengis.net/def/rel/ogc/1.0/";
    const [queryables, sortables, whole, geojson] = await Promise.all([`${ogc}queryables`, `${ogc}sortables`, `${ogc}schema`, "describedby"].map(schema));
    for (const name of Object.keys(sortables.properties)) assert.ok(queryables.properties[name], name);
    assert.equal(queryables.properties.geometry["x-ogc-role"], "primary-geometry");
    const { body } = await get(world, items(id, { limit: "200" }));
    for (const f of body.features)
      for (const [name, value] of Object.entries(f.properties)) {
        const said = geojson.properties.properties.properties[name];
        if (said) assert.equal(typeof value, said.type === "string" ? "string" : "number", name);
        if (said?.enum) assert.ok(said.enum.includes(value), name);
        if (said?.type === "integer") assert.ok(Number.isInteger(value), name);
      }
    if (id !== "jobs") continue;
    assert.equal(whole.properties.published_at["x-ogc-role"], "primary-interval-start");
    assert.equal(whole.properties.expires_at["x-ogc-role"], "primary-interval-end");
    for (const name of Object.keys(queryables.properties).filter((n) => n !== "geometry"))
      assert.equal((await get(world, items("jobs", { limit: "1", sortby: name }))).status, sortables.properties[name] ? 200 : 400, name);
  }
});

test("conformance declares what a client needs to know before it leaves a filter to the server", async () => {
  const { conformsTo } = (await get(world, "/ogc/conformance")).body;
  for (const name of ["ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/cql2-json", "cql2/1.0/conf/basic-cql2", "cql2/1.0/conf/advanced-comparison-operators",
    "cql2/1.0/conf/case-insensitive-comparison", "cql2/1.0/conf/basic-spatial-functions"])
    assert.ok(conformsTo.includes(`http://www.opengis.net/spec/${name}`), name);
  // As QGIS writes them.
  for (const filter of [`("pay_min" >= 5000)`, `("title" LIKE '%工程师%')`, `(CASEI("title") LIKE CASEI('%JAVA%'))`, `("stipend" IS NULL)`, `("stipend" IS NOT NULL)`,
    `("published_at" >= TIMESTAMP('2026-01-01T00:00:00.000Z'))`, `(NOT ("category" IN ('gig','internship')))`, `("openings" BETWEEN 2 AND 3)`, `S_INTERSECTS(geometry,BBOX(120.1,30.2,120.2,30.3))`])
    await matched({ filter, "filter-lang": "cql2-text" });
  assert.equal((await get(world, items("jobs", { datetime: "0000-01-01T00:00:00Z/9999-12-31T00:00:00Z", limit: "1" }))).body.numberMatched, await matched({}));
});
