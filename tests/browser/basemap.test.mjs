// A basemap of the operator's: its tiles lie under our layers, and every coordinate is asked for in its datum.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { startBrowser, MapPage } from "./page.mjs";
import { startServer } from "./server.mjs";

// One grey pixel.
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
let ground, server, browser, asked = 0;

before(async () => {
  ground = createServer((_, response) => {
    ++asked;
    response.writeHead(200, { "content-type": "image/png", "access-control-allow-origin": "*" }).end(pixel);
  });
  await new Promise((ready) => ground.listen(0, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${ground.address().port}/{z}/{x}/{y}.png`;
  server = await startServer("--basemap", url, "--basemap-datum", "gcj02");
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  ground?.close();
});

test("the page asks for lists, counts and tiles in the basemap's datum", async () => {
  const map = await MapPage.open(browser, server.base, "station=longxiangqiao");
  assert.ok(asked > 0, "no tile of the basemap");
  const ours = map.requests.filter((url) => url.startsWith(server.base) && /\/(v1\/(jobs|facets)|tiles\/)/.test(url));
  assert.ok(ours.length > 5);
  for (const url of ours) assert.equal(new URL(url).searchParams.get("crs"), "gcj02", url);
  const { body } = await server.get("v1/jobs?station=longxiangqiao&radius=800&crs=gcj02&limit=30");
  assert.deepEqual(await map.ids(), body.features.map((job) => job.id));
  assert.deepEqual(map.trouble, []);
  await map.page.context().close();
});

test("without a datum the server refuses to start", async () => {
  await assert.rejects(startServer("--basemap", "http://127.0.0.1:1/{z}/{x}/{y}.png"), /basemap-datum/);
});
