// Times our workloads and the peers', and prints the table; a run of the full size over every workload also writes it
// into docs/benchmarks.md between its markers. A workload that fails, or whose answers differ from its peer's, is left
// out and named, and the others are measured all the same.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { versions } from "./load.mjs";
import { missing, rows } from "./report.mjs";
import { category, data, jobs, machine, only, rounds, seconds } from "./settings.mjs";
import { inDocument, number, table } from "./table.mjs";
import { workloads } from "./workloads.mjs";

const unknown = only.find((name) => !(name in workloads));
if (unknown) throw new Error(`no workload ${unknown}; there are ${Object.keys(workloads).join(", ")}`);
for (const [name, measure] of Object.entries(workloads)) {
  if (only.length && !only.includes(name)) continue;
  const began = performance.now();
  try {
    await measure();
  } catch (error) {
    console.error(`${name}: ${error.stack}`);
    missing.push(`${name}: ${error.message.split("\n")[0].slice(0, 200)}`);
    process.exitCode = 1;
  }
  console.log(`(${name}: ${((performance.now() - began) / 1000).toFixed(0)} s)`);
}

const facts = JSON.parse(readFileSync(`${data}/facts.json`, "utf8"));
const text = table(["workload", "ours", "peer", "peer's", "ratio", "target", "met"], rows);
const about = `${number(jobs)} jobs (${number(facts.points)} with a point), category ${category}, ${machine()}, ` +
  `${rounds} rounds of ${seconds} s, ${new Date().toISOString().slice(0, 10)}; ${await versions()}.` +
  (missing.length ? `\n\nNot measured:\n\n${missing.map((line) => `- ${line}`).join("\n")}` : "");
console.log(`\n${text}\n${about}`);
const document = "docs/benchmarks.md";
if (jobs === 1_000_000 && !only.length && existsSync(document)) {
  writeFileSync(document, inDocument(readFileSync(document, "utf8"), "results", `${text}\n${about}\n`));
  console.log(`written into ${document}`);
}
process.exit(); // a program that could not be started leaves a timer behind
