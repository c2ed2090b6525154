// /openapi.json and /ogc/api of the real server: linted by Spectral, compared with the parameters the endpoints read, and
// Prism between a client and the server, which refuses any answer the document doesn't describe.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { database, scratch, start, until } from "../e2e/server.mjs";

const tool = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;
const directory = scratch();
let server, url, whole, ogc, files;
before(async () => {
  server = await start([], { db: database(2000) });
  url = `http://127.0.0.1:${server.port}`;
  whole = await (await fetch(`${url}/openapi.json`)).json();
  ogc = await (await fetch(`${url}/ogc/api`)).json();
  files = { whole: join(directory, "openapi.json"), rules: join(directory, "spectral.json"), ogc: join(directory, "ogc.json") };
  writeFileSync(files.whole, JSON.stringify(whole));
  writeFileSync(files.ogc, JSON.stringify(ogc));
  writeFileSync(files.rules, JSON.stringify({ extends: ["spectral:oas"] }));
});
after(() => server.stop());

test("Spectral has nothing to say of either document", () => {
  const lint = spawnSync(tool("spectral"), ["lint", "--fail-severity=hint", "--ruleset", files.rules, files.whole, files.ogc],
    { encoding: "utf8" });
  assert.equal(lint.status, 0, lint.stdout + lint.stderr);
});

test("the API definition has the media type that OGC API asks for, to the letter", async () => {
  const type = "application/vnd.oai.openapi+json;version=3.0";
  assert.equal((await fetch(`${url}/ogc/api`)).headers.get("content-type"), type);
  const { links } = await (await fetch(`${url}/ogc`)).json();
  assert.equal(links.find((l) => l.rel === "service-desc").type, type);
});

// Every object in a document, with the way to it.
function* objects(value, at = "#") {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [at, value];
  for (const [key, item] of Object.entries(value)) yield* objects(item, `${at}/${key}`);
}

// OpenAPI 3.0.3 gives `nullable` a meaning only beside a `type` in the same object.
test("in both documents a schema that is nullable has a type", () => {
  for (const [name, document] of Object.entries({ whole, ogc })) {
    const nullable = [...objects(document)].filter(([, o]) => o.nullable !== undefined && typeof o.nullable !== "object");
    assert.ok(nullable.length > 0, name);
    assert.deepEqual(nullable.filter(([, o]) => typeof o.type !== "string").map(([at]) => at), [], name);
  }
});

// The official suite of OGC API Features reads these of `limit`, `datetime` and `bbox`.
test("in both documents every parameter says its style and whether it explodes", () => {
  for (const [name, document] of Object.entries({ whole, ogc })) {
    const parameters = [...objects(document)].filter(([, o]) => typeof o.in === "string" && typeof o.name === "string");
    assert.ok(parameters.length > 60, name);
    const wrong = parameters.filter(([, o]) => o.style !== { query: "form", path: "simple" }[o.in] || o.explode !== false);
    assert.deepEqual(wrong.map(([at]) => at), [], name);
  }
});

const resolved = (p) => (p.$ref ? p.$ref.slice(2).split("/").reduce((at, key) => at[key], whole) : p);
const example = {
  id: "synthetic:1", layer: "stations", z: "12", x: "3415", y: "1684", collectionId: "stations", featureId: "longxiangqiao",
  tileMatrixSetId: "WebMercatorQuad", tileMatrix: "12", tileRow: "1684", tileCol: "3415",
};
const filled = (path) => path.replaceAll(/\{(\w+)\}/g, (_, name) => example[name]);
const own = ["/basemap.json", "/health", "/metrics"]; // read no parameters

test("each path documents the parameters its endpoint reads, and no others", async () => {
  for (const [path, { get }] of Object.entries(whole.paths)) {
    if (own.includes(path) || !get) continue;
    const needed = (get.parameters ?? []).map(resolved).filter((p) => p.in === "query" && p.required);
    const given = needed.map((p) => `&${p.name}=${p.example}`).join("");
    const response = await fetch(`${url}${filled(path)}?no_such_parameter=1${given}`);
    assert.equal(response.status, 400, path);
    const problem = await response.json();
    assert.equal(problem.parameter, "no_such_parameter", path);
    const read = new Set(problem.allowed ? problem.allowed.split(", ") : []);
    let documented = (get.parameters ?? []).map(resolved).filter((p) => p.in === "query").map((p) => p.name);
    if (path === "/ogc/collections/{collectionId}/items") // each collection reads the properties it has
      documented = documented.filter((name) => !["color", "adcode", "kind", "address", "hours", "capacity", "source"].includes(name));
    assert.deepEqual([...read].sort(), [...new Set(documented)].sort(), path);
  }
});

const questions = {
  "/v1/jobs": ["", "?station=龙翔桥&radius=800&category=gig&sort=distance&limit=5", "?near=120.16,30.25&circle=service&limit=20",
    "?category=internship,gig&district=西湖区&limit=300", "?bbox=118,29,121,31&crs=gcj02&limit=2", "?limit=2&fields=title,pay_min",
    "?reach=120.16,30.25;120.2,30.2&minutes=60;50&mode=metro&limit=20", "?datetime=2026-11-01T00:00:00Z/..&limit=1",
    "?near=1,2,3", "?limit=0", "?f=xml", "?unknown=1", "?category=gigs"],
  "/v1/facets": ["?by=category,district,station,line,education,experience,industry,precision,posted",
    "?by=pay,category&pay_unit=month&pay_min=8000&multi=true", "?by=pay", "", "?by=minutes", "?by=category&multi=perhaps"],
  "/v1/stations": ["", "?q=longx", "?bbox=120,30,120.2,30.3&crs=EPSG:3857", "?limit=3"],
  "/v1/coverage": ["", "?by=district,category&of=area,ads,openings,population&gaps=true", "?report=circles", "?by=planet",
    "?by=district&of=openings&gaps=true&report=circles&f=json"],
  "/ready": ["", "?strict=true", "?strict=perhaps"],
  "/v1/suggest": ["?q=longx", "?q=工程", "?q="],
  "/v1/isochrone": ["", "?from=120.16,30.25&minutes=5,10,15", "?from=120.16,30.25&minutes=30&mode=metro&crs=gcj02", "?from=1,2&minutes=0"],
  "/tiles/jobs/{z}/{x}/{y}.mvt": ["", "?category=gig"],
  "/ogc/collections/jobs/items": ["", "?bbox=120.15,30.24,120.18,30.26", "?limit=3&f=html", "?category=gig&limit=1000",
    "?crs=http://www.opengis.net/def/crs/EPSG/0/4549&limit=3", "?limit=0", "?bbox=1,2,3", "?datetime=yesterday"],
  "/ogc/collections/{collectionId}/items": ["", "?filter=name LIKE '龙%'", "?bbox=120.15,30.24,120.18,30.26", "?limit=3", "?name=龙翔桥", "?kind=a"],
};

test("Prism, in front of the server, finds no answer outside the document", async () => {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  const prism = spawn(tool("prism"), ["proxy", files.whole, url, "--errors", "--validate-request=false", "-h", "127.0.0.1", "-p", String(port)],
    { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [prism.stdout, prism.stderr]) stream.on("data", (data) => (said += data));
  try {
    await until("Prism to listen", () => said.includes("is listening"), 60_000);
    let asked = 0;
    const ask = async (target, body) => {
      const sent = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
      const response = await fetch(`http://127.0.0.1:${port}${target}`, sent);
      const text = await response.text();
      assert.ok(!response.headers.has("sl-violations") && response.status < 500, `${target}: ${response.status}\n${response.headers.get("sl-violations")}\n${text.slice(0, 2000)}`);
      ++asked;
    };
    const posted = await fetch(`${url}/v1/areas`, {
      method: "POST", headers: { "content-type": "application/json" },
      body: '{"type":"Polygon","coordinates":[[[120.1,30.2],[120.2,30.2],[120.2,30.3],[120.1,30.2]]]}' });
    await ask(posted.headers.get("location"));
    await ask("/v1/areas/nobody");
    const [job] = (await (await fetch(`${url}/v1/jobs?limit=1`)).json()).features;
    example.id = encodeURIComponent(job.id);
    for (const path of Object.keys(whole.paths).filter((p) => whole.paths[p].get))
      for (const question of questions[path] ?? [""]) await ask(filled(path) + encodeURI(question));
    for (const collection of ["jobs", "lines", "districts", "service-points", "venture-sites"]) {
      await ask(`/ogc/collections/${collection}`);
      for (const schema of ["queryables", "sortables", "schema", "geojson-schema"]) await ask(`/ogc/collections/${collection}/${schema}`);
      await ask(`/ogc/collections/${collection}/items?limit=10`);
    }
    const [point] = (await (await fetch(`${url}/v1/service-points?limit=1`)).json()).features;
    for (const of of [undefined, ["area", "ads", "openings", "population"]]) {
      await ask("/v1/coverage", { add: [[120.1, 30.2], [120.3, 30.3]], remove: [point.id], of });
      await ask("/v1/coverage", { remove: [point.id], circle_minutes: 30, of });
    }
    await ask("/v1/coverage", { add: [] });
    await ask("/ogc/collections/jobs/search", { filter: { op: "=", args: [{ property: "category" }, "gig"] }, sortby: ["-pay_min"], limit: 3 });
    await ask("/ogc/collections/stations/search", { op: "like", args: [{ property: "name" }, "龙%"] });
    await ask("/ogc/collections/jobs/search", { limit: 0 });
    await ask("/v1/siting", { sites: 3 });
    await ask("/v1/siting", { sites: 1, of: "ads", candidates: [[120.1, 30.2], [120.3, 30.3]] });
    await ask("/v1/siting", { sites: 0 });
    for (const missing of ["/v1/jobs/nobody:1", "/tiles/stations/23/0/0.mvt", "/ogc/collections/nothing", "/ogc/collections/jobs/items/nobody:1"])
      await ask(missing);
    assert.ok(asked > 60);
  } finally {
    prism.kill();
  }
});
