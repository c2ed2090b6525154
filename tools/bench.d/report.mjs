// The rows of the table: what was measured, beside what, and whether it meets its target.
import { median, rounds } from "./settings.mjs";
import { number } from "./table.mjs";

export const rows = [];
export const missing = []; // workloads without a figure, and why

// A target is of the ratio where there is a peer, else of our figure: { least }, { above } or { below }, and a unit.
function verdict(target, value) {
  if (!target) return ["", ""];
  const [sign, limit] = "least" in target ? ["≥ ", target.least] : "above" in target ? ["> ", target.above] : ["< ", target.below];
  const met = "least" in target ? value >= limit : "above" in target ? value > limit : value < limit;
  return [sign + limit + (target.unit ?? ""), met ? "yes" : "**no**"];
}

export function addRow(workload, ours, peer, theirs, ratio, target, value) {
  const [limit, met] = verdict(target, value);
  rows.push([workload, ours, peer, theirs, ratio === undefined ? "" : number(ratio) + "×", limit, met]);
  console.log(rows.at(-1).filter(Boolean).join("  |  "));
}

// A figure of ours alone.
export const addFigure = (workload, value, unit, target) =>
  addRow(workload, number(value) + unit, "", "", undefined, target && { ...target, unit }, value);

// ours and each peer: async (round) => figure per second, ours first in every round. Peers: [{ name, run, target }].
export async function inTurn(workload, ours, peers, unit = "/s") {
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
