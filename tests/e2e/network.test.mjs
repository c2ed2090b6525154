// The service circle along a street network: two towns of streets with a river between them and no bridge, one
// service point, jobs and residents on both sides. What it can't be asked, and what it can't be fed.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { done, run, scratch, start } from "./server.mjs";

const directory = scratch();
const file = (name, content) => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};

// Fifteen streets each way, some 100 m apart, from a corner; ids from `first`.
function town(first, lon, lat) {
  let nodes = "", ways = "";
  const id = (x, y) => first + 15 * y + x;
  const way = (number, ids) => {
    ways += `<way id="${number}">${ids.map((n) => `<nd ref="${n}"/>`).join("")}<tag k="highway" v="residential"/></way>`;
  };
  const all = [...Array(15).keys()];
  for (const y of all) for (const x of all) nodes += `<node id="${id(x, y)}" lon="${lon + x * 0.00104}" lat="${lat + y * 0.0009}"/>`;
  for (const i of all) way(first + i, all.map((x) => id(x, i))), way(first + 100 + i, all.map((y) => id(i, y)));
  return [nodes, ways];
}
const [west, westWays] = town(1000, 120.1, 30.2), [east, eastWays] = town(2000, 120.118, 30.2);
const osm = (nodes, ways = "") => `<?xml version="1.0"?><osm version="0.6">${nodes}${ways}</osm>`;
const river = [[120.1152, 30.19], [120.1172, 30.19], [120.1172, 30.23], [120.1152, 30.23]];
const water = `${river.map(([x, y], i) => `<node id="${i + 1}" lon="${x}" lat="${y}"/>`).join("")}`;
const bank = `<way id="9">${[1, 2, 3, 4, 1].map((n) => `<nd ref="${n}"/>`).join("")}<tag k="natural" v="water"/>
  <tag k="water" v="river"/></way>`;

const ring = [[120.09, 30.19], [120.14, 30.19], [120.14, 30.22], [120.09, 30.22], [120.09, 30.19]];
const districts = { type: "FeatureCollection", features: [{ type: "Feature",
  properties: { adcode: "330199", name: "Two Towns" }, geometry: { type: "MultiPolygon", coordinates: [[ring]] } }] };
const jobs = `id,source,title,category,openings,employer,expires_at,lon,lat,precision
west,t,Cook,full_time,2,Cafe,2099-01-01,120.1130,30.2060,exact
east,t,Clerk,full_time,3,Bank,2099-01-01,120.1190,30.2060,exact
`;

const db = join(directory, "towns.sqlite");
const layer = (name, path) => ["import", "--db", db, "--layer", name, "--datum", "wgs84", "--region", "any", path];
done("init", "--db", db, "--city", "none");
done(...layer("districts", file("districts.geojson", JSON.stringify(districts))));
done(...layer("jobs", file("jobs.csv", jobs)));
done(...layer("service-points", file("points.csv", "id,name,kind,lon,lat,source\np1,Point,就业驿站,120.1140,30.2060,t\n")));
done(...layer("population", file("people.csv", "lon,lat,residents\n120.1120,30.2050,100\n120.1200,30.2050,40\n")));
const said = done("import-osm", "--db", db, file("towns.osm", osm(water + west + east, westWays + eastWays + bank)));

test("a network in pieces is said, and what was drawn of it", () => {
  assert.match(said, /lies in pieces; the largest holds 50\.0 %/);
  assert.match(said, /water: 1 areas/);
});

test("what can't be imported leaves the database as it was", () => {
  const before = readFileSync(db);
  const refused = (args, reason) => {
    const { status, stderr } = run(...args);
    assert.notEqual(status, 0, stderr);
    assert.match(stderr, reason);
    assert.ok(readFileSync(db).equals(before), `${args.join(" ")} changed the database`);
  };
  const extract = (name, content) => ["import-osm", "--db", db, file(name, content)];
  refused(layer("population", file("minus.csv", "lon,lat,residents\n120.1,30.2,-5\n")), /line 2: residents '-5' must be 0 to/);
  refused(layer("population", file("none.csv", "lon,lat,residents\n120.1,30.2,\n")), /line 2: residents is missing/);
  refused(layer("population", file("column.csv", "lon,lat\n120.1,30.2\n")), /'residents' is missing/);
  refused([...layer("population", file("some.csv", "lon,lat,residents\n120.11,30.21,7\n120.1,30.2,-5\n")), "--strict"], /line 3/);
  refused(extract("dry.osm", osm(water, bank)), /no street to walk or ride/);
  refused(extract("far.osm", osm(...town(1, 7.4, 43.7))), /outside the region/);
  refused(extract("cut.osm", osm(west, westWays).slice(0, -400)), /cut off/);
  refused(extract("foreign.osm.pbf", "PK\x03\x04 a zip"), /no OpenStreetMap extract/);
  refused(extract("cut.osm.pbf", Buffer.from("0000000d0a094f534d48656164657218ff01", "hex")), /cut off|damaged/);
});

test("jobmap coverage goes along the streets", () => {
  const csv = join(directory, "coverage.csv");
  done("coverage", "--db", db, "--out", csv);
  const rows = readFileSync(csv, "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
  const of = (measure) => rows.find((row) => row[0] === "all" && row[2] === "" && row[3] === measure);
  assert.ok(rows.every((row) => row[9] === "network"), "every line says how");
  assert.deepEqual(of("ads").slice(4, 6), ["2", "1"]);
  assert.deepEqual(of("openings").slice(4, 6), ["5", "2"]);
  assert.deepEqual(of("population").slice(4, 6), ["140", "100"]);
  const [, , , , total, covered, share, low, high] = of("area").map(Number);
  assert.ok(covered > 0 && covered < total / 4, `${covered} of ${total}`);
  assert.ok(low <= share && share <= high, `${low} ${share} ${high}`);
  done("coverage", "--db", db, "--gaps", "true", "--out", join(directory, "gaps.geojson"));
  const gaps = JSON.parse(readFileSync(join(directory, "gaps.geojson"))).features.filter(({ properties: p }) => p.gap);
  assert.equal(gaps.reduce((sum, { properties: p }) => sum + p.openings, 0), 3, "the job across the river");
});

test("over HTTP", async (t) => {
  const server = await start([], { db });
  t.after(() => server.stop());
  const at = (path) => `http://127.0.0.1:${server.port}${path}`;
  const ask = async (path) => (await fetch(at(path))).json();
  const post = async (path, body, type = "application/json") => {
    const answer = await fetch(at(path), { method: "POST", headers: { "Content-Type": type }, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };

  await t.test("gaps are the district without what is reached, in any crs", async () => {
    const wgs84 = await ask("/v1/coverage?gaps=true&of=area,openings"), gcj02 = await ask("/v1/coverage?gaps=true&of=area,openings&crs=gcj02");
    assert.equal(wgs84.method.name, "network");
    assert.ok(wgs84.method.area_cell_m[0] >= 25 && wgs84.area_error_m2 > 0);
    assert.equal(wgs84.crs, "wgs84"), assert.equal(gcj02.crs, "gcj02");
    const gaps = wgs84.features.filter(({ properties: p }) => p.gap);
    const { total, covered } = wgs84.all.area;
    const left = gaps.reduce((sum, { properties: p }) => sum + p.area, 0);
    assert.ok(Math.abs(left - (total - covered)) < 0.02 * covered, `${left} of ${total} - ${covered}`);
    const [x, y] = wgs84.features.at(-1).geometry.coordinates[0][0][0], [u, v] = gcj02.features.at(-1).geometry.coordinates[0][0][0];
    const metres = Math.hypot((u - x) * 96_000, (v - y) * 111_000);
    assert.ok(metres > 400 && metres < 700, `${metres} m`);
    assert.equal((await fetch(at("/v1/coverage?crs=nowhere"))).status, 400);
  });

  await t.test("minutes beside listed places are along the streets", async () => {
    const list = await ask("/v1/jobs?sort=newest");
    assert.equal(list.method.listed_places, "network");
    const of = (id) => list.features.find((f) => f.id === id).properties.service_point;
    assert.equal(of("t:east").minutes, null, "no bridge");
    assert.ok(of("t:east").distance_m < 600);
    assert.ok(of("t:west").minutes > 0);
  });

  await t.test("plans go along the streets and carry the band", async () => {
    const { body } = await post("/v1/coverage", { add: [[120.12, 30.206]] });
    assert.equal(body.method.name, "network");
    assert.equal(body.add[0].gain.ads, 1), assert.equal(body.add[0].gain.population, 40);
    assert.ok(body.add[0].gain.area > 100_000);
    for (const m of ["area", "ads", "openings", "population"]) {
      assert.ok(body.low.before[m] <= body.before[m] && body.before[m] <= body.high.before[m], m);
      assert.ok(body.low.after[m] <= body.after[m] && body.after[m] <= body.high.after[m], m);
    }
    const { body: siting } = await post("/v1/siting", { sites: 1, of: "area", candidates: [[120.114, 30.206], [120.125, 30.206]] });
    assert.equal(siting.features[0].properties.candidate, 1, "the first adds nothing");
    assert.ok(siting.largest_cell_m >= 25 && siting.low.after <= siting.after && siting.after <= siting.high.after);
    const { body: shifted } = await post("/v1/siting", { sites: 1, of: "openings", crs: "gcj02", candidates: [[120.1247, 30.2036]] });
    assert.equal(shifted.crs, "gcj02");
    assert.ok(Math.abs(shifted.features[0].geometry.coordinates[0] - 120.1247) < 1e-6);
  });

  await t.test("what can't be asked is refused by name", async () => {
    const refused = async (body, parameter, reason, path = "/v1/siting") => {
      const { status, body: problem } = await post(path, body);
      assert.equal(status, 400), assert.equal(problem.parameter, parameter);
      assert.match(problem.detail, reason);
    };
    await refused({ sites: 1, candidates: [] }, "candidates", /the list is empty/);
    await refused({ sites: 1, candidates: [[120.16, 30.25]] }, "candidates", /outside the city; is it in another system/);
    await refused({ add: [[30.2, 120.1]] }, "add", /no place on the earth|outside the city/, "/v1/coverage");
    for (const minutes of [0, -1, 121]) await refused({ sites: 1, circle_minutes: minutes }, "circle_minutes", /out of range/);
    for (const minutes of [0, -1, 121]) {
      assert.equal((await fetch(at(`/v1/coverage?circle_minutes=${minutes}`))).status, 400);
      assert.equal((await ask(`/v1/jobs?reach=120.11,30.205&minutes=${minutes}`)).parameter, "minutes");
    }
    for (const path of ["/v1/siting", "/v1/coverage"])
      assert.equal((await post(path, { sites: 1 }, "text/plain")).status, 415, path);
    assert.equal((await ask("/v1/isochrone?from=120.1350,30.1950&minutes=10")).method.name, "straight_line", "beyond the streets");
  });

  await t.test("the river is a tile", async () => {
    const json = await ask("/tiles/water.json");
    assert.match(json.attribution, /OpenStreetMap contributors/);
    const n = 2 ** 14, x = Math.floor(((120.116 + 180) / 360) * n);
    const y = Math.floor(((1 - Math.asinh(Math.tan((30.205 * Math.PI) / 180)) / Math.PI) / 2) * n);
    const tile = await fetch(at(`/tiles/water/14/${x}/${y}.mvt`));
    assert.equal(tile.status, 200);
    assert.ok((await tile.text()).includes("river"));
    assert.equal((await fetch(at("/tiles/water/14/0/0.mvt"))).status, 204);
  });
});
