// How ours grows with the number of jobs: the in-process workloads on data made in memory, and start, memory and
// import on files, each size after the other. Prints the table and writes it into docs/benchmarks.md.
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { inProcess } from "./load.mjs";
import { build, category, growth, machine, memory, now, run, startJobmapd, temp } from "./settings.mjs";
import { inDocument, number, table } from "./table.mjs";

const workloads = [
  ["radius 1,000 m, nearest 50, GeoJSON", "list/radius_1_km_one_category_nearest_50_geojson", "µs", 1],
  ["the same as protobuf", "list/radius_1_km_one_category_nearest_50_protobuf", "µs", 1],
  ["the same, rows alone", "list/radius_1_km_one_category_nearest_50", "µs", 1],
  ["nearest 50 of a category, rows alone", "list/nearest_50_of_a_category", "µs", 1],
  ["count of a category, random box of 1/10 × 1/10", "count_of_a_category_in_a_random_box", "µs", 1],
  ["the same in the dense core", "count_of_a_category_in_a_dense_box", "µs", 1],
  ["build of the R-tree", "tree_build_ours", "ms", 1000],
];

async function measure(jobs) {
  const times = await inProcess("^list|^count_|tree_build_ours", { JOBMAP_BENCH_JOBS: String(jobs) });
  const column = workloads.map(([, name, unit, scale]) => (times[name] ? `${number(times[name].us / scale)} ${unit}` : "–"));
  const matches = times["list/radius_1_km_one_category_nearest_50"].matches;
  return [number(matches), ...column, ...(await files(jobs))];
}

async function files(jobs) {
  const db = `${temp}/growth.sqlite`, csv = `${temp}/growth.csv`;
  const free = statfsSync(temp);
  const needed = jobs * 2500; // bytes: the text, the file and its journal
  if (free.bavail * free.bsize < needed) throw new Error(`${temp} has no room for ${number(needed / 1e9)} GB`);
  try {
    await run(`${build}/jobmap`, ["sample", "--csv", csv, "--jobs", String(jobs), "--seed", "1", "--now", now, "--valid-until", process.env.BENCH_END], { timeout: 1800 });
    await run(`${build}/jobmap`, ["init", "--db", db]);
    const began = performance.now();
    await run(`${build}/jobmap`, ["import", "--db", db, "--layer", "jobs", "--datum", "wgs84", csv], { timeout: 1800 });
    const rate = jobs / ((performance.now() - began) / 1000);
    rmSync(csv);
    const server = await startJobmapd(db, 600);
    const resident = memory(server.pid, "VmRSS");
    await server.stop();
    return [`${number(rate)} rows/s`, `${number(server.readyAfter)} s`, `${number(resident)} MiB`];
  } finally {
    rmSync(db, { force: true });
    rmSync(csv, { force: true });
  }
}

const columns = [];
for (const jobs of growth) {
  columns.push(await measure(jobs));
  console.log(`${number(jobs)} jobs: ${columns.at(-1).join("  |  ")}`);
}
const labels = ["(mean matches of the radius list)", ...workloads.map(([label]) => label), "`jobmap import`",
  "start to ready", "resident memory when ready"];
const text = table(["", ...growth.map((n) => `${number(n)} jobs`)],
  labels.map((label, row) => [label, ...columns.map((column) => column[row])]));
const about = `In process where nothing else is said; category ${category}; ${machine()}, ${new Date().toISOString().slice(0, 10)}.`;
console.log(`\n${text}\n${about}`);
const document = "docs/benchmarks.md";
if (existsSync(document)) {
  writeFileSync(document, inDocument(readFileSync(document, "utf8"), "growth", `${text}\n${about}\n`));
  console.log(`written into ${document}`);
}
