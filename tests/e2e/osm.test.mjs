// Extracts of OpenStreetMap in the forms they come in, through the real program and server: the same grid in each, a
// square that is walked across, an extract that is a part or lacks its nodes, exits that follow the stations, and places
// beyond the streets.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { done, run, scratch, start } from "./server.mjs";

const directory = scratch();
const file = (name, content) => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};
const fresh = (name) => {
  const db = join(directory, `${name}.sqlite`);
  done("init", "--db", db, "--city", "none");
  return db;
};
const tags = (all) => Object.entries(all).map(([k, v]) => `<tag k="${k}" v="${v}"/>`).join("");
const node = (id, lon, lat, of = {}, more = "") => `<node id="${id}" lon="${lon.toFixed(7)}" lat="${lat.toFixed(7)}" ${more}>${tags(of)}</node>`;
const way = (id, refs, of, more = "") => `<way id="${id}" ${more}>${refs.map((ref) => `<nd ref="${ref}"/>`).join("")}${tags(of)}</way>`;
const osm = (...things) => `<?xml version="1.0"?><osm version="0.6">${things.join("\n")}</osm>`;

const street = { highway: "residential" }, ten = [...Array(12).keys()];
// 12 × 12 corners; `sign` -1 numbers them as an editor does what it hasn't uploaded.
function grid(sign = 1, lon = 120.15, lat = 30.25) {
  const id = (x, y) => sign * (1000 + 12 * y + x);
  return [
    ...ten.flatMap((y) => ten.map((x) => node(id(x, y), lon + 0.001 * x, lat + 0.001 * y))),
    ...ten.map((y) => way(sign * (6000 + y), ten.map((x) => id(x, y)), street)),
    ...ten.map((x) => way(sign * (7000 + x), ten.map((y) => id(x, y)), street)),
  ];
}
const edges = (said) => Number(/, (\d+) edges/.exec(said)[1]);

test("the same streets in every form", () => {
  const plain = osm(...grid());
  const forms = {
    "grid.osm": plain,
    "grid.osm.gz": gzipSync(plain),
    "grid.osm.xml": plain,
    "two.osm.gz": Buffer.concat([gzipSync(plain.slice(0, 5000)), gzipSync(plain.slice(5000))]),
    "josm.osm": osm(...grid(-1), node(-90001, 120.15, 30.27, {}, 'action="modify" visible="true"'),
      way(-90010, [-1132, -90001], street, 'action="delete" visible="true"')),
    "history.osm": osm(...grid(), way(90010, [1000, 1143], street), way(90010, [], {}, 'visible="false"')),
  };
  for (const [name, content] of Object.entries(forms))
    assert.equal(edges(done("import-osm", "--db", fresh(name), file(name, content))), 264, name);
});

test("an extract that lacks nodes, and one that takes the streets away", () => {
  const db = fresh("force");
  done("import-osm", "--db", db, file("all.osm", osm(...grid())));
  const before = readFileSync(db);
  const refused = (name, content, reason) => {
    const { status, stderr } = run("import-osm", "--db", db, file(name, content));
    assert.notEqual(status, 0, name);
    assert.match(stderr, reason);
    assert.match(stderr, /--force/);
    assert.ok(readFileSync(db).equals(before), name);
  };
  const ways = grid().filter((thing) => thing.startsWith("<way")), nodes = grid().filter((thing) => thing.startsWith("<node"));
  refused("holes.osm", osm(...nodes.filter((_, i) => i % 4), ...ways), /lacks 72 of the 288 nodes/);
  refused("small.osm", osm(...nodes, ...ways.slice(0, 2)), /would take away \d+\.\d % of the streets/);
  assert.match(run("import-osm", "--db", db, "--force", file("small.osm", osm(...nodes, ...ways.slice(0, 2)))).stderr, /are gone/);
});

const jobs = (lon, lat) => `id,source,title,category,openings,employer,expires_at,lon,lat,precision
1,t,Cook,full_time,1,Cafe,2099-01-01,${lon},${lat},exact
`;
const layer = (db, name, path) => done("import", "--db", db, "--layer", name, "--datum", "wgs84", "--region", "any", path);

test("a square is walked across, and hours are said to be ignored", async (t) => {
  const [w, e, s, n, m] = [120.1479, 120.1521, 30.2582, 30.2618, 30.26];
  const corners = [[w, s], [w, m], [w, n], [e, n], [e, m], [e, s]].map(([x, y], i) => node(i + 1, x, y));
  const roads = [node(10, w - 0.004, m), node(11, e + 0.004, m, { barrier: "gate", opening_hours: "06:00-22:00" }),
    node(12, e + 0.006, m), way(11, [10, 2], street), way(12, [5, 11, 12], street)];
  const square = way(10, [1, 2, 3, 4, 5, 6, 1], { highway: "pedestrian", area: "yes" });
  const relation = `<relation id="9"><member type="way" ref="10" role="outer"/>${tags({ type: "multipolygon", highway: "pedestrian" })}</relation>`;
  const forms = { way: [square], relation: [way(10, [1, 2, 3, 4, 5, 6, 1], {}), relation] };
  for (const [name, area] of Object.entries(forms)) {
    const db = fresh(name);
    const imported = run("import-osm", "--db", db, file(`${name}.osm`, osm(...corners, ...roads, ...area)));
    assert.match(imported.stdout, /open areas: 1 are walked straight across/);
    assert.match(imported.stderr, /1 gates, streets and entrances have opening hours .* ignored/s);
    layer(db, "jobs", file(`${name}.csv`, jobs(e + 0.001, m)));
    const server = await start([], { db });
    t.after(() => server.stop());
    const list = await (await fetch(`http://127.0.0.1:${server.port}/v1/jobs?reach=${w - 0.001},${m}&minutes=30`)).json();
    assert.equal(list.method.name, "network");
    assert.equal(list.method.hours_ignored, 1);
    const { minutes } = list.features[0].properties, straight = (0.0062 * 96_300 * 0.06) / 4.68;
    assert.ok(Math.abs(minutes - straight) < 0.3, `${name}: ${minutes} for ${straight}`);
    await server.stop();
  }
});

test("beyond the streets it is straight lines, and said", async (t) => {
  const db = fresh("part");
  done("import-osm", "--db", db, file("part.osm", osm(...grid())));
  layer(db, "jobs", file("part.csv", jobs(120.30, 30.30)));
  const server = await start([], { db });
  t.after(() => server.stop());
  const ask = async (path) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  for (const mode of ["walk", "bike", "metro"]) {
    const { status, body } = await ask(`/v1/jobs?reach=120.301,30.301&minutes=15&mode=${mode}`);
    assert.equal(status, 200, mode);
    assert.equal(body.method.name, "straight_line");
    assert.deepEqual(body.method.beyond_streets, [1]);
    assert.match(body.method.note, /straight lines/);
    assert.equal(body.numberMatched, 1);
    const drawn = await ask(`/v1/isochrone?from=120.301,30.301&minutes=10&mode=${mode}`);
    assert.equal(drawn.status, 200, mode);
    assert.equal(drawn.body.method.name, "straight_line");
    assert.deepEqual(drawn.body.method.beyond_streets, [1]);
    assert.ok(drawn.body.method.detour > 1);
    assert.ok(drawn.body.features[0].geometry.coordinates.length > 0);
  }
  const two = (await ask("/v1/jobs?reach=120.155,30.255;120.301,30.301&minutes=15")).body;
  assert.equal(two.method.name, "network");
  assert.deepEqual(two.method.beyond_streets, [2]);
  const on = (await ask("/v1/jobs?reach=120.155,30.255&minutes=15")).body;
  assert.equal(on.method.name, "network");
  assert.equal(on.method.beyond_streets, undefined);
});
