// Tiles of the real server, read by the library that MapLibre draws with (@mapbox/vector-tile) and by GDAL.
//
// Needs `npm ci` in tests/ and Debian's gdal-bin.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";

import { scratch, start } from "../e2e/server.mjs";

const layers = ["jobs", "stations", "lines", "districts", "service_points", "venture_sites"];
let server;
before(async () => (server = await start()));
after(() => server.stop());

const url = (path) => `http://127.0.0.1:${server.port}${path}`;
const json = async (path) => (await fetch(url(path))).json();

// The tiles of a zoom in the bounds of a layer, by its own template: [z, x, y, bytes or null].
async function* tiles(layer, z, query = "") {
  const { tiles: [template], bounds: [west, south, east, north] } = await json(`/tiles/${layer}.json${query}`);
  const column = (lon) => Math.floor((lon / 360 + 0.5) * 2 ** z);
  const row = (lat) => Math.floor((0.5 - Math.atanh(Math.sin((lat * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** z);
  for (let x = column(west); x <= column(east); ++x)
    for (let y = row(north); y <= row(south); ++y) {
      const response = await fetch(new URL(template.replace("{z}", z).replace("{x}", x).replace("{y}", y), url("/")));
      assert.ok(response.status === 200 || response.status === 204);
      const bytes = new Uint8Array(await response.arrayBuffer());
      assert.equal(response.status === 204, bytes.length === 0);
      if (bytes.length) assert.equal(response.headers.get("content-type"), "application/vnd.mapbox-vector-tile");
      yield [z, x, y, bytes.length ? bytes : null];
    }
}

const read = (bytes) => new VectorTile(new Pbf(bytes)).layers;

// A cluster counts what the list of its cell counts, and stands where those jobs are on the average.
async function checkCluster(feature, [z, x, y], query) {
  const { ads, openings, cell, full_time, gig, internship } = feature.properties;
  const list = await json(`/v1/jobs${query ? query + "&" : "?"}cell=${cell}&limit=1000`);
  assert.deepEqual([list.numberMatched, list.openings, list.located], [ads, openings, ads], `${cell} ${query}`);
  const of = (category) => list.features.filter((f) => f.properties.category === category).length;
  assert.deepEqual([of("full_time"), of("gig"), of("internship")], [full_time, gig, internship]);
  const [lon, lat] = feature.toGeoJSON(x, y, z).geometry.coordinates;
  const mean = (axis) => list.features.reduce((sum, f) => sum + f.geometry.coordinates[axis], 0) / ads;
  const unit = 360 / 2 ** z / 4096;
  assert.ok(Math.abs(lon - mean(0)) < unit && Math.abs(lat - mean(1)) < unit, cell);
}

test("all jobs with a point are in the tiles, where the list has them", async () => {
  for (const query of ["", "?category=gig", "?station=longxiangqiao&radius=5000"]) {
    const list = await json(`/v1/jobs${query ? query + "&" : "?"}limit=1000`);
    const listed = new Map(list.features.filter((f) => f.geometry).map((f) => [f.id, f]));
    assert.equal(listed.size, list.located);
    assert.ok(listed.size > 0, query);
    for (const z of [0, 5, 8, 9, 10, 11, 12]) {
      let ads = 0, openings = 0;
      for await (const [, x, y, bytes] of tiles("jobs", z, query)) {
        if (!bytes) continue;
        assert.ok(bytes.length <= 500_000);
        for (const layer of Object.values(read(bytes)))
          for (let i = 0; i < layer.length; ++i) {
            const feature = layer.feature(i);
            ads += feature.properties.ads;
            openings += feature.properties.openings;
            if (layer.name === "clusters" && i % 7 === 0) await checkCluster(feature, [z, x, y], query);
          }
      }
      assert.equal(ads, list.located, `zoom ${z} ${query}`);
      if (query.includes("station")) assert.equal(openings, list.openings);
    }
    for (const z of [14]) {
      const seen = new Set();
      for await (const [, x, y, bytes] of tiles("jobs", z, query)) {
        if (!bytes) continue;
        const found = read(bytes);
        assert.deepEqual(Object.keys(found), ["jobs"]);
        assert.equal(found.jobs.extent, 4096);
        for (let i = 0; i < found.jobs.length; ++i) {
          const feature = found.jobs.feature(i);
          const { id, title, category, ads, openings } = feature.properties;
          assert.ok(!seen.has(id), `${id} twice`);
          seen.add(id);
          const job = listed.get(id);
          assert.ok(job, `${id} is not in the list`);
          assert.deepEqual({ title, category, ads, openings },
            { title: job.properties.title, category: job.properties.category, ads: 1, openings: job.properties.openings });
          const [lon, lat] = feature.toGeoJSON(x, y, z).geometry.coordinates;
          const unit = 360 / 2 ** z / 4096;
          assert.ok(Math.abs(lon - job.geometry.coordinates[0]) < unit && Math.abs(lat - job.geometry.coordinates[1]) < unit);
        }
      }
      assert.equal(seen.size, listed.size, `zoom ${z} ${query}`);
    }
  }
});

test("the layers of the city read back whole", async () => {
  for (const layer of layers.slice(1)) {
    const { vector_layers: [{ fields }] } = await json(`/tiles/${layer}.json`);
    const page = await json(`/v1/${layer.replace("_", "-")}`);
    const expected = new Set(page.features.map((f) => f.id));
    for (const z of [9, 12]) {
      const seen = new Set();
      for await (const [, x, y, bytes] of tiles(layer, z)) {
        if (!bytes) continue;
        const found = read(bytes)[layer];
        for (let i = 0; i < found.length; ++i) {
          const feature = found.feature(i);
          seen.add(feature.properties.id ?? feature.properties.adcode);
          for (const name of Object.keys(feature.properties)) assert.ok(name in fields, `${layer} ${name}`);
          assert.ok(feature.toGeoJSON(x, y, z).geometry.coordinates.flat(Infinity).every(Number.isFinite));
        }
      }
      assert.deepEqual(seen, expected, `${layer} ${z}`);
    }
  }
});

test("GDAL reads every layer without a complaint", async () => {
  const directory = scratch();
  for (const layer of layers) {
    let opened = 0;
    for await (const [z, x, y, bytes] of tiles(layer, 10)) {
      if (!bytes || opened >= 4) continue;
      const file = join(directory, `${layer}-${z}-${x}-${y}.pbf`);
      writeFileSync(file, bytes);
      const info = spawnSync("ogrinfo", ["-ro", "-al", "-so", `MVT:${file}`], { encoding: "utf8" });
      assert.equal(info.error, undefined, "ogrinfo of gdal-bin is needed");
      assert.equal(info.status, 0, info.stderr);
      assert.equal(info.stderr, "");
      for (const name of Object.keys(read(bytes))) assert.match(info.stdout, new RegExp(`Layer name: ${name}\n`));
      const counts = [...info.stdout.matchAll(/Feature Count: (\d+)/g)].map(([, n]) => Number(n));
      assert.deepEqual(counts, Object.values(read(bytes)).map((l) => l.length));
      ++opened;
    }
    assert.ok(opened > 0, layer);
  }
});
