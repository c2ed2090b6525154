// Streets of a generated grid, 708 × 708 corners 100 m apart (1,001,112 edges), as an extract that is imported: areas of
// minutes, coverage and plans over HTTP, and how far one gets on foot beside pgRouting on the same edges. Compared: every node and its way
// from 40 corners, to 1.3 mm (1 ms of walking). The areas have no peer that draws the same polygons: they are compared
// with the search they are drawn from by the tests.
import { copyFileSync, createWriteStream, writeFileSync } from "node:fs";
import { once } from "node:events";
import { inProcess, pgbench, sql } from "../load.mjs";
import { addFigure, addRow } from "../report.mjs";
import { build, data, linesOf, median, rounds, run, seconds, startJobmapd, temp } from "../settings.mjs";
import { number } from "../table.mjs";

const side = 708, block = 100, centre = [120.17, 30.25];
const step = [block / (111320 * Math.cos((centre[1] * Math.PI) / 180)), block / 110860];
const at = (i, axis) => (centre[axis] + (i - side / 2) * step[axis]).toFixed(7);

async function writeGrid(file) {
  const out = createWriteStream(file);
  const write = async (text) => out.write(text) || (await once(out, "drain"));
  const id = (x, y) => 1 + y * side + x, numbers = Array.from({ length: side }, (_, i) => i);
  await write('<?xml version="1.0"?>\n<osm version="0.6">\n');
  for (const y of numbers) await write(numbers.map((x) => `<node id="${id(x, y)}" lat="${at(y, 1)}" lon="${at(x, 0)}"/>\n`).join(""));
  const street = (name, ids) =>
    write(`<way id="${name}">${ids.map((ref) => `<nd ref="${ref}"/>`).join("")}<tag k="highway" v="residential"/></way>\n`);
  for (const y of numbers) await street(1 + y, numbers.map((x) => id(x, y)));
  for (const x of numbers) await street(10_000 + x, numbers.map((y) => id(x, y)));
  await write("</osm>\n");
  out.end();
  await once(out, "finish");
}

// Answers in turn, one at a time, as one person waits for them; each asked with another place.
async function waitFor(server, words, below, ask, check) {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const ms = [];
  for (const began = performance.now(); ms.length < 50 || performance.now() - began < rounds * seconds * 1000;) {
    const place = [0, 1].map((axis) => at(side * (0.2 + 0.6 * random()), axis));
    const { path, body } = ask(place);
    const asked = performance.now();
    const answer = await fetch(server.url + path, {
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      headers: { "accept-encoding": "identity", ...(body && { "content-type": "application/json" }) },
    });
    const found = await answer.json();
    ms.push(performance.now() - asked);
    if (!answer.ok || found.method?.name !== "network" || !check(found))
      throw new Error(`${path} at ${place}: ${answer.status} ${JSON.stringify(found).slice(0, 200)}`);
  }
  addFigure(words, median(ms), " ms", { below });
}

async function overHttp(extract) {
  const db = `${temp}/streets.sqlite`;
  copyFileSync(`${data}/jobs.sqlite`, db);
  await run(`${build}/jobmap`, ["import-osm", "--db", db, extract]);
  const server = await startJobmapd(db);
  try {
    await waitFor(server, "isochrone 5, 10, 15 min on foot as GeoJSON over HTTP, streets every 100 m", 5,
      (place) => ({ path: `/v1/isochrone?from=${place}&minutes=5,10,15` }),
      ({ features }) => features.length === 3 && features.every(({ geometry }) => geometry?.type === "MultiPolygon"));
    await waitFor(server, "what one more service point gains, along a street network, over HTTP, streets every 100 m", 20,
      (place) => ({ path: "/v1/coverage", body: { add: [place.map(Number)] } }),
      ({ add, before, after }) => after.openings === before.openings + add[0].gain.openings);
    // Every question is another one, so that none is answered from what was kept.
    let question = 0;
    await waitFor(server, "coverage by district and category, all measures, with band, over HTTP, streets every 100 m", 200,
      () => ({ path: `/v1/coverage?f=json&by=district,category&circle_minutes=${(10 + ++question / 1000).toFixed(3)}` }),
      ({ all }) => all.openings.low <= all.openings.share && all.openings.share <= all.openings.high);
  } finally {
    await server.stop();
  }
}

const edges = "SELECT id, source, target, cost, reverse_cost FROM edges";

async function loadPgrouting(extract) {
  await run(`${build}/street_peer`, [extract, data]);
  await sql(`SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS pgrouting CASCADE;
    DROP TABLE IF EXISTS edges, nodes, ours, starts;
    CREATE UNLOGGED TABLE edges (id bigint, source bigint, target bigint, cost float8, reverse_cost float8);
    CREATE UNLOGGED TABLE nodes (node bigint, lon float8, lat float8);
    CREATE UNLOGGED TABLE ours (start bigint, node bigint, mm float8);
    \\copy edges FROM '${data}/edges.csv' CSV
    \\copy nodes FROM '${data}/nodes.csv' CSV
    \\copy ours FROM '${data}/ours.csv' CSV
    ALTER TABLE edges ADD at geometry(Point, 4326);
    UPDATE edges SET at = ST_SetSRID(ST_MakePoint(lon, lat), 4326) FROM nodes WHERE node = source;
    CREATE INDEX ON edges USING gist (at);
    CREATE TABLE starts AS SELECT row_number() OVER () AS i, start, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS at
      FROM (SELECT DISTINCT start FROM ours) s JOIN nodes ON node = start;
    VACUUM ANALYZE edges; VACUUM ANALYZE starts;`);
  const starts = await sql("SELECT start FROM starts;");
  writeFileSync(`${data}/starts.txt`, starts.join("\n") + "\n");
}

// pgRouting's ways from all starts at once, then node by node.
async function compare() {
  const [[all, different]] = (await sql(`WITH theirs AS (SELECT from_v AS start, node, agg_cost AS mm FROM pgr_drivingDistance(
      '${edges}', (SELECT array_agg(start) FROM starts), 1170000))
    SELECT count(*), count(*) FILTER (WHERE o.mm IS NULL OR t.mm IS NULL OR abs(o.mm - t.mm) > 1.3)
    FROM (SELECT DISTINCT * FROM ours) o FULL JOIN theirs t USING (start, node);`)).map((row) => row.map(Number));
  if (different || all < 1000) throw new Error(`pgRouting: ${different} of ${all} ways differ`);
  console.log(`the same answers: ways of pgRouting from ${linesOf("starts.txt").length} corners (${all})`);
}

export async function streets() {
  const extract = `${temp}/grid.osm`;
  await writeGrid(extract);
  await overHttp(extract);
  await loadPgrouting(extract);
  await compare();
  const search = (name, from) => pgbench(name, "starts",
    `SELECT count(d.node) FROM starts s, pgr_drivingDistance(${from}, s.start, 1170000) d WHERE s.i = :i`);
  const near = `'${edges} WHERE at && ST_MakeEnvelope(' || ST_X(s.at) - 0.015 || ',' || ST_Y(s.at) - 0.015 || ',' || ST_X(s.at) + 0.015 || ',' || ST_Y(s.at) + 0.015 || ',4326)'`;
  const ours = (await inProcess("^streets_quarter_hour_ours/100$", { JOBMAP_BENCH_JOBS: "1000" }))["streets_quarter_hour_ours/100"].us;
  for (const [peer, run, target] of [
    ["pgr_drivingDistance", search("driving", `'${edges}'`), { least: 50, unit: "×" }],
    ["the same, given only the edges of a box round the place", search("driving-near", near)],
  ]) {
    const found = [];
    for (let round = 0; round < rounds; ++round) found.push(2e6 / (await run())); // µs of each of two clients
    addRow("15 minutes on foot from a random corner, streets every 100 m, in process", number(ours) + " µs", peer,
      number(median(found)) + " µs", median(found) / ours, target, median(found) / ours);
  }
}
