// Asks ours and the peers the same questions and compares the answers; nothing is timed before they agree.
//
// Lists must hold the same jobs. Aside are only those whose distance is that of the last one (or the radius) to
// within a tolerance: 1 cm where the peer measures on the spheroid, 0.5 % where it measures on a sphere.
import { mkdirSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { compareLists, fail } from "./compare_lists.mjs";
import { sql } from "./load.mjs";
import { categories, category, data, linesOf, nginxPort, nginxRoot, path, radiusOf, redisPort, run, startJobmapd, temp } from "./settings.mjs";

const asked = 60, tilesAsked = 12, files = 200;
const queries = linesOf("queries.txt").slice(0, asked);
const tiles = linesOf("tiles.txt");

// Rows "i id metres" as one list a question.
function group(rows) {
  const lists = Array.from({ length: asked }, () => []);
  for (const [i, id, metres] of rows) lists[i - 1].push([id, Number(metres)]);
  return lists;
}

const server = await startJobmapd();
const get = async (url) => {
  const answer = await fetch(url, { headers: { "accept-encoding": "identity" } });
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${body}`);
  return body;
};
const list = async ({ prefix, suffix }, question) => {
  const answer = JSON.parse(await get(server.url + prefix + question + suffix));
  return { total: answer.numberMatched, hits: answer.features.map((f) => [f.id, f.properties.distance_m]) };
};
const mean = (lists) => lists.reduce((sum, { total }) => sum + total, 0) / lists.length;
const said = (what, count) => console.log(`the same answers: ${what} (${count})`);

async function compareRadius() {
  const ours = [];
  for (const question of queries) ours.push(await list(path.radius, question));
  const where = `category = '${category}' AND ST_DWithin(j.geog, q.geog, 1000)`;
  const postgis = group(await sql(`SELECT q.i, x.id, x.metres FROM queries q, LATERAL (
      SELECT id, ST_Distance(j.geog, q.geog) AS metres FROM jobs j WHERE ${where} ORDER BY metres, id LIMIT 50) x
    WHERE q.i <= ${asked} ORDER BY q.i, x.metres, x.id`));
  let found = 0;
  for (let i = 0; i < queries.length; ++i)
    found += compareLists("PostGIS, radius", queries[i], ours[i].hits, postgis[i],
      { edge: 1000, full: 50, tolerance: () => 0.01 });
  const counts = await sql(`SELECT q.i, (SELECT count(*) FROM jobs j WHERE ${where}) FROM queries q
    WHERE q.i <= 20 ORDER BY q.i`);
  for (const [i, count] of counts)
    if (Number(count) !== ours[i - 1].total) fail("PostGIS, count", `${queries[i - 1]}: ${ours[i - 1].total}, ${count}`);
  said(`radius 1,000 m of PostGIS, jobs in ${queries.length} lists`, found);
  said("exact totals of PostGIS within the radius", counts.length);
  return mean(ours);
}

// Gives the mean number of matches, at random jobs of the category.
async function compareRedis(one) {
  const members = linesOf(`members-${one}.txt`);
  const numbers = queries.map((_, i) => Math.floor((i * members.length) / asked));
  const commands = numbers.map((n) =>
    `GEOSEARCH ${one} FROMMEMBER ${String(n).padStart(12, "0")} BYRADIUS 1000 m ASC COUNT 50 WITHDIST\n`);
  const answers = (await run("redis-cli", ["-p", redisPort, "--json"], { input: commands.join("") }))
    .trim().split("\n").map((line) => JSON.parse(line));
  const ours = [];
  let found = 0;
  for (let i = 0; i < numbers.length; ++i) {
    const feature = JSON.parse(await get(`${server.url}/v1/jobs/${encodeURIComponent(members[numbers[i]])}`));
    const question = feature.geometry.coordinates.join(",");
    const theirs = answers[i].map(([member, metres]) => [members[Number(member)], Number(metres)]);
    ours.push(await list(radiusOf(one), question));
    // Redis keeps positions in a grid of 0.6 m and measures on a sphere.
    found += compareLists("Redis", question, ours[i].hits, theirs,
      { edge: 1000, full: 50, tolerance: (metres) => 1.2 + 0.005 * metres });
  }
  said(`radius 1,000 m of Redis, ${one}, jobs in ${numbers.length} lists`, found);
  return mean(ours);
}

async function compareNearest() {
  const postgis = group(await sql(`SELECT q.i, x.id, ST_Distance(x.geog, q.geog) FROM queries q, LATERAL (
      SELECT id, geog FROM jobs WHERE category = '${category}' ORDER BY geog <-> q.geog LIMIT 50) x
    WHERE q.i <= ${asked} ORDER BY q.i, ST_Distance(x.geog, q.geog)`));
  let found = 0;
  for (let i = 0; i < queries.length; ++i)
    found += compareLists("PostGIS, nearest", queries[i], (await list(path.nearest, queries[i])).hits, postgis[i],
      { edge: 50000, full: 50, tolerance: (metres) => 0.01 + 0.005 * metres });
  said(`nearest 50 of PostGIS, jobs in ${queries.length} lists`, found);
}

// Both tiles decoded by GDAL: the properties of each job, sorted.
async function decode(name, bytes) {
  const file = `${temp}/${name}.mvt`;
  writeFileSync(file, bytes);
  const csv = await run("ogr2ogr", ["-f", "CSV", "/vsistdout/", file, "jobs", "-select", "id,title,category,ads,openings"]);
  return csv.replaceAll('"', "").trim().split("\n").slice(1).sort();
}

async function compareTiles() {
  let found = 0;
  for (const tile of tiles.slice(0, tilesAsked)) {
    const [z, x, y] = tile.split("/");
    const ours = await decode("ours", await get(server.url + path.tile.prefix + tile + path.tile.suffix));
    const [[hex]] = await sql(`${tileSql(z, x, y)};`);
    const theirs = await decode("theirs", Buffer.from(hex.slice(2), "hex"));
    if (ours.join("\n") !== theirs.join("\n")) {
      const only = (a, b) => a.filter((line) => !b.includes(line)).slice(0, 3).join(" ");
      fail("PostGIS, tile", `${tile}: ours ${ours.length}, theirs ${theirs.length}; ${only(ours, theirs)} | ${only(theirs, ours)}`);
    }
    found += ours.length;
  }
  said(`tiles of PostGIS, features in ${Math.min(tiles.length, tilesAsked)} tiles`, found);
}

// nginx gets bytes that our server gave, and must give the same.
async function fillNginx() {
  mkdirSync(nginxRoot, { recursive: true });
  const names = [], digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
  const questions = linesOf("queries.txt").slice(0, files);
  for (let i = 0; i < questions.length; ++i) {
    const bytes = await get(server.url + path.radius.prefix + questions[i] + path.radius.suffix);
    writeFileSync(`${nginxRoot}/${i}.json`, bytes);
    names.push(`${i}.json`);
    if (i < 5 && digest(await get(`http://127.0.0.1:${nginxPort}/${i}.json`)) !== digest(bytes))
      fail("nginx", `file ${i}`);
  }
  writeFileSync(`${data}/files.txt`, names.join("\n") + "\n");
  said("bytes of nginx, files", names.length);
}

function tileSql(z, x, y) {
  return `SELECT ST_AsMVT(t, 'jobs', 4096, 'mvt') FROM (
    SELECT ST_AsMVTGeom(geom, ST_TileEnvelope(${z}, ${x}, ${y}), 4096, 0, false) AS mvt, id, title, category,
           1 AS ads, openings
    FROM jobs WHERE geom && ST_TileEnvelope(${z}, ${x}, ${y})) t`;
}

try {
  const matches = {};
  for (const one of categories) matches[one] = await compareRedis(one);
  matches[category] = await compareRadius();
  await compareNearest();
  await compareTiles();
  await fillNginx();
  writeFileSync(`${data}/matches.json`, JSON.stringify(matches));
} finally {
  await server.stop();
}
