// The map: what is clicked on it, the clusters that follow the filter and split, "search this area", the layers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { startSession } from "./session.mjs";

const need = createRequire(new URL("../package.json", import.meta.url));
const { VectorTile } = await import(need.resolve("@mapbox/vector-tile"));
const { default: Pbf } = await import(need.resolve("pbf"));

const session = startSession();
const shows = (map, query) => session.answers.assertShows(map, query);

// The newest of each job tile that the page asked for, decoded.
async function jobTilesOf(map) {
  const urls = new Map();
  for (const url of map.requests.filter((one) => one.includes("/tiles/jobs/"))) urls.set(new URL(url).pathname, url);
  const tiles = [];
  for (const [path, url] of urls) {
    const response = await fetch(url);
    if (response.status === 204) continue;
    const [z, x, y] = path.match(/\d+/g).map(Number);
    const { layers } = new VectorTile(new Pbf(new Uint8Array(await response.arrayBuffer())));
    const features = (name) =>
      Array.from({ length: layers[name]?.length ?? 0 }, (_, i) => {
        const feature = layers[name].feature(i);
        const { geometry } = feature.toGeoJSON(x, y, z);
        return { ...feature.properties, at: geometry.coordinates };
      });
    tiles.push({ z, jobs: features("jobs"), clusters: features("clusters") });
  }
  return tiles;
}

test("a station clicked on the map", async () => {
  for (const id of ["longxiangqiao", "fengqilu"]) {
    const map = await session.open("view=14/30.25698/120.15937");
    const from = map.requests.length;
    await map.clickMap(session.stations.get(id).geometry.coordinates);
    await map.page.waitForFunction((station) => location.hash.includes(`station=${station}&`), id);
    await shows(map, `station=${id}&radius=800`);
    await session.answers.assertTilesAsk(map, from, { station: id, radius: "800" });
    await map.close();
  }
});

test("what the clusters say adds up to the list, under a filter too", async () => {
  for (const query of ["", "category=gig", "q=工程师&category=full_time"]) {
    const map = await session.open(`${query ? `${query}&` : ""}view=7/29.9/119.6`);
    const tiles = await jobTilesOf(map);
    const { located } = await session.answers.jobs(query, 1);
    const z = Math.max(...tiles.map((tile) => tile.z));
    const all = tiles.filter((tile) => tile.z === z).flatMap((tile) => [...tile.jobs, ...tile.clusters]);
    assert.equal(all.reduce((sum, { ads }) => sum + ads, 0), located, `${query} at z${z}`);
    await map.close();
  }
});

test("a cluster clicked falls apart, until one that can't is listed by its cell", async () => {
  const map = await session.open("view=9/30.25/120.17");
  const zoom = () => Number(map.fragment().get("view").split("/")[0]);
  const tiles = await jobTilesOf(map);
  const largest = tiles.flatMap((tile) => tile.clusters).reduce((best, one) => (one.ads > best.ads ? one : best));
  const before = zoom();
  await map.clickMap(largest.at);
  await map.page.waitForFunction((old) => Number(/view=([\d.]+)/.exec(location.hash)?.[1]) > old, before);
  await map.rest();
  assert.ok(zoom() > before);
  await map.close();

  const cell = largest.cell;
  const listed = await session.open(`cell=${cell}`);
  const answer = await shows(listed, `cell=${cell}`);
  assert.equal(answer.numberMatched, largest.ads);
  await listed.close();
});

test("search this area, once the map was moved", async () => {
  const map = await session.open("view=13/30.257/120.1594");
  const { page } = map;
  assert.equal(await page.locator("#search-area").isVisible(), false);
  const box = await page.locator("#map").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 120, box.y + box.height / 2 - 40, { steps: 6 });
  await page.mouse.up();
  await page.locator("#search-area").click();
  await page.waitForFunction(() => location.hash.includes("area="));
  await shows(map, `bbox=${map.fragment().get("area")}`);
  await page.locator("#pills [data-pill=area]").click();
  await shows(map, "sort=newest");
  await map.close();
});

test("a drag that is let go over the legend has ended", async () => {
  const map = await session.open("view=13/30.257/120.1594");
  const { page } = map;
  const [area, legend] = [await page.locator("#map").boundingBox(), await page.locator("#legend").boundingBox()];
  await page.mouse.move(area.x + area.width / 2, area.y + area.height / 2);
  await page.mouse.down();
  await page.mouse.move(legend.x + 10, legend.y + 10, { steps: 6 });
  await page.mouse.up();
  await map.changed("view", "13/30.257/120.1594"); // written once the map has come to rest
  await map.close();
});

test("layers are switched on and off, and the URL remembers", async () => {
  const map = await session.open("view=12.5/30.25/120.17");
  const { page } = map;
  await page.locator("#layer-switch summary").click();
  await page.locator("[data-key=layer-venture]").check();
  await page.locator("[data-key=layer-choropleth]").check();
  await page.waitForFunction(() => decodeURIComponent(location.hash).includes("layers=service,venture,choropleth"));
  await map.rest();
  assert.ok(map.requests.some((url) => url.includes("/tiles/venture_sites/")), "no tile of venture sites");
  assert.ok(map.requests.some((url) => url.includes("/v1/facets") && url.includes("by=district")), "no jobs by district");
  await page.locator("[data-key=layer-service]").uncheck();
  await page.waitForFunction(() => decodeURIComponent(location.hash).includes("layers=venture,choropleth"));
  assert.doesNotMatch(await page.locator("#legend").innerText(), /服务网点/);
  await map.close();
});
