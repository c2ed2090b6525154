// Clients that hang up in the middle of the work, on every route that works at all: the work ends with them. And a SIGTERM
// while every worker is busy. What a request takes when nobody hangs up is measured first, by the server itself.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect, done, get, scratch, start, talk, ticks, until } from "../e2e/server.mjs";
import { writeGrid } from "./grid.mjs";
import { cost } from "./hunter.mjs";

const directory = scratch(), db = join(directory, "streets.sqlite");
let server, job;
before(async () => {
  done("sample", "--db", db, "--jobs", "40000", "--seed", "11", "--valid-until", "2035-01-01T00:00:00Z");
  const grid = join(directory, "grid.osm");
  await writeGrid(grid, { side: 150, metres: 200, at: [120.17, 30.26] });
  done("import-osm", "--db", db, grid);
  server = await start(["--debug-cost", "--cache-mb", "0", "--max-wait", "600", "--query-timeout", "120", "--drain-timeout", "1"], { db });
  const { responses } = await talk(server, get("/v1/jobs?limit=1", "Connection: close\r\n"));
  job = JSON.parse(responses[0].body).features[0].id;
});
after(() => server.stop());

// No word of the sample matches, so that every pattern is tried on every text.
const filter_text = Array.from({ length: 60 }, (_, i) => `description LIKE '%的%${i}x%'`).join(" OR ");
const filter = `filter=${encodeURIComponent(filter_text)}`;
const place = (i) => [120.05 + (i % 20) * 0.012, 30.16 + Math.floor(i / 20) * 0.02];
const places = (count) => Array.from({ length: count }, (_, i) => place(i));
const post = (path, value) => {
  const body = JSON.stringify(value);
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const far = { circle_minutes: 60, speed_kmh: 30 };
const ring = Array.from({ length: 9000 }, (_, i) => [120.17 + Math.cos(i * 6.28 / 9000) * (i % 2 ? 0.1 : 0.05), 30.26 + Math.sin(i * 6.28 / 9000) * (i % 2 ? 0.1 : 0.05)]);
const requests = [
  ["/v1/jobs", get(`/v1/jobs?${filter}`)],
  ["/v1/facets", get(`/v1/facets?by=category,district,station,line&multi=true&${filter}`)],
  ["/tiles/{layer}/{z}/{x}/{y}.mvt", get(`/tiles/jobs/0/0/0.mvt?${filter}`)],
  ["/ogc/collections/{collectionId}/items", get(`/ogc/collections/jobs/items?${filter}`)],
  ["/ogc/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", get(`/ogc/collections/jobs/tiles/WebMercatorQuad/0/0/0?${filter}`)],
  ["/ogc/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", get(`/ogc/tiles/WebMercatorQuad/0/0/0?${filter}`)],
  ["/v1/jobs/{id}/explain", () => get(`/v1/jobs/${job}/explain?${filter}`)],
  ["/v1/jobs/search", post("/v1/jobs/search", { filter: filter_text })],
  ["/ogc/collections/{collectionId}/search", post("/ogc/collections/jobs/search", { filter: filter_text })],
  ["/v1/coverage", get("/v1/coverage?gaps=true&by=district,category&circle_minutes=7")],
  ["/v1/coverage", post("/v1/coverage", { ...far, add: places(100) })],
  ["/v1/siting", post("/v1/siting", { ...far, sites: 50, of: "area", candidates: places(400) })],
  ["/v1/siting", post("/v1/siting", { circle_minutes: 15, sites: 50, of: "openings", grid_m: 100 })],
  ["/v1/isochrone", get("/v1/isochrone?from=120.17,30.26&minutes=15,30,60,120&mode=metro")],
  ["/v1/areas", post("/v1/areas", { type: "Polygon", coordinates: [[...ring, ring[0]]] })],
  ["/v1/suggest", get(`/v1/suggest?limit=20&q=${encodeURIComponent("工")}`)],
];

async function metrics() {
  const { responses } = await talk(server, get("/metrics", "Connection: close\r\n"));
  const text = responses[0].body.toString();
  return (name) => Number(text.split("\n").find((line) => line.startsWith(`${name} `))?.split(" ").pop() ?? 0);
}

// Above this there is time to hang up in the middle.
const long_ms = 200, hung_up = new Set();
for (const [route, requested] of requests)
  test(`${route.slice(0, 60)}: its work ends where its client has hung up`, async (t) => {
    const request = typeof requested === "function" ? requested() : requested;
    const whole = connect(server);
    await whole.send(request);
    await until("the whole answer", () => whole.responses().length, 120_000);
    whole.socket.destroy();
    const [{ status, headers }] = whole.responses();
    const { cpu } = cost(headers);
    assert.ok([200, 201, 204].includes(status), String(status));
    if (cpu < long_ms) return t.diagnostic(`is over by itself after ${cpu} ms`);
    hung_up.add(route);

    const in_flight = `jobmap_route_in_flight{route="${route}"}`;
    const given_up = (await metrics())("jobmap_cancelled_total");
    const client = connect(server);
    await client.send(request);
    await until("it to be in work", async () => (await metrics())(in_flight) === 1);
    const [used, asked] = [ticks(server), performance.now()];
    client.socket.destroy();
    await until("it to be given up", async () => (await metrics())("jobmap_cancelled_total") === given_up + 1);
    await until("nothing to be in work", async () => (await metrics())(in_flight) === 0);
    const hundredths = ticks(server) - used;
    t.diagnostic(`of ${cpu} ms: ended ${(performance.now() - asked).toFixed(0)} ms after, ${hundredths * 10} ms of processor time`);
    // The processor's time, as the wall's depends on what else the machine does.
    assert.ok(hundredths <= 10, `went on for ${hundredths * 10} ms`);
  });

test("enough of the routes worked long enough to be hung up on", () => {
  for (const route of ["/v1/jobs", "/v1/jobs/search", "/v1/facets", "/tiles/{layer}/{z}/{x}/{y}.mvt", "/ogc/collections/{collectionId}/items",
    "/ogc/collections/{collectionId}/search", "/v1/coverage", "/v1/siting"])
    assert.ok(hung_up.has(route), `${route} was over too soon`);
});

test("SIGTERM ends the server though every worker is busy for longer than it may drain", async () => {
  const busy = Array.from({ length: 8 }, (_, i) => connect(server, { from: `127.0.0.${2 + i}` }));
  for (const client of busy) await client.send(requests[0][1]);
  await until("all to be in work", async () => (await metrics())('jobmap_route_in_flight{route="/v1/jobs"}') === busy.length);
  const asked = performance.now();
  server.signal("SIGTERM");
  const { code, signal } = await server.ended;
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.ok(busy.some((client) => client.responses().length === 0), "some were in work still");
  // By the wall clock, as an operator waits; a drain of one second, and as much again.
  assert.ok(performance.now() - asked < 2000, `${performance.now() - asked} ms`);
});
