// OGC API Features, part 2: coordinate reference systems by URI, with the order of axes of each.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fixture, get, ids, pages, sample } from "./world.mjs";

const uri = (code) => (code === 84 ? "http://www.opengis.net/def/crs/OGC/1.3/CRS84" : `http://www.opengis.net/def/crs/EPSG/0/${code}`);
const codes = [84, 4326, 4490, 3857, 4549], yFirst = [4326, 4490, 4549];
const names = { 84: "wgs84", 4326: "EPSG:4326", 4490: "EPSG:4490", 3857: "EPSG:3857", 4549: "EPSG:4549" };
let city, world;
before(async () => ([city, world] = [await sample(), await fixture()]));
after(() => Promise.all([city.stop(), world.stop()]));

const turned = (code, xy) => (yFirst.includes(code) ? [xy[1], xy[0]] : xy);

test("each collection lists its systems, the default among them, and that of storage", async () => {
  for (const c of (await get(city, "/ogc/collections")).body.collections) {
    assert.deepEqual(c.crs, codes.map(uri));
    assert.equal(c.storageCrs, uri(84));
  }
});

test("crs: coordinates of the system in the order of its axes, and Content-Crs says so", async () => {
  for (const id of ["jobs", "lines", "districts", "service-points"]) {
    for (const code of codes) {
      const path = `/ogc/collections/${id}/items?limit=20`;
      const { body, headers } = await get(city, code === 84 ? path : `${path}&crs=${uri(code)}`);
      assert.equal(headers.get("content-crs"), `<${uri(code)}>`);
      // /v1 gives the same features x first.
      const plain = (await get(city, `/v1/${id}?${id === "jobs" ? "limit=1000&" : ""}crs=${names[code]}`)).body.features;
      const flat = (c) => (typeof c[0] === "number" ? [c] : c.flatMap(flat));
      for (const f of body.features) {
        const same = plain.find((p) => p.id === f.id);
        assert.deepEqual(f.geometry && flat(f.geometry.coordinates), same.geometry && flat(same.geometry.coordinates).map((xy) => turned(code, xy)));
        const one = await get(city, `/ogc/collections/${id}/items/${f.id}?crs=${uri(code)}`);
        assert.equal(one.headers.get("content-crs"), `<${uri(code)}>`);
        assert.deepEqual(one.body.geometry, f.geometry);
      }
    }
  }
});

test("bbox-crs: the same box in each system finds the same jobs", async () => {
  const boxOf = async (code) => {
    // Its corners, as the server itself projects them: two stations, of which the box is wide enough to touch no job.
    const { features } = (await get(city, `/ogc/collections/stations/items?id=longxiangqiao,jianglinglu&crs=${uri(code)}`)).body;
    const [a, b] = features.map((f) => turned(code, f.geometry.coordinates));
    const low = [Math.min(a[0], b[0]), Math.min(a[1], b[1])], high = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    return [...turned(code, low), ...turned(code, high)].join();
  };
  const expected = ids(await pages(city, `/ogc/collections/jobs/items?limit=10000&bbox=${await boxOf(84)}`)).sort();
  assert.ok(expected.length > 10);
  for (const code of codes) {
    const found = ids(await pages(city, `/ogc/collections/jobs/items?limit=10000&bbox=${await boxOf(code)}&bbox-crs=${uri(code)}`)).sort();
    if (code === 4549) { // its axes are turned by the meridian convergence: nearly the same box
      const both = found.filter((id) => expected.includes(id)).length;
      assert.ok(both > 0.95 * Math.max(found.length, expected.length), `${both} of ${found.length} and ${expected.length}`);
    } else assert.deepEqual(found, expected, String(code));
    // The system of the box is not that of the answer.
    const { headers } = await get(city, `/ogc/collections/jobs/items?limit=1&bbox=${await boxOf(code)}&bbox-crs=${uri(code)}`);
    assert.equal(headers.get("content-crs"), `<${uri(84)}>`);
  }
});

test("latitude first crosses the antimeridian too", async () => {
  const one = ids(await pages(world, "/ogc/collections/jobs/items?bbox=177,65,-177,70")).sort();
  assert.equal(one.length, 4);
  assert.deepEqual(ids(await pages(world, `/ogc/collections/jobs/items?bbox=65,177,70,-177&bbox-crs=${uri(4326)}`)).sort(), one);
});

test("a system that isn't served is refused by name", async () => {
  for (const id of ["jobs", "lines"])
    for (const parameter of ["crs", "bbox-crs"])
      for (const bad of ["http://www.opengis.net/def/crs/EPSG/0/1", "EPSG:4326", "wgs84", ""]) {
        const { status, body } = await get(city, `/ogc/collections/${id}/items?bbox=1,2,3,4&${parameter}=${bad}`);
        assert.equal(status, 400, bad);
        assert.equal(body.parameter, parameter);
      }
});
