// Every address in every answer leads back to this server, by whatever name and under whatever path it was asked; and no
// answer repeats a name that somebody made up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ask } from "./ask.mjs";
import { freePort, nginx, startNginx } from "./nginx.mjs";
import { database, start } from "./server.mjs";

let server;
before(async () => (server = await start([], { db: database(2000) })));
after(() => server.stop());

const layers = ["jobs", "stations", "lines", "districts", "service_points", "venture_sites", "circles", "water"];
const starts = [
  ...layers.map((layer) => `/tiles/${layer}.json`), "/tiles/jobs.json?category=gig&station=%E9%BE%99%E7%BF%94%E6%A1%A5&crs=gcj02",
  "/style.json", "/style.json?category=gig&crs=bd09", "/openapi.json", "/v1/jobs?limit=5", "/ogc", "/ogc?f=html", "/ogc/collections/jobs/items?limit=3",
];

// Every address in a JSON answer: where OGC API, TileJSON, a style, OpenAPI and our own lists write them. What a template
// leaves open is filled with a tile of the city; a server's own URL is a base and no page.
function addresses(value, key = "") {
  if (typeof value === "string") {
    const filled = value.replaceAll("{z}", "12").replaceAll("{x}", "3415").replaceAll("{y}", "1684")
      .replaceAll("{tileMatrix}", "12").replaceAll("{tileRow}", "1684").replaceAll("{tileCol}", "3415");
    return ["href", "url", "$id"].includes(key) || key === "tiles" ? [filled] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item) => addresses(item, key));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    ["paths", "components", "license", "features", "contact", "method"].includes(name) ? [] : addresses(item, name));
}

// Follows all addresses from the starts; gives those that were found, each asked once by the path that `toPath` makes of it.
async function crawl(port, headers, toPath, under = "") {
  const found = new Set(), todo = starts.map((path) => under + path);
  for (const path of todo) {
    const answer = await ask(port, path, headers);
    assert.ok(answer.status === 200 || answer.status === 204, `${path}: ${answer.status} ${answer.text.slice(0, 300)}`);
    const type = answer.headers["content-type"] ?? "";
    const there = type.includes("html") ? [...answer.text.matchAll(/(?:href|src)="([^"#]+)"/g)].map((m) => m[1].replaceAll("&amp;", "&"))
      : type.includes("json") ? addresses(answer.json()) : [];
    for (const address of there) {
      if (found.has(address) || /^https?:\/\/(www\.opengis\.net|www\.apache\.org)/.test(address)) continue;
      found.add(address);
      const next = toPath(address);
      if (next !== undefined && todo.length < 400) todo.push(next);
    }
  }
  assert.ok(found.size > 60, `${found.size} addresses`);
  return [...found];
}

test("asked by a loopback name, every address of tiles, styles and OGC API begins with it", async () => {
  for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`, `[::1]:${server.port}`]) {
    const base = `http://${host}`;
    const found = await crawl(server.port, { host }, (address) => {
      if (address === base || address === `${base}/ogc`) return undefined; // of OpenAPI's servers
      assert.ok(address.startsWith(`${base}/`) || address.startsWith("/v1/jobs?"), address);
      return address.startsWith("/") ? address : address.slice(base.length);
    });
    for (const part of ["/tiles/jobs/12/", "/tiles/water.json", "/ogc/collections/jobs/tiles/WebMercatorQuad/12/"])
      assert.ok(found.some((address) => address.startsWith(base + part)), part);
  }
});

test("asked by a name that is nobody's, or over a proxy that hasn't said ours, addresses begin at the root", async () => {
  for (const headers of [{ host: "evil.example" }, { host: `evil.example:${server.port}` }, { host: `127.0.0.1.evil.example:${server.port}` },
    { host: `127.0.0.1:${server.port}`, "x-forwarded-for": "203.0.113.7" }, { host: "localhost:1", forwarded: "for=203.0.113.7" }])
    await crawl(server.port, headers, (address) => {
      assert.match(address, /^\/(?!\/)/, JSON.stringify(headers));
      return address === "/" || address === "/ogc" ? undefined : address;
    });
});

test("nobody gets an answer that was kept for another name, nor a 304 for it", async () => {
  const hosts = [`127.0.0.1:${server.port}`, `localhost:${server.port}`, "evil.example", "localhost:1"];
  for (const path of ["/tiles/jobs.json", "/tiles/lines.json", "/style.json?category=gig", "/openapi.json", "/ogc/collections"]) {
    const first = new Map();
    for (let round = 0; round < 4; ++round, hosts.reverse())
      for (const coding of ["identity", "gzip"])
        for (const host of hosts) {
          const answer = await ask(server.port, path, { host, "accept-encoding": coding });
          const known = first.get(host + coding) ?? answer;
          first.set(host + coding, known);
          assert.deepEqual([answer.status, answer.text, answer.headers.etag], [200, known.text, known.headers.etag], `${path} ${host} ${coding}`);
        }
    const tags = [...first.values()].map(({ headers }) => headers.etag);
    assert.equal(new Set(tags).size, tags.length, `${path}: each name has its own tags`);
    for (const host of hosts)
      for (const tag of tags) {
        const { status } = await ask(server.port, path, { host, "accept-encoding": "identity", "if-none-match": tag });
        assert.equal(status, tag === first.get(`${host}identity`).headers.etag ? 304 : 200, `${path} ${host}`);
      }
  }
});

test("under a path of a proxy every address leads there, for each of the server's names", { skip: nginx ? false : "no nginx" }, async () => {
  if (!nginx) return console.log("skipped: no nginx");
  const port = await freePort();
  const bases = [`http://127.0.0.1:${port}/map/here`, `http://jobs.lan:${port}/map/here`];
  const behind = await start(["--public-base-url", bases.join(",")], { db: database(2000) });
  const locations = (host) => `location /map/here/ {
    proxy_pass http://127.0.0.1:${behind.port}/; proxy_http_version 1.1; proxy_set_header Host ${host}; proxy_set_header X-Forwarded-For $remote_addr; }`;
  const proxy = await startNginx(locations("$http_host"), { port });
  try {
    for (const base of bases) {
      const { host, pathname } = new URL(base);
      const path = (address) => (assert.ok(address.startsWith(`${base}/`), address), address.slice(base.length - pathname.length));
      const found = await crawl(port, { host }, (address) => (address === base || address === `${base}/ogc` ? undefined : path(address)), pathname);
      assert.ok(found.some((address) => address.startsWith(`${base}/v1/jobs?`)), "the list's links");
      const { servers } = (await ask(port, `${pathname}/openapi.json`, { host })).json();
      assert.deepEqual(servers, [{ url: base }]);
      const ogc = (await ask(port, `${pathname}/ogc/api`, { host })).json();
      assert.deepEqual(ogc.servers, [{ url: `${base}/ogc` }]);
      // A list page by page, by URL and by POST, and an area by its Location.
      const ids = { GET: [], POST: [] };
      let next = { href: `${base}/v1/jobs?category=gig&limit=100` };
      for (; next; ) {
        const list = (await ask(port, path(next.href), { host })).json();
        ids.GET.push(...list.features.map(({ id }) => id));
        next = list.links.find(({ rel }) => rel === "next");
      }
      next = { href: `${base}/v1/jobs/search`, method: "POST", body: { category: ["gig"], limit: 100 }, headers: { "Content-Type": "application/json" } };
      for (; next; ) {
        assert.equal(next.method, "POST");
        const answer = await ask(port, path(next.href), { host, ...next.headers }, { method: "POST", body: JSON.stringify(next.body) });
        assert.equal(answer.status, 200, answer.text);
        ids.POST.push(...answer.json().features.map(({ id }) => id));
        next = answer.json().links.find(({ rel }) => rel === "next");
      }
      assert.ok(ids.GET.length > 200);
      assert.deepEqual(ids.POST, ids.GET);
      const kept = await ask(port, `${pathname}/v1/areas`, { host, "content-type": "application/json" },
        { method: "POST", body: '{"type":"Polygon","coordinates":[[[120.1,30.2],[120.2,30.2],[120.2,30.3],[120.1,30.2]]]}' });
      assert.equal(kept.status, 201);
      assert.equal((await ask(port, path(kept.headers.location), { host })).status, 200);
    }
    assert.equal((await ask(port, "/map/here/tiles/jobs.json", { host: "evil.example" })).status, 421);
  } finally {
    await Promise.all([proxy.stop(), behind.stop()]);
  }
});

// A browser shows a page of another origin these fields, whatever the server says, and those that it exposes.
const shown = ["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];
// These are for the browser itself and for what lies between.
const ofTheBrowser = ["connection", "content-security-policy", "keep-alive", "referrer-policy", "server", "vary", "x-content-type-options"];

test("a page of another origin can read every field that tells it something", async () => {
  const tried = await start(["--debug-cost", "--rate-limit", "1", "--rate-burst", "400"], { db: database(2000) });
  const seen = new Set();
  const look = ({ headers }) => {
    assert.equal(headers["access-control-allow-origin"], "*");
    const exposed = headers["access-control-expose-headers"].toLowerCase().split(", ");
    for (const name of Object.keys(headers)) {
      if (name.startsWith("access-control-") || shown.includes(name) || ofTheBrowser.includes(name)) continue;
      assert.ok(exposed.includes(name), `${name} is not exposed`);
      seen.add(name);
    }
  };
  try {
    const json = { "content-type": "application/json" };
    look(await ask(tried.port, "/v1/areas", json, { method: "POST", body: '{"type":"Polygon","coordinates":[[[120.1,30.2],[120.2,30.2],[120.2,30.3],[120.1,30.2]]]}' }));
    look(await ask(tried.port, "/v1/jobs?limit=1", { "accept-encoding": "gzip" }));
    for (const path of ["/v1/jobs?limit=100000", "/nothing", "/ogc/collections/jobs/items?limit=1", "/ogc?f=html", "/tiles/jobs/12/3415/1684.mvt", "/openapi.json"])
      look(await ask(tried.port, path));
    look(await ask(tried.port, "/v1/stations", json, { method: "POST", body: "{}" }));
    look(await ask(tried.port, "/v1/jobs", {}, { method: "OPTIONS" }));
    let limited;
    do look(limited = await ask(tried.port, "/v1/lines")); while (limited.status !== 429);
    for (const name of ["etag", "location", "retry-after", "content-crs", "content-encoding", "allow", "date", "jobmap-cost"])
      assert.ok(seen.has(name), `no answer had ${name}`);
  } finally {
    await tried.stop();
  }
});
