// Names of districts stand inside what is seen of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { clipped, districtNames } from "../src/place-names";
import type { Position } from "../src/types";

const square = (west: number, south: number, side: number): Position[] => [
  [west, south],
  [west + side, south],
  [west + side, south + side],
  [west, south + side],
  [west, south],
];
const district = (adcode: string, ring: Position[]) => ({
  type: "Feature" as const,
  id: adcode,
  geometry: { type: "MultiPolygon" as const, coordinates: [[ring]] },
  properties: { adcode, name: adcode },
});
const area = (ring: Position[]) =>
  Math.abs(ring.reduce((sum, [x, y], i) => sum + x * (ring[i + 1]?.[1] ?? y) - (ring[i + 1]?.[0] ?? x) * y, 0)) / 2;

test("a ring is cut to a box", () => {
  assert.equal(area(clipped(square(0, 0, 10), [2, 3, 20, 5])), 16);
  assert.equal(area(clipped(square(0, 0, 10), [-5, -5, 20, 20])), 100);
  assert.deepEqual(clipped(square(0, 0, 10), [20, 20, 30, 30]), []);
  assert.equal(area(clipped([[0, 0], [10, 0], [0, 10], [0, 0]], [0, 0, 5, 5])), 25);
});

test("a district seen in part is named there; a sliver and what is out of sight are not", () => {
  const box = [0, 0, 10, 10] as const;
  const names = districtNames([district("whole", square(1, 1, 4)), district("part", square(8, 8, 40)), district("sliver", square(9.95, 0, 40)), district("away", square(50, 50, 4))], box);
  assert.deepEqual(names.map((name) => name.properties?.adcode), ["whole", "part"]);
  for (const { geometry } of names) {
    assert.equal(geometry.type, "Point");
    if (geometry.type === "Point") for (const value of geometry.coordinates) assert.ok(value >= 0 && value <= 10);
  }
  assert.deepEqual(names[1]?.geometry, { type: "Point", coordinates: [9, 9] });
});
