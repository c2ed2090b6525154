// The dearest requests that the hunter has found, by what makes each dear. Asked again by every run of the tests, and what
// beside.mjs floods a server with.
//
//   for (const { name, method, path, headers, body } of await worst(json)) …     // json: a path to its parsed answer
export async function worst(json) {
  if (!(await json("/v1/jobs?limit=1")).numberMatched) throw new Error("the server shows no jobs, so nothing costs anything");
  const ids = async (path) => (await json(path)).features.map((f) => f.properties.id);
  const points = await ids("/v1/service-points"), lines = await ids("/v1/lines");
  const get = (name, path, query) => ({ name, method: "GET", path: `${path}?${Object.entries(query).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&")}`, headers: {} });
  const post = (name, path, body) => ({ name, method: "POST", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const texts = Array.from({ length: 60 }, (_, i) => `description LIKE '%的%${i}x%'`).join(" OR ");
  const places = Array.from({ length: 5 }, (_, i) => [120.05 + (i % 10) * 0.025, 30.15 + Math.floor(i / 10) * 0.02]);
  return [
    get("a long list with all stations of the city beside each job", "/v1/jobs", { station: "龙翔桥", limit: 1000, radius: 50000 }),
    get("the whole table, oldest first", "/v1/jobs", { limit: 1000, sort: "-newest", datetime: "../2040-03-01T00:00:00Z", explain: true }),
    get("sixty patterns tried on every text", "/v1/jobs", { filter: texts, limit: 1000 }),
    get("each facet counted without itself, around all lines", "/v1/facets", { line: lines.join(","), radius: 50000, by: "category,district,station,line,education,experience,industry,precision,posted", multi: true, filter: texts }),
    get("a tile of the world with a filter of texts", "/tiles/jobs/0/0/0.mvt", { filter: texts }),
    get("all of the city by metro from two places, the farthest first, each with its legs", "/v1/jobs", { reach: "120.17,30.26;120.2,30.3", minutes: "120;120", mode: "metro", sort: "-minutes", limit: 1000 }),
    get("the longest page of the standard's", "/ogc/collections/jobs/items", { limit: 10000, crs: "http://www.opengis.net/def/crs/EPSG/0/4549" }),
    get("all venture sites as a page for people", "/ogc/collections/venture-sites/items", { limit: 10000, f: "html" }),
    post("a plan of ten points by bicycle, half of them removals", "/v1/coverage", { circle_minutes: 60, speed_kmh: 30, add: places, remove: points.slice(0, 5) }),
    post("sites that cover most ground, by bicycle", "/v1/siting", { sites: 5, of: "area", circle_minutes: 15, speed_kmh: 30, grid_m: 1000 }),
    get("what no circle reaches, in every district", "/v1/coverage", { report: "circles", by: "district,category", circle_minutes: 7 }),
  ];
}
