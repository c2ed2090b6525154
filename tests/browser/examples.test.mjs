// The pages to embed, opened from another origin as they would be: each draws what the API answers.
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { startSession } from "./session.mjs";

const session = startSession();
const root = fileURLToPath(new URL("../../", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".proto": "text/plain" };
let site, host;

before(async () => {
  site = createServer((request, response) => {
    const path = new URL(request.url, "http://host").pathname;
    const file = root + path.slice(1);
    if (!/^\/(web-demo\/(examples|node_modules)|proto)\//.test(path) || path.includes("..") || !existsSync(file))
      return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
  host = `http://127.0.0.1:${site.address().port}`;
});
after(() => site?.close());

async function open(name) {
  const page = await (await session.browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(String(error)));
  await page.goto(`${host}/web-demo/examples/${name}.html?server=${session.server.base.replace(/\/$/, "")}`);
  await page.waitForFunction(() => document.body.dataset.jobs !== undefined && document.body.dataset.ready !== "false", null, { timeout: 30_000 });
  if (name !== "maplibre") await page.locator("body[data-ready=true]").waitFor({ state: "attached" });
  const drawn = Number(await page.evaluate(() => document.body.dataset.jobs));
  assert.deepEqual(trouble, []);
  await page.context().close();
  return drawn;
}

test("MapLibre draws the tiles of its query", async () => {
  assert.ok((await open("maplibre")) > 0);
});

test("Leaflet draws every page of the list", async () => {
  const { located } = await session.answers.jobs("station=longxiangqiao&radius=800", 1);
  assert.equal(await open("leaflet"), located);
});

test("OpenLayers draws the list it got as protobuf", async () => {
  const { located } = await session.answers.jobs("station=longxiangqiao&radius=1000", 1);
  assert.equal(await open("openlayers"), Math.min(500, located));
});
