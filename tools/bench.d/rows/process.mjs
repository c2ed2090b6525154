// In process (jobmap_bench), all in one run since the jobs are made anew for each: figures of ours alone, and ours
// beside Boost's on the same input. The answers are those that tests/ compares with brute force and SQL; Boost.Graph
// must have come to the same number of nodes here.
import { inProcess } from "../load.mjs";
import { addFigure, addRow, missing } from "../report.mjs";
import { jobs } from "../settings.mjs";
import { number } from "../table.mjs";

const scale = { " µs": 1, " ms": 1e3, " s": 1e6 };

// [benchmark, words, unit, target of ours, a counter to be named]
const figures = [
  ["count_of_a_category_in_a_random_box", "count of a category, box of 1/10 × 1/10 of the sides, at random, in process", " µs", 5],
  ["count_of_a_category_in_a_dense_box", "the same in the dense core", " µs", 25],
  ["tree_build_ours", "build of the R-tree, in process", " ms", 120],
  ["list/radius_1_km_one_category_nearest_50", "radius list, in process, rows alone", " µs"],
  ["list/radius_1_km_one_category_nearest_50_geojson", "radius list, in process, GeoJSON", " µs"],
  ["list/radius_1_km_one_category_nearest_50_protobuf", "radius list, in process, protobuf", " µs"],
  ["list/nearest_50_of_a_category", "nearest 50, in process, rows alone", " µs"],
  ["z14_tile_of_800", "tile z14 of about 800 jobs, in process", " µs"],
  ["city_tile_z10_random", "cluster tile z10 of the whole city under a random filter of one to four predicates, in process", " ms", 2],
  ["city_tile_z10/four", "the same under one filter of four", " ms", 2],
  ["cluster_tile/0", "cluster tile z0, unfiltered, in process", " µs", 300],
  ["cluster_tile/6", "the same, z6", " µs", 300],
  ["cluster_tile/10", "the same, z10", " µs", 300],
  ["cluster_tile/14", "the same, z14", " µs", 300],
  ["cluster_tile_of_a_category/0", "cluster tile z0 of a category, in process", " µs", 300],
  ["cluster_tile_of_a_category/6", "the same, z6", " µs", 300],
  ["cluster_tile_of_a_category/10", "the same, z10", " µs", 300],
  ["cluster_tile_of_a_category/14", "the same, z14", " µs", 300],
  ["facets/district_category_of_a_tenth", "facets by district and category under a filter, in process", " ms", 3, "ads"],
  ["facets/district_category_of_pay", "the same under another", " ms", 3, "ads"],
  ["words/near_nearest_50", "`q=工程师`, radius 2,000 m, one category, nearest 50, in process", " µs", 200, "matches"],
  ["words/best_50_of_all", "`q=工程师`, one category, the best 50, in process", " ms", undefined, "matches"],
  ["within_45_minutes_by_metro_count_and_first_50", "45 minutes by metro and on foot: exact count and first 50, in process", " ms", 40, "matches"],
  ["streets_isochrone_5_10_15/100", "isochrone 5, 10, 15 min, streets every 100 m, in process", " ms"],
  ["streets_isochrone_5_10_15/25", "the same, every 25 m", " ms"],
  ["streets_snapshot_walks/100", "walks of all jobs to service points and stations, as a snapshot is built; streets every 100 m", " s", 0.5],
  ["streets_snapshot_walks/25", "the same, every 25 m", " s", 3],
  ["coverage_by_district_all_measures_with_band", "coverage by district and category, all measures, with band, in process", " ms", 200],
  ["what_if_of_one_point", "what one more service point gains, in process", " ms", 20],
  ["coverage_along_streets", "coverage by district and category, all measures, with band, along a street network, in process", " ms", 200],
  ["what_if_of_one_point_along_streets", "what one more service point gains, along a street network, in process", " ms", 20],
  ["siting_10_of_2000_by_openings", "siting of 10 among 2,000 places by openings, in process", " s", 2],
];
// [words, ours, peer's words, peer's, unit, target of the ratio, counter that must agree]
const pairs = [
  ["build of the R-tree, in process", "tree_build_ours", "Boost.Geometry, packing constructor", "tree_build_boost", " ms", 1],
  ["15 minutes on foot from a random corner, streets every 100 m, in process", "streets_quarter_hour_ours/100",
    "Boost.Graph, Dijkstra with a bounded visitor", "streets_quarter_hour_boost/100", " µs", 3, "nodes"],
  ["the same, every 25 m", "streets_quarter_hour_ours/25", "Boost.Graph, Dijkstra with a bounded visitor",
    "streets_quarter_hour_boost/25", " µs", 3, "nodes"],
  ["list of a category in the service circle, count and 50, in process", "list_of_a_category_in_the_service_circle",
    "ours, in a district instead", "list_of_a_category_in_a_district", " µs", 1],
];

export async function inProcessRows() {
  const names = [...new Set([...figures.map(([name]) => name), ...pairs.flatMap(([, ours, , theirs]) => [ours, theirs]),
    "streets_import_2m_nodes", "memory_of_text"])];
  // The name of a row that is measured by the wall clock says so.
  const times = await inProcess(`^(${names.join("|")})(/real_time)?$`, { JOBMAP_BENCH_JOBS: String(jobs) }, { minTime: 0.1 });
  const time = (name, unit) => {
    const found = times[name] ?? times[`${name}/real_time`];
    if (found) return { value: found.us / scale[unit], ...found };
    missing.push(`${name}: no such benchmark, or too few jobs for it`);
  };
  for (const [name, words, unit, below, counter] of figures) {
    const found = time(name, unit);
    if (!found) continue;
    const what = counter ? `${words} (mean ${number(found[counter])} matches)` : words;
    addFigure(what, found.value, unit, below && { below });
  }
  for (const [words, ours, peer, theirs, unit, above, counter] of pairs) {
    const mine = time(ours, unit), other = time(theirs, unit);
    if (!mine || !other) continue;
    if (counter && Math.abs(mine[counter] / other[counter] - 1) > 0.01)
      throw new Error(`${ours}: ${mine[counter]} ${counter}, ${theirs}: ${other[counter]}`);
    addRow(words, number(mine.value) + unit, peer, number(other.value) + unit, other.value / mine.value,
      { least: above, unit: "×" }, other.value / mine.value);
  }
  const nodes = times["streets_import_2m_nodes/real_time"], text = times.memory_of_text;
  if (nodes) addFigure("`import-osm` of a generated extract of 2,000,000 nodes, in process", nodes["nodes/s"], " nodes/s", { above: 200000 });
  if (text) addFigure("memory added by text and facets (facets count from the columns of filters)", text.MiB, " MiB", { below: 300 });
}
