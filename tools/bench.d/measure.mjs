// Times our workloads and the peers' in turn, ours first in every round, and reports the median of each and of
// the ratios of the rounds. Prints the table; a run of the full size over every workload also writes it into
// docs/benchmarks.md between its markers.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { keptTiles } from "./kept.mjs";
import * as load from "./load.mjs";
import { mixedLoad } from "./mixed.mjs";
import { category, data, jobs, machine, median, memory, only, rounds, run, seconds, startJobmapd, temp, build }
  from "./settings.mjs";
import { inDocument, number, table } from "./table.mjs";

const rows = [];
const facts = JSON.parse(readFileSync(`${data}/facts.json`, "utf8"));
const { matches } = JSON.parse(readFileSync(`${data}/matches.json`, "utf8"));
const wanted = (word) => !only.length || only.includes(word);

// `target` is of the ratio where there is a peer, else of our figure: { least } or { below }.
function verdict(target, value) {
  if (!target) return ["", ""];
  const [sign, limit] = "least" in target ? ["≥ ", target.least] : "above" in target ? ["> ", target.above] : ["< ", target.below];
  const met = "least" in target ? value >= limit : "above" in target ? value > limit : value < limit;
  return [sign + limit + (target.unit ?? ""), met ? "yes" : "**no**"];
}

function addRow(workload, ours, peer, theirs, ratio, target, value) {
  const [limit, met] = verdict(target, value);
  rows.push([workload, ours, peer, theirs, ratio === undefined ? "" : number(ratio) + "×", limit, met]);
  console.log(rows.at(-1).filter(Boolean).join("  |  "));
}

// ours and each peer: async (round) => figure per second. Peers: [{ name, run, target }].
async function inTurn(workload, ours, peers, unit = "/s") {
  const mine = [], theirs = peers.map(() => []);
  for (let round = 0; round < rounds; ++round) {
    mine.push(await ours(round));
    for (let p = 0; p < peers.length; ++p) theirs[p].push(await peers[p].run(round));
  }
  peers.forEach((peer, p) => {
    const ratio = median(mine.map((figure, round) => figure / theirs[p][round]));
    addRow(workload, number(median(mine)) + unit, peer.name, number(median(theirs[p])) + unit, ratio, peer.target, ratio);
  });
}

async function overHttp() {
  const server = await startJobmapd();
  try {
    if (wanted("http")) {
      await inTurn(`radius 1,000 m, one category, nearest 50, GeoJSON (mean ${number(matches)} matches)`,
        load.ourList(server, "radius", "&f=geojson"), [
          { name: "PostGIS, ST_DWithin, ordered by distance, one GiST index", run: load.postgisRadius(false), target: { least: 100, unit: "×" } },
          { name: "the same with an index of that category", run: load.postgisRadius(true), target: { least: 100, unit: "×" } },
          { name: "and ordered by `<->`", run: load.postgisRadiusKnn() },
          { name: "Redis GEOSEARCH", run: load.redisRadius(), target: { least: 10, unit: "×" } },
          { name: "nginx, the same bytes from files", run: load.nginxFiles(), target: { least: 0.45, unit: "×" } },
        ]);
      await inTurn("the same as protobuf", load.ourList(server, "radius", "&f=pb"), [
        { name: "ours as GeoJSON", run: load.ourList(server, "radius", "&f=geojson"), target: { above: 1, unit: "×" } },
      ]);
      await inTurn("nearest 50 of a category, GeoJSON", load.ourList(server, "nearest", "&f=geojson"), [
        { name: "PostGIS, `<->`, one GiST index", run: load.postgisNearest(false), target: { least: 6, unit: "×" } },
        { name: "the same with an index of that category", run: load.postgisNearest(true), target: { least: 6, unit: "×" } },
      ]);
    }
    if (wanted("tile"))
      await inTurn(`tile z14 of 600 to 1,000 jobs, 5 properties, not cached (${facts.tiles} tiles)`, load.ourTiles(server), [
        { name: "PostGIS, ST_AsMVT", run: load.postgisTiles(), target: { least: 25, unit: "×" } },
      ]);
  } finally {
    await server.stop();
  }
}

async function inProcess() {
  const times = await load.inProcess("count_|tree_|^list|z14_tile_of_800");
  const us = (name) => times[name].us;
  addRow("count of a category, box of 1/10 × 1/10 of the sides, at random, in process",
    number(us("count_of_a_category_in_a_random_box")) + " µs", "", "", undefined, { below: 5, unit: " µs" },
    us("count_of_a_category_in_a_random_box"));
  addRow("the same in the dense core", number(us("count_of_a_category_in_a_dense_box")) + " µs", "", "", undefined,
    { below: 25, unit: " µs" }, us("count_of_a_category_in_a_dense_box"));
  const ours = us("tree_build_ours"), boost = us("tree_build_boost");
  addRow("build of the R-tree, in process", number(ours / 1000) + " ms", "", "", undefined, { below: 120, unit: " ms" }, ours / 1000);
  addRow("the same", number(ours / 1000) + " ms", "Boost.Geometry, packing constructor", number(boost / 1000) + " ms",
    boost / ours, { above: 1, unit: "×" }, boost / ours);
  for (const [name, label] of [
    ["list/radius_1_km_one_category_nearest_50", "radius list, in process, rows alone"],
    ["list/radius_1_km_one_category_nearest_50_geojson", "radius list, in process, GeoJSON"],
    ["list/radius_1_km_one_category_nearest_50_protobuf", "radius list, in process, protobuf"],
    ["list/nearest_50_of_a_category", "nearest 50, in process, rows alone"],
    ["z14_tile_of_800", "tile z14 of about 800 jobs, in process"],
  ])
    if (times[name]) addRow(label, number(us(name)) + " µs", "", "", undefined);
}

async function start() {
  const ready = [], resident = [];
  for (let i = 0; i < 5; ++i) {
    const server = await startJobmapd();
    ready.push(server.readyAfter);
    resident.push(memory(server.pid, "VmRSS"));
    await server.stop();
  }
  addRow("start to ready from the SpatiaLite file", number(median(ready)) + " s", "", "", undefined, { below: 2.5, unit: " s" }, median(ready));
  addRow("resident memory when ready", number(median(resident)) + " MiB", "", "", undefined, { below: 600, unit: " MiB" }, median(resident));
  const server = await startJobmapd();
  try {
    process.kill(server.pid, "SIGHUP");
    await server.event("loaded", 2);
    const peak = memory(server.pid, "VmHWM");
    addRow("the same at the peak of a reload", number(peak) + " MiB", "", "", undefined, { below: 1229, unit: " MiB" }, peak);
  } finally {
    await server.stop();
  }
}

async function imports() {
  const csv = `${data}/jobs.csv`;
  const timed = async (program, args, file, timeout) => {
    rmSync(file, { force: true });
    if (program.endsWith("jobmap")) await run(program, ["init", "--db", file]);
    const began = performance.now();
    const said = await run(program, args, { timeout });
    const rate = jobs / ((performance.now() - began) / 1000);
    const mib = statSync(file).size / 2 ** 20;
    rmSync(file, { force: true });
    return { rate, said, mib };
  };
  const target = `${temp}/import.sqlite`;
  const ours = async () =>
    (await timed(`${build}/jobmap`, ["import", "--db", target, "--layer", "jobs", "--datum", "wgs84", csv], target)).rate;
  const mine = [];
  for (let round = 0; round < Math.min(rounds, 3); ++round) mine.push(await ours());
  addRow("`jobmap import` of the CSV, validated, with spatial index", number(median(mine)) + " rows/s", "", "", undefined,
    { above: 60000, unit: " rows/s" }, median(mine));
  const args = ["-f", "SQLite", "-dsco", "SPATIALITE=YES", "-a_srs", "EPSG:4326", "-gt", "unlimited", "-oo",
    "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", target, csv];
  const peer = (await timed("ogr2ogr", args, target, 900)).rate;
  addRow("the same, once", number(median(mine)) + " rows/s", "ogr2ogr, not validated", number(peer) + " rows/s", median(mine) / peer);
}

if (wanted("http") || wanted("tile")) await overHttp();
if (wanted("kept")) await keptTiles(inTurn);
if (wanted("mixed")) await mixedLoad(addRow);
if (wanted("process")) await inProcess();
if (wanted("start")) await start();
if (wanted("import")) await imports();

const text = table(["workload", "ours", "peer", "peer's", "ratio", "target", "met"], rows);
const about = `${number(jobs)} jobs (${number(facts.points)} with a point), category ${category}, ${machine()}, ` +
  `${rounds} rounds of ${seconds} s, ${new Date().toISOString().slice(0, 10)}; ${await load.versions()}.`;
console.log(`\n${text}\n${about}`);
const document = "docs/benchmarks.md";
if (jobs === 1_000_000 && !only.length && existsSync(document)) {
  writeFileSync(document, inDocument(readFileSync(document, "utf8"), "results", `${text}\n${about}\n`));
  console.log(`written into ${document}`);
}
