// Drawn circles against distances by the haversine formula on the sphere of Hangzhou's mean radius of curvature.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Position } from "../src/types";
import { around, circle } from "../src/geodesy";

function metres([x1, y1]: Position, [x2, y2]: Position): number {
  const rad = Math.PI / 180;
  const h = Math.sin(((y2 - y1) * rad) / 2) ** 2 + Math.cos(y1 * rad) * Math.cos(y2 * rad) * Math.sin(((x2 - x1) * rad) / 2) ** 2;
  return 2 * 6367300 * Math.asin(Math.sqrt(h));
}

const station: Position = [120.15937, 30.25698];

test("every corner of a circle is its radius away, and it closes", () => {
  for (const radius of [1, 300, 959, 5000]) {
    const ring = circle(station, radius);
    assert.deepEqual(ring[0], ring.at(-1));
    for (const corner of ring) assert.ok(Math.abs(metres(station, corner) / radius - 1) < 0.004);
  }
});

test("the box round a place holds the circle", () => {
  const [[west, south], [east, north]] = around(station, 800);
  for (const [x, y] of circle(station, 800)) assert.ok(x >= west - 1e-9 && x <= east + 1e-9 && y >= south - 1e-9 && y <= north + 1e-9);
});
