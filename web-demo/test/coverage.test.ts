// The planner's rows: read from the API's answer, and sorted by any column.
import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOf, coverageOf, sorted } from "../src/plan/coverage";
import type { CoverageAnswer } from "../src/types";

const covered = (total: number, part: number) => ({
  total,
  covered: part,
  share: total ? part / total : null,
  low: total ? part / total / 2 : null,
  high: total ? Math.min(1, (part / total) * 2) : null,
});
const square = { type: "MultiPolygon", coordinates: [[[[1, 2], [3, 2], [3, 5], [1, 2]]]] } as const;

const unlocated = { ads: 0, openings: 0 };
const answer = {
  generation: "g",
  method: { speed_kmh: 4.68, detour: 1.22, circle_m: 959 },
  all: { openings: covered(30, 12), unlocated },
  features: [
    { type: "Feature", id: "", geometry: null, properties: { district: "330102", name: "上城区", openings: covered(20, 12), unlocated } },
    { type: "Feature", id: "", geometry: null, properties: { district: "330122", name: "桐庐县", openings: covered(10, 0), unlocated } },
    { type: "Feature", id: "", geometry: null, properties: { district: "330127", name: "淳安县", openings: covered(0, 0), unlocated } },
    { type: "Feature", id: "", geometry: square, properties: { gap: 1, district: "330122", name: "桐庐县", area: 5, ads: 3, openings: 9 } },
  ],
} as unknown as CoverageAnswer;

test("rows, the whole and the gaps are told apart", () => {
  const coverage = coverageOf(answer, "openings");
  assert.deepEqual(coverage.rows.map((row) => row.name), ["上城区", "桐庐县", "淳安县"]);
  assert.equal(coverage.all.total, 30);
  assert.equal(coverage.metres, 959);
  assert.deepEqual(coverage.gaps.map(({ district, openings }) => [district, openings]), [["桐庐县", 9]]);
});

test("sorted either way; what has no share comes last", () => {
  const { rows } = coverageOf(answer, "openings");
  const names = (by: "share" | "total" | "name", descending: boolean) => sorted(rows, by, descending).map((row) => row.id);
  assert.deepEqual(names("share", false), ["330122", "330102", "330127"]);
  assert.deepEqual(names("share", true), ["330102", "330122", "330127"]);
  assert.deepEqual(names("total", true), ["330102", "330122", "330127"]);
  assert.deepEqual(names("name", true), ["330127", "330122", "330102"]);
});

test("the box of an area", () => {
  assert.deepEqual(boxOf(square as unknown as Parameters<typeof boxOf>[0]), [1, 2, 3, 5]);
});
