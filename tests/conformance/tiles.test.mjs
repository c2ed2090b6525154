// OGC API Tiles, core, tilesets, and tiles of dataset and collections: its abstract tests, restated.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";

import { get, sample } from "./world.mjs";

const mvt = "application/vnd.mapbox-vector-tile";
const vectors = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
let world;
before(async () => (world = await sample()));
after(() => world.stop());

const bytes = async (target) => new Uint8Array(await (await fetch(target.startsWith("http") ? target : world.url + target)).arrayBuffer());
const link = (body, rel) => body.links.find((l) => l.rel === rel);
// z10: the middle of the city
const at = { tileMatrix: "10", tileRow: "421", tileCol: "853" };
const filled = (template, tile = at) => template.replaceAll(/\{(\w+)\}/g, (_, name) => tile[name]);

test("conformance names what is kept, and the landing page leads to the tilesets", async () => {
  const { conformsTo } = (await get(world, "/ogc/conformance")).body;
  for (const part of ["core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt"])
    assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${part}`), part);
  assert.ok(link((await get(world, "/ogc")).body, vectors));
});

test("from each list of tilesets to a tile, by links alone", async () => {
  const starts = [link((await get(world, "/ogc")).body, vectors).href];
  for (const c of (await get(world, "/ogc/collections")).body.collections) starts.push(link(c, vectors).href);
  assert.equal(starts.length, 7);
  for (const start of starts) {
    const { tilesets } = (await get(world, start)).body;
    assert.equal(tilesets.length, 1);
    const [set] = tilesets;
    assert.equal(set.dataType, "vector");
    assert.equal(set.tileMatrixSetURI, "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
    const about = (await get(world, link(set, "self").href)).body;
    for (const one of [set, about]) {
      assert.equal(one.tileMatrixSetId, "WebMercatorQuad");
      assert.equal(one.crs, "http://www.opengis.net/def/crs/EPSG/0/3857");
      assert.deepEqual(one.tileMatrixSetLimits.map((l) => l.tileMatrix), about.boundingBox ? [...Array(23).keys()].map(String) : []);
    }
    assert.deepEqual(set.tileMatrixSetLimits, about.tileMatrixSetLimits);
    assert.ok(about.layers.length === (start.includes("collections") ? 1 : 6));
    const scheme = (await get(world, link(about, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme").href)).body;
    assert.equal(scheme.tileMatrices.length, 23);
    const item = link(about, "item");
    assert.equal(item.type, mvt);
    assert.ok(item.templated);
    const tile = await fetch(filled(item.href));
    assert.ok([200, 204].includes(tile.status), item.href);
    if (tile.status === 200) assert.equal(tile.headers.get("content-type"), mvt);
  }
});

test("no tile outside a tileset's limits holds anything, and its first and last rows and columns do", async () => {
  for (const id of ["jobs", "stations", "service-points"]) {
    const start = `/ogc/collections/${id}/tiles/WebMercatorQuad`;
    const limits = (await get(world, start)).body.tileMatrixSetLimits;
    for (const { tileMatrix, minTileRow, maxTileRow, minTileCol, maxTileCol } of limits.filter((l) => l.tileMatrix <= 12)) {
      const size = 2 ** tileMatrix, rows = new Set(), columns = new Set();
      const around = (from, to) => [...Array(to - from + 3).keys()].map((i) => from - 1 + i).filter((i) => i >= 0 && i < size);
      for (const row of around(minTileRow, maxTileRow))
        for (const column of around(minTileCol, maxTileCol))
          if ((await get(world, `${start}/${tileMatrix}/${row}/${column}`)).status === 200) rows.add(row), columns.add(column);
      assert.deepEqual([Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)],
        [minTileRow, maxTileRow, minTileCol, maxTileCol], `${id} ${tileMatrix}`);
    }
  }
});

test("a tile has the bytes of /tiles, and the dataset's has all layers", async () => {
  const inDataset = new VectorTile(new Pbf(await bytes(filled("/ogc/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}"))));
  for (const [id, layer] of [["jobs", "jobs"], ["stations", "stations"], ["lines", "lines"], ["districts", "districts"], ["service-points", "service_points"]]) {
    const ours = await bytes(filled(`/ogc/collections/${id}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`));
    const theirs = await bytes(filled(`/tiles/${layer}/{tileMatrix}/{tileCol}/{tileRow}.mvt`));
    assert.deepEqual(ours, theirs, id);
    for (const [name, part] of Object.entries(new VectorTile(new Pbf(theirs)).layers)) assert.equal(inDataset.layers[name].length, part.length, name);
  }
  assert.ok(Object.keys(inDataset.layers).length >= 4);
});

test("an empty tile is 204; one outside the matrix is not found", async () => {
  for (const start of ["/ogc/tiles/WebMercatorQuad", "/ogc/collections/stations/tiles/WebMercatorQuad"]) {
    assert.equal((await get(world, `${start}/10/0/0`)).status, 204);
    for (const bad of ["0/1/0", "0/0/1", "10/1024/0", "23/0/0", "-1/0/0", "a/0/0", "1/0/-1"])
      assert.equal((await get(world, `${start}/${bad}`)).status, 404, bad);
  }
  for (const bad of ["/ogc/tiles/Other", "/ogc/tiles/Other/0/0/0", "/ogc/collections/jobs/tiles/Other", "/ogc/collections/nothing/tiles", "/ogc/tileMatrixSets/Other"])
    assert.equal((await get(world, bad)).status, 404, bad);
});

test("the definition describes the tiles: operations by name, and their three coordinates", async () => {
  const { paths } = (await get(world, "/ogc/api")).body;
  const operations = Object.entries(paths).filter(([, { get: o }]) => o?.operationId.endsWith(".getTile"));
  assert.equal(operations.length, 3);
  for (const [path] of operations) assert.match(path, /\/tiles\/\{tileMatrixSetId\}\/\{tileMatrix\}\/\{tileRow\}\/\{tileCol\}$/);
});
