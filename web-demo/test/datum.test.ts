// The shift to China's datums, by what the server answers for the station Longxiangqiao in each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shifted } from "../src/datum";

test("a position of WGS84 in the basemap's datum", () => {
  for (const [datum, expected] of [
    ["wgs84", [120.15937, 30.25698]],
    ["gcj02", [120.1640506, 30.254642]],
    ["bd09", [120.170625, 30.2604034]],
  ] as const)
    shifted([120.15937, 30.25698], datum).forEach((value, i) => assert.ok(Math.abs(value - (expected[i] ?? 0)) < 2e-7, `${datum}: ${value}`));
});
