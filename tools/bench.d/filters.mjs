// Random filters of one to four predicates, each of another kind: as a query of ours, as SQL over the jobs of
// postgis.sql, and as a function of a row of that table.
import { linesOf } from "./settings.mjs";

const atMost = (levels, last) => levels.slice(0, levels.indexOf(last) + 1);
const levels = ["none", "primary", "junior_secondary", "senior_secondary", "vocational", "associate", "bachelor", "master", "doctor"];
const list = (values) => values.map((value) => `'${value}'`).join(", ");

const oneOf = (name, column, values) => ({
  query: `${name}=${values.join(",")}`,
  sql: `${column} IN (${list(values)})`,
  fits: (job) => values.includes(job[column.replaceAll('"', "")]),
});
const paid = (unit, least) => ({
  query: `pay_unit=${unit}&pay_min=${least}`,
  sql: `pay_unit = '${unit}' AND coalesce(pay_max, pay_min) >= ${least}`,
  fits: (job) => job.pay_unit === unit && job.pay >= least,
});
const educated = (level) => ({
  query: `education=${level}`,
  sql: `(education IS NULL OR education IN (${list(atMost(levels, level))}))`,
  fits: (job) => !job.education || levels.indexOf(job.education) <= levels.indexOf(level),
});
const experienced = (years) => ({
  query: `experience_max=${years}`,
  sql: `(experience IS NULL OR experience <= ${years})`,
  fits: (job) => job.experience === null || job.experience <= years,
});
const kinds = [
  [["full_time"], ["gig"], ["gig", "internship"]].map((values) => oneOf("category", "category", values)),
  [paid("month", 6000), paid("month", 12000), paid("hour", 25)],
  ["associate", "bachelor"].map(educated),
  [1, 3, 5].map(experienced),
  [["I"], ["C", "F"], ["G", "H", "O"]].map((values) => oneOf("industry", "industry", values)),
  [{ ...oneOf("precision", '"precision"', ["exact"]) }, { ...oneOf("precision", '"precision"', ["exact", "address"]), query: "precision=address" }],
];

export function randomFilters(n) {
  let state = 7;
  const below = (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({ length: n }, (_, i) => {
    const left = [...kinds], chosen = [];
    for (let k = 0; k <= i % 4; ++k) {
      const [kind] = left.splice(below(left.length), 1);
      chosen.push(kind[below(kind.length)]);
    }
    return {
      query: chosen.map(({ query }) => query).join("&"),
      sql: chosen.map(({ sql }) => sql).join(" AND "),
      fits: (job) => chosen.every(({ fits }) => fits(job)),
    };
  });
}

// The tile of that zoom that holds the most of the places asked about.
export function fullestTile(zoom) {
  const counts = new Map(), side = 2 ** zoom;
  for (const line of linesOf("queries.txt")) {
    const [lon, lat] = line.split(",").map(Number);
    const x = Math.floor((lon / 360 + 0.5) * side);
    const y = Math.floor((0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * side);
    const tile = `${zoom}/${x}/${y}`;
    counts.set(tile, (counts.get(tile) ?? 0) + 1);
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}
