// Pages of another origin hand our addresses to MapLibre, Leaflet and OpenLayers as they are, and each draws our tiles: by
// a loopback name, and by a public name under a path of a proxy. What is drawn is compared with what the list says.
// With SCREENS=DIR each page's picture is left there.
import assert from "node:assert/strict";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { freePort, nginx, startNginx } from "../e2e/nginx.mjs";
import { MapPage, startBrowser } from "./page.mjs";
import { startServer } from "./server.mjs";

const { build } = createRequire(new URL("../../web-demo/package.json", import.meta.url))("esbuild");
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
const style = "html,body,#map{height:100%;margin:0}";

// One page a library. `answer` in the URL names what to draw; when all is drawn the page says what in window.drawn, a list
// of [layer, properties].
const pages = {
  maplibre: `<link rel="stylesheet" href="/modules/maplibre-gl/dist/maplibre-gl.css"><script src="/modules/maplibre-gl/dist/maplibre-gl.js"></script>
    <script>
    const map = new maplibregl.Map({ container: "map", style: ask.get("answer"), center: at, zoom: 14, attributionControl: false, fadeDuration: 0 });
    map.on("error", ({ error }) => (window.failed = String(error)));
    map.once("idle", () => (window.drawn = map.queryRenderedFeatures().map((f) => [f.sourceLayer, f.properties])));
    </script>`,
  leaflet: `<link rel="stylesheet" href="/modules/leaflet/dist/leaflet.css"><script src="/modules/leaflet/dist/leaflet-src.js"></script>
    <script src="/modules/leaflet.vectorgrid/dist/Leaflet.VectorGrid.bundled.js"></script>
    <script type="module">
    const { tiles } = await (await fetch(ask.get("answer"))).json();
    const map = L.map("map", { attributionControl: false, fadeAnimation: false, zoomAnimation: false }).setView([at[1], at[0]], 15);
    const drawn = [];
    const note = (layer, shown) => (properties) => (drawn.push([layer, properties]), shown);
    const dot = (color) => ({ radius: 5, fill: true, fillColor: color, fillOpacity: 1, color: "#FFF", weight: 1 });
    L.vectorGrid.protobuf(tiles[0], { rendererFactory: L.canvas.tile, vectorTileLayerStyles: { jobs: note("jobs", dot("#C2570C")), clusters: note("clusters", dot("#5B4B8A")) } })
      .on("tileerror", ({ error }) => (window.failed = String(error))).on("load", () => (window.drawn = drawn)).addTo(map);
    </script>`,
  openlayers: `<link rel="stylesheet" href="/modules/ol/ol.css"><script src="/openlayers.js"></script>`,
};
// OpenLayers is made of modules, which its users bundle, so the page is bundled here.
const openlayers = `
  import Map from "ol/Map.js";
  import View from "ol/View.js";
  import MVT from "ol/format/MVT.js";
  import VectorTileLayer from "ol/layer/VectorTile.js";
  import { fromLonLat } from "ol/proj.js";
  import OGCVectorTile from "ol/source/OGCVectorTile.js";
  import apply from "ol-mapbox-style";
  const map = new Map({ target: "map", controls: [], view: new View({ center: fromLonLat(at), zoom: 15 }) });
  if (ask.get("as") === "ogc") {
    // The source reads the tileset that OGC API Tiles describes, and asks for the tiles it names.
    const source = new OGCVectorTile({ url: ask.get("answer"), format: new MVT({ layerName: "mvt:layer" }) });
    await new Promise((known) => source.once("change", known));
    if (source.getState() !== "ready") window.failed = "the tileset";
    map.addLayer(new VectorTileLayer({ source }));
  } else {
    await apply(map, ask.get("answer")).catch((error) => (window.failed = String(error)));
  }
  map.once("rendercomplete", () => {
    const drawn = {};
    for (const layer of map.getAllLayers())
      for (const feature of layer.getFeaturesInExtent?.(map.getView().calculateExtent()) ?? []) {
        const { "mvt:layer": name, ...properties } = feature.getProperties();
        drawn[name + JSON.stringify(properties)] = [name, properties];
      }
    window.drawn = Object.values(drawn);
  });
  map.render();
`;
const page = (name) => `<!doctype html><meta charset="utf-8"><title>${name}</title><style>${style}</style><div id="map"></div>
  <script>const ask = new URLSearchParams(location.search), at = [120.15937, 30.25698];</script>${pages[name]}`;

let site, host, server, browser;
before(async () => {
  const contents = `(async () => { ${openlayers.replace(/^  import .*$/gm, "")} })();`;
  const bundle = await build({ stdin: { contents: openlayers.match(/^  import .*$/gm).join("\n") + contents, resolveDir: modules },
    bundle: true, format: "iife", minify: true, write: false, logLevel: "error" });
  site = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const [, kind, ...rest] = pathname.split("/");
    const file = join(modules, ...rest);
    if (kind === "page" && pages[rest[0]]) return response.writeHead(200, { "content-type": "text/html" }).end(page(rest[0]));
    if (pathname === "/openlayers.js") return response.writeHead(200, { "content-type": "text/javascript" }).end(bundle.outputFiles[0].contents);
    if (kind !== "modules" || !file.startsWith(modules) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
  host = `http://127.0.0.1:${site.address().port}`;
  [server, browser] = await Promise.all([startServer(), startBrowser("--host-resolver-rules=MAP *.test 127.0.0.1")]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  site?.close();
});

async function open(name, answer, more = {}) {
  const opened = await (await browser.newContext({ viewport: { width: 700, height: 500 } })).newPage();
  const asked = [];
  opened.on("request", (request) => asked.push(request.url()));
  await opened.goto(`${host}/page/${name}?${new URLSearchParams({ answer, ...more })}`);
  return { opened, asked };
}

// The page of a library, and what it draws of an answer.
async function drawnBy(name, answer, more) {
  const { opened, asked } = await open(name, answer, more);
  await opened.waitForFunction(() => window.drawn || window.failed, null, { timeout: 60_000 });
  const { drawn, failed } = await opened.evaluate(() => ({ drawn: window.drawn, failed: window.failed }));
  assert.equal(failed, undefined, `${name}: ${answer}`);
  if (process.env.SCREENS) await opened.screenshot({ path: join(process.env.SCREENS, `${name}-${new URL(answer).hostname}${more?.as ?? ""}.png`) });
  await opened.context().close();
  const elsewhere = asked.filter((url) => !url.startsWith(host) && !url.startsWith(new URL(answer).origin) && !/^(data|blob):/.test(url));
  assert.deepEqual(elsewhere, [], `${name} asked somebody else`);
  assert.ok(asked.some((url) => url.includes(".mvt") || /WebMercatorQuad\/\d+/.test(url)), `${name} asked for no tile`);
  return drawn;
}

// Jobs and clusters that were drawn against the list: of the gigs in a box well inside the view each is drawn, by itself or
// in a cluster, and what is drawn by itself is a gig of the list.
async function compare(name, drawn) {
  const of = (layer) => drawn.filter(([of]) => of === layer);
  assert.ok(of("jobs").length > 0, `${name} drew no jobs`);
  const { body } = await server.get("v1/jobs?category=gig&limit=1000&bbox=120.13,30.235,120.19,30.28");
  const gigs = new Map(body.features.map((job) => [job.id, job]));
  assert.ok(gigs.size > 20 && gigs.size < 1000);
  const alone = new Set(of("jobs").map(([, { id }]) => id));
  for (const id of alone) assert.ok(gigs.has(id), `${name} drew ${id}`);
  const inside = [...gigs.values()].filter(({ geometry: { coordinates: [lon, lat] } }) => Math.abs(lon - 120.15937) < 0.003 && Math.abs(lat - 30.25698) < 0.002);
  assert.ok(inside.length > 0);
  if (of("clusters").length === 0) for (const { id } of inside) assert.ok(alone.has(id), `${name} left out ${id}`);
  const ads = new Map(of("clusters").map(([, { cell, ads }]) => [cell, ads]));
  for (const count of ads.values()) assert.ok(count > 1);
  return alone.size + [...ads.values()].reduce((sum, count) => sum + count, 0);
}

const named = { maplibre: "style.json?category=gig", leaflet: "tiles/jobs.json?category=gig", openlayers: "style.json?category=gig" };
for (const [name, path] of Object.entries(named))
  test(`${name} on a page of another origin draws what the list says`, async () => {
    const drawn = await drawnBy(name, server.base + path);
    await compare(name, drawn);
    if (name === "leaflet") return;
    for (const layer of ["stations", "lines", "districts"]) assert.ok(drawn.some(([of]) => of === layer), `${name} drew no ${layer}`);
    assert.ok(drawn.some(([of, { name: station }]) => of === "stations" && station === "龙翔桥"), "a station by its name");
  });

test("OpenLayers draws the tiles of an OGC tileset", async () => {
  const drawn = await drawnBy("openlayers", `${server.base}ogc/collections/stations/tiles/WebMercatorQuad`, { as: "ogc" });
  assert.ok(drawn.some(([, { name }]) => name === "龙翔桥"));
});

test("each draws by a public name under a path of a proxy", { skip: nginx ? false : "no nginx" }, async () => {
  if (!nginx) return console.log("skipped: no nginx");
  const port = await freePort();
  const base = `http://jobs.test:${port}/map`;
  const behind = await startServer("--public-base-url", base);
  const proxy = await startNginx(`location /map/ { proxy_pass ${behind.base}; proxy_set_header Host $http_host; }`, { port });
  try {
    for (const [name, path] of Object.entries(named)) await compare(name, await drawnBy(name, `${base}/${path}`));
    assert.ok((await drawnBy("openlayers", `${base}/ogc/collections/stations/tiles/WebMercatorQuad`, { as: "ogc" })).length > 0);
    // By a name that nobody allowed the server answers nothing.
    const { opened } = await open("leaflet", `http://evil.test:${port}/map/${named.leaflet}`);
    const status = await opened.evaluate((url) => fetch(url).then((r) => r.status), `http://evil.test:${port}/map/tiles/jobs.json`);
    assert.equal(status, 421);
    await opened.context().close();
  } finally {
    await Promise.all([proxy.stop(), behind.stop()]);
  }
});

test("our own page works under a path, by whichever name it is opened", { skip: nginx ? false : "no nginx" }, async () => {
  if (!nginx) return console.log("skipped: no nginx");
  const port = await freePort();
  const behind = await startServer("--public-base-url", `http://jobs.test:${port}/map`);
  const proxy = await startNginx(`location /map/ { proxy_pass ${behind.base}; proxy_set_header Host $http_host; }`, { port });
  try {
    const { body } = await behind.get("v1/jobs?station=longxiangqiao&radius=800&limit=30");
    for (const name of ["jobs.test", "127.0.0.1"]) {
      const map = await MapPage.open(browser, `http://${name}:${port}/map/`, "station=longxiangqiao");
      assert.deepEqual(await map.ids(), body.features.map((job) => job.id), name);
      assert.ok(map.requests.some((url) => url.includes("/map/tiles/jobs/")), `${name}: no tile`);
      await map.close(); // nothing was asked elsewhere, and nothing is on the console
    }
  } finally {
    await Promise.all([proxy.stop(), behind.stop()]);
  }
});

test("by a name that isn't allowed addresses stay relative, so no page is led there", async () => {
  const evil = server.base.replace("127.0.0.1", "evil.test");
  const { opened } = await open("leaflet", `${server.base}${named.leaflet}`);
  const [tilejson, style, local] = await opened.evaluate(async ([evil, ours]) => {
    const json = async (url) => (await fetch(url)).json();
    return [await json(`${evil}tiles/jobs.json`), await json(`${evil}style.json`), await json(`${ours}tiles/jobs.json`)];
  }, [evil, server.base]);
  assert.match(tilejson.tiles[0], /^\/tiles\/jobs\//);
  for (const { url } of Object.values(style.sources)) assert.match(url, /^\/tiles\//);
  assert.ok(local.tiles[0].startsWith(`${server.base}tiles/jobs/`), local.tiles[0]);
  await opened.context().close();
});

test("a page of another origin posts a query and an area, and reads the fields of the answers", async () => {
  const { opened } = await open("leaflet", `${server.base}${named.leaflet}`);
  const said = await opened.evaluate(async (base) => {
    const post = (path, body) => fetch(base + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const square = (west, east) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [[[west, 30.2], [east, 30.2], [east, 30.3], [west, 30.3], [west, 30.2]]] } });
    const area = await post("v1/areas", { type: "FeatureCollection", features: [square(120.1, 120.2), square(120.15, 120.25)] });
    const { id } = await area.json();
    const within = await (await post("v1/jobs/search", { within: id, limit: 1 })).json();
    const boxed = await (await fetch(`${base}v1/jobs?limit=1&bbox=120.1,30.2,120.25,30.3`)).json();
    const items = await fetch(`${base}ogc/collections/jobs/items?limit=1`);
    const list = await fetch(`${base}v1/jobs?limit=1`);
    return { location: area.headers.get("Location"), id, crs: items.headers.get("Content-Crs"), tag: list.headers.get("ETag"), date: list.headers.get("Date"),
      within: within.numberMatched, boxed: boxed.located };
  }, server.base);
  assert.equal(said.location, `/v1/areas/${said.id}`);
  assert.match(said.crs, /CRS84/);
  assert.match(said.tag, /^"/);
  assert.ok(Date.parse(said.date) > 0);
  assert.ok(said.boxed > 0);
  assert.equal(said.within, said.boxed);
  await opened.context().close();
});
