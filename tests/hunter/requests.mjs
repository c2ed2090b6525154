// Random requests over all routes and parameters, more often extreme and combined than a person's: what the hunter asks.
//
//   const make = await maker(ask, seed);      // learns names and ids from the server
//   const { method, path, headers, body } = make();

// A small generator of its own, so that a seed gives the same requests everywhere (Mulberry32, public domain).
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const pick = (list) => list[Math.floor(next() * list.length)];
  return {
    next, pick,
    chance: (p) => next() < p,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    some: (list, most) => Array.from({ length: 1 + Math.floor(next() * most) }, () => pick(list)),
  };
}

const days_ago = (n) => new Date(Date.now() - n * 86_400_000).toISOString().slice(0, 19) + "Z";
const crs = ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:4549"];
const fields = ["title", "stations", "service_point", "distance_m", "legs", "description", "pay_min", "geometry"];
const words = ["的", "工", "工程师", "有限公司", "a", "java", "经理 有限", "1", "一", "服务员", "高", "公司 司 限 有"];
const texts = ["title LIKE '%工%'", "description LIKE '%的%_%a%'", "employer LIKE '%公%司%'", "CASEI(title) LIKE CASEI('%A%')",
  "ACCENTI(description) LIKE '%x%'", `description LIKE '%${"_".repeat(800)}Z'`, `description LIKE '%的${"_".repeat(60)}Z'`];

export async function maker(ask, seed) {
  const r = random(seed);
  const json = async (path) => JSON.parse((await ask({ method: "GET", path })).body);
  const names = (list) => list.features.map((f) => f.properties);
  const stations = names(await json("/v1/stations")), lines = names(await json("/v1/lines"));
  const districts = names(await json("/v1/districts")), points = names(await json("/v1/service-points"));
  const jobs = (await json("/v1/jobs?limit=1000&fields=title")).features.filter((f) => f.geometry);
  if (!jobs.length) throw new Error("the server shows no jobs, so nothing costs anything");
  const cells = [];

  const place = () => {
    const [lon, lat] = r.pick(jobs).geometry.coordinates;
    const away = r.pick([0, 0, 0.001, 0.05, 0.4]);
    return [lon + (r.next() - 0.5) * away, lat + (r.next() - 0.5) * away].map((v) => v.toFixed(5));
  };
  const box = () => {
    const [lon, lat] = place().map(Number), size = r.pick([0.005, 0.1, 1, 5]);
    return [lon - size, lat - size, lon + size, lat + size].map((v) => v.toFixed(5)).join(",");
  };
  const ring = (vertices) => {
    const [lon, lat] = place().map(Number), size = r.pick([0.01, 0.2, 1]), jag = r.chance(0.3);
    const at = (i) => {
      const turn = (2 * Math.PI * i) / vertices, far = size * (jag && i % 2 ? 0.1 : 1);
      return [lon + far * Math.cos(turn), lat + far * Math.sin(turn)].map((v) => Number(v.toFixed(7)));
    };
    const all = Array.from({ length: vertices }, (_, i) => at(i));
    return [...all, all[0]];
  };
  const polygon = () => `POLYGON((${ring(r.integer(3, 60)).map((p) => p.join(" ")).join(",")}))`;
  const areas = [];
  for (const vertices of [4, 100, 9000]) {
    const body = JSON.stringify({ type: "Polygon", coordinates: [ring(vertices)] });
    const answer = await ask({ method: "POST", path: "/v1/areas", headers: { "content-type": "application/json" }, body });
    areas.push(JSON.parse(answer.body).id);
  }
  const expression = () => {
    const atom = () => r.pick([
      () => r.pick(texts), () => `S_INTERSECTS(geometry,${polygon()})`, () => `pay_min > ${r.integer(0, 30000)}`,
      () => `title LIKE '%${r.pick(words)}%'`, () => `published_at < TIMESTAMP('${days_ago(12)}')`, () => `id LIKE '%${r.integer(0, 9)}%'`,
      () => `id IN (${r.some(jobs, 60).map((job) => `'${job.id}'`).join(",")})`, () => `category IN ('gig','internship')`, () => "description IS NOT NULL"])();
    const atoms = r.some([0], r.pick([1, 2, 6, 40])).map(atom);
    let text = atoms.join(r.pick([" AND ", " OR "]));
    if (r.chance(0.2)) text = `NOT (${text})`;
    return text;
  };

  // As people write them: words, phrases in quotes, and what to leave out.
  const wording = () => r.some([0], r.pick([1, 1, 2, 6])).map(() => {
    const text = r.chance(0.3) ? r.pick(r.pick(jobs).properties.title.split(/[ ·（(]/)) || "工" : r.pick(words);
    return r.pick(["", "", "", "-"]) + (r.chance(0.3) ? `"${text}"` : text);
  }).join(" ");
  const when = (query, p, name, value) => {
    if (r.chance(p)) query[name] = String(typeof value === "function" ? value() : value);
  };
  const minutes = () => r.pick([1, 5, 15, 30, 60, 120]);
  function anchor(query) {
    const kind = r.pick(["none", "near", "near", "station", "station", "line", "reach", "reach", "bbox", "circle"]);
    const radius = () => r.pick([1, 100, 800, 3000, 10_000, 50_000]);
    if (kind === "near") query.near = place().join(","), when(query, 0.8, "radius", radius);
    if (kind === "station") query.station = r.some(stations, r.pick([1, 3, 60])).map((s) => s.id).join(",");
    if (kind === "line") query.line = r.some(lines, r.pick([1, 20])).map((l) => l.id).join(",");
    if (kind === "station" || kind === "line")
      r.chance(0.7) ? when(query, 0.8, "radius", radius) : (query.minutes = String(Math.min(60, minutes())));
    if (kind === "reach") {
      const two = r.chance(0.3);
      query.reach = [place(), ...(two ? [place()] : [])].map((p) => p.join(",")).join(";");
      query.minutes = two ? `${minutes()};${minutes()}` : String(minutes());
      query.mode = r.pick(["walk", "bike", "metro", "metro"]);
      if (query.mode === "metro") when(query, 0.3, "depart", "2035-01-02T08:30:00+08:00");
    }
    if (kind === "bbox" || r.chance(0.05)) query.bbox = box();
    if (kind === "circle" || r.chance(0.1)) {
      query.circle = r.chance(0.6) ? "service" : r.some(points, 40).map((p) => p.id).join(",");
      when(query, 0.6, "circle_minutes", () => r.integer(1, 60));
    }
  }
  function what(query) {
    when(query, 0.2, "category", () => r.pick(["gig", "full_time", "internship", "gig,internship"]));
    when(query, 0.2, "district", () => r.some(districts, 13).map((d) => d.id ?? d.adcode).join(","));
    when(query, 0.25, "q", wording);
    if (r.chance(0.3)) query.pay_unit = r.pick(["month", "day", "hour", "piece"]), when(query, 0.5, "pay_min", () => r.pick([1, 100, 5000]));
    when(query, 0.15, "education", () => r.pick(["none", "bachelor", "doctor"]));
    when(query, 0.15, "experience_max", () => r.integer(0, 60));
    when(query, 0.1, "occupation", "2-02");
    when(query, 0.1, "posted_since", days_ago(30).slice(0, 10));
    when(query, 0.1, "datetime", "../2035-03-01T00:00:00Z");
    when(query, 0.1, "precision", () => r.pick(["exact", "district", "street"]));
    when(query, 0.1, "shift", () => r.pick(["18:00-21:00", "22:00-06:00", "00:00-23:59"]));
    when(query, 0.15, "filter", expression);
    when(query, 0.1, "within", () => r.pick(areas));
    if (cells.length && !query.near && !query.reach && !query.bbox) when(query, 0.05, "cell", () => r.pick(cells));
  }
  function jobQuery() {
    const query = {};
    anchor(query), what(query);
    when(query, 0.2, "crs", "wgs84");
    return query;
  }
  function list() {
    const query = jobQuery();
    when(query, 0.7, "limit", () => r.pick([1, 50, 500, 1000, 1000]));
    when(query, 0.5, "sort", () => r.pick(["newest", "-newest", ...(query.pay_unit ? ["pay", "-pay"] : []), ...(query.q ? ["relevance"] : []),
      ...(query.reach || query.minutes ? ["minutes", "-minutes"] : []), ...(query.near || query.station || query.line ? ["distance", "-distance"] : [])]));
    when(query, 0.2, "fields", () => r.some(fields, 5).filter((f, i, all) => f !== "geometry" && all.indexOf(f) === i).join(",") || "title");
    when(query, 0.15, "explain", "true");
    when(query, 0.2, "f", () => r.pick(["pb", "geojson"]));
    if (r.chance(0.2)) query.crs = r.pick(crs);
    if (query.crs && query.crs !== "wgs84") for (const name of ["near", "reach", "bbox", "filter"]) if (query[name]) delete query.crs;
    return ["/v1/jobs", query];
  }
  const facets = ["category", "district", "station", "line", "education", "experience", "industry", "precision", "posted"];
  function facet() {
    const query = jobQuery();
    const by = r.some([...facets, ...(query.pay_unit ? ["pay"] : []), ...(query.minutes ? ["minutes"] : [])], r.pick([1, 3, 11]));
    query.by = [...new Set(by)].join(",");
    when(query, 0.4, "multi", "true");
    return ["/v1/facets", query];
  }
  const tileAt = (z) => {
    const [lon, lat] = place().map(Number), n = 2 ** z, rad = (lat * Math.PI) / 180;
    return [Math.floor(((lon + 180) / 360) * n), Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n)];
  };
  function tile() {
    const z = r.integer(0, 22), [x, y] = tileAt(z);
    const layer = r.pick(["jobs", "jobs", "jobs", "jobs", "stations", "lines", "districts", "service_points", "venture_sites", "water", "circles"]);
    let query = {};
    if (layer === "jobs") {
      query = jobQuery();
      if (r.chance(0.1)) cells.push(`${z}/${x}/${y}/${r.integer(0, 7)}/${r.integer(0, 7)}`);
    }
    if (layer === "circles") when(query, 0.7, "circle_minutes", () => r.integer(1, 60));
    if (!query.near && !query.reach && !query.bbox && !query.filter && !query.cell) when(query, 0.3, "crs", () => r.pick(["gcj02", "bd09"]));
    return [`/tiles/${layer}/${z}/${x}/${y}.mvt`, query];
  }
  function ogcItems() {
    const collection = r.pick(["jobs", "jobs", "jobs", "stations", "lines", "districts", "service-points", "venture-sites"]);
    const query = collection === "jobs" ? (() => { const q = {}; what(q); return q; })() : {};
    delete query.cell;
    when(query, 0.7, "limit", () => r.pick([1, 100, 1000, 10_000, 10_000]));
    when(query, 0.4, "bbox", box);
    when(query, 0.2, "f", () => r.pick(["json", "html"]));
    when(query, 0.3, "crs", () => "http://www.opengis.net/def/crs/EPSG/0/" + r.pick([4326, 3857, 4549]));
    if (collection !== "jobs") when(query, 0.3, "filter", () => `S_INTERSECTS(geometry,${polygon()})`);
    return [`/ogc/collections/${collection}/items`, query];
  }
  const pages = ["/v1/stations", "/v1/lines", "/v1/districts", "/v1/service-points", "/v1/venture-sites", "/tiles/jobs.json", "/style.json", "/openapi.json",
    "/ogc", "/ogc/api", "/ogc/collections", "/ogc/collections/jobs", "/ogc/collections/jobs/queryables", "/ogc/tiles", "/ogc/collections/jobs/tiles", "/ogc/conformance",
    "/ogc/tileMatrixSets/WebMercatorQuad", "/", "/nothing"];
  function ogcTile() {
    const z = r.integer(0, 16), [x, y] = tileAt(z);
    return [`/ogc/${r.pick(["", "collections/jobs/"])}tiles/WebMercatorQuad/${z}/${y}/${x}`, (() => { const q = {}; what(q); delete q.cell; return q; })()];
  }
  const circle = (body) => {
    if (r.chance(0.6)) body.circle_minutes = r.integer(1, 60);
    if (r.chance(0.3)) body.speed_kmh = r.pick([2, 4.68, 30]);
    return body;
  };
  const measures = ["area", "ads", "openings", "population"];
  const post = (path, body) => ({ method: "POST", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const numbers = (p) => p.map(Number);
  // The same queries in a body.
  const asBody = ([path, query]) => r.chance(0.5) ? post(path, query)
    : { method: "POST", path, headers: { "content-type": "application/x-www-form-urlencoded" }, body: `${new URLSearchParams(query)}` };
  const searched = () => {
    const [, query] = list();
    return asBody(["/v1/jobs/search", query]);
  };
  const ogcSearched = () => {
    const [path, query] = ogcItems();
    delete query.f;
    return asBody([path.replace(/items$/, "search"), query]);
  };
  const posts = [
    searched, ogcSearched, () => asBody(facet()),
    () => {
      const body = circle({});
      if (r.chance(0.8)) body.add = Array.from({ length: r.pick([1, 5, 100]) }, () => numbers(place()));
      if (!body.add || r.chance(0.4)) body.remove = [...new Set(r.some(points, 100).map((p) => p.id))].slice(0, 100);
      if (r.chance(0.5)) body.of = [...new Set(r.some(measures.slice(0, 3), 3))];
      return post("/v1/coverage", body);
    },
    () => {
      const body = circle({ sites: r.pick([1, 5, 20, 50]), of: r.pick(measures.slice(0, 3)) });
      if (r.chance(0.4)) body.candidates = Array.from({ length: r.pick([2, 50, 1000]) }, () => numbers(place()));
      else if (r.chance(0.5)) body.grid_m = r.pick([100, 300, 1000, 10_000]);
      return post("/v1/siting", body);
    },
    () => post("/v1/areas", { type: "Polygon", coordinates: [ring(r.pick([4, 100, 9000]))] }),
  ];
  const gets = [
    [8, list], [4, facet], [5, tile], [3, ogcItems], [1, ogcTile], [1, () => [r.pick(pages), {}]],
    [1, () => ["/v1/suggest", { q: r.pick([...words, "l", "西", "l o n g"]), limit: "20" }]],
    [1, () => [`/v1/jobs/${encodeURIComponent(r.pick(jobs).id)}/explain`, jobQuery()]],
    [1, () => [`/v1/jobs/${encodeURIComponent(r.pick(jobs).id)}`, {}]],
    [1, () => ["/v1/isochrone", { from: place().join(","), minutes: [...new Set(r.some([1, 5, 15, 30, 60, 90, 120], 7))].join(","), mode: r.pick(["walk", "bike", "metro"]) }]],
    [1, () => {
      const query = {};
      when(query, 0.6, "circle_minutes", () => r.integer(1, 60)), when(query, 0.5, "by", () => r.pick(["district", "category", "district,category"]));
      when(query, 0.4, "of", () => r.some(measures, 4).filter((m, i, all) => all.indexOf(m) === i).join(","));
      r.chance(0.3) ? (query.gaps = "true") : when(query, 0.2, "report", "circles");
      when(query, 0.2, "f", () => r.pick(["geojson", "json", "pb"]));
      return ["/v1/coverage", query];
    }],
  ];
  const weights = gets.flatMap(([n, make]) => Array(n).fill(make));

  return () => {
    if (r.chance(0.1)) return r.pick(posts)();
    const [path, query] = r.pick(weights)();
    const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    const headers = r.chance(0.25) ? { "accept-encoding": r.pick(["gzip", "br", "zstd"]) } : {};
    return { method: "GET", path: text ? `${path}?${text}` : path, headers };
  };
}
