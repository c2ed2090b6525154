// GDAL as a client of /ogc: what it reads is what /v1 says.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { after, before, test } from "node:test";

import { get, pages, sample } from "./world.mjs";

const skip = spawnSync("ogrinfo", ["--version"]).status === 0 ? false : "no ogrinfo";
let world;
before(async () => (world = await sample()));
after(() => world.stop());

const gdal = (program, args) => execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
const read = (collection, ...more) => {
  const csv = gdal("ogr2ogr", ["-f", "CSV", "/vsistdout/", `OAPIF:${world.url}/ogc`, collection, "-select", "id", ...more]);
  return csv.trim().split("\n").slice(1).map((line) => line.replaceAll('"', "")).sort();
};

test("ogrinfo tells each collection's geometry, number and properties", { skip }, async () => {
  const types = { jobs: "Point", stations: "Point", lines: "Multi Line String", districts: "Multi Polygon" };
  for (const [id, type] of Object.entries(types)) {
    const text = gdal("ogrinfo", ["-ro", "-al", "-so", `OAPIF:${world.url}/ogc`, id]);
    const { numberMatched } = (await get(world, `/ogc/collections/${id}/items?limit=1`)).body;
    assert.match(text, new RegExp(`^Geometry: ${type}$`, "m"), id);
    assert.match(text, new RegExp(`^Feature Count: ${numberMatched}$`, "m"), id);
  }
  assert.match(gdal("ogrinfo", ["-ro", "-al", "-so", `OAPIF:${world.url}/ogc`, "jobs"]), /^expires_at: DateTime/m);
});

test("ogr2ogr -spat reads the jobs of a box, all pages of them", { skip }, async () => {
  for (const box of [["120.15", "30.24", "120.18", "30.26"], ["120", "30", "120.4", "30.5"]]) {
    const lists = await pages(world, `/v1/jobs?limit=1000&fields=title&bbox=${box}`);
    const expected = lists.flatMap((list) => list.features.map((f) => f.id)).sort();
    assert.ok(expected.length > 3);
    assert.deepEqual(read("jobs", "-spat", ...box), expected);
    assert.deepEqual(read("jobs", "-spat", ...box, "-oo", "PAGE_SIZE=7"), expected, "in many pages");
  }
});

test("ogr2ogr reads whole collections", { skip }, async () => {
  for (const id of ["stations", "lines", "districts", "jobs"]) {
    const lists = await pages(world, `/ogc/collections/${id}/items?limit=10000`);
    assert.deepEqual(read(id), lists.flatMap((list) => list.features.map((f) => f.id)).sort());
  }
});
