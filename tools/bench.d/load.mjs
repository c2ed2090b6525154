// The load generators: each returns a function of the round that gives answers per second, and fails where any
// answer does. All ends are bounded: by the generator's own duration, and by a timeout beyond it.
import { readFileSync, writeFileSync } from "node:fs";
import { build, category, data, linesOf, nginxPort, path, radiusOf, redisPort, run, seconds, temp } from "./settings.mjs";

const grace = 30; // seconds beyond its duration that a generator may take
const clients = 32;
export const columns =
  "id, source, title, description, category, openings, employer, uscc, pay_min, pay_max, pay_unit, settlement, " +
  'shifts, months, stipend, education, experience, occupation, industry, address, district, lon, lat, "precision", ' +
  "apply_url, contact, published_at, expires_at";

export function wrk(url, lines, prefix, suffix, connections = clients) {
  return async (round) => {
    const out = await run("wrk", ["-t2", `-c${connections}`, `-d${seconds}s`, "--timeout", "20s", "-s", "tools/bench.d/requests.lua", url], {
      timeout: seconds + grace,
      env: { BENCH_LINES: `${data}/${lines}`, BENCH_PREFIX: prefix, BENCH_SUFFIX: suffix, BENCH_ROUND: String(round) },
    });
    const result = JSON.parse(out.trim().split("\n").at(-1));
    if (result.errors) throw new Error(`wrk ${url}${prefix}: ${result.errors} errors\n${out}`);
    return result.requests / (result.us / 1e6);
  };
}

export const ourList = (server, kind, format) =>
  wrk(server.url, "queries.txt", path[kind].prefix, path[kind].suffix + format);
export const ourRadius = (server, one) =>
  wrk(server.url, `queries-${one}.txt`, radiusOf(one).prefix, `${radiusOf(one).suffix}&f=geojson`);
export const ourTiles = (server) => wrk(server.url, "tiles.txt", path.tile.prefix, path.tile.suffix);
export const nginxFiles = () => wrk(`http://127.0.0.1:${nginxPort}`, "files.txt", "/", "");

// Rows of a statement, as lists of texts.
export const sql = async (text) =>
  (await run("psql", ["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"], { input: text }))
    .trim().split("\n").filter(Boolean).map((line) => line.split("\t"));

// Scripts of one statement each, taken at random. `define` are pgbench's options, `settings` PostgreSQL's.
export const pgbenchFiles = (name, files, { define = [], settings = "" } = {}) => async () => {
  const scripts = files.flatMap((file) => ["-f", file]);
  const out = await run("pgbench", ["-n", "-M", "prepared", "-c", "2", "-j", "2", "-T", String(seconds), ...define, ...scripts], {
    timeout: seconds + grace,
    env: { PGOPTIONS: settings },
  });
  const failed = out.match(/number of failed transactions: (\d+)/);
  if (!failed || failed[1] !== "0") throw new Error(`pgbench ${name}:\n${out}`);
  return Number(out.match(/tps = ([\d.]+) \(without/)[1]);
};

// One statement about a random row of a table of questions.
export function pgbench(name, table, statement, options) {
  const file = `${temp}/${name}.sql`;
  writeFileSync(file, `\\set i random(1, ${linesOf(`${table}.txt`).length})\n${statement};\n`);
  return pgbenchFiles(name, [file], options);
}

// The category as an application binds it, so that the index of all jobs serves; or written out, so that the index
// of that category alone can.
const nearby = (name, { condition, order, ownIndex }) =>
  pgbench(`${name}-${ownIndex ? "own" : "bound"}`, "queries", `SELECT x.* FROM queries q, LATERAL (
    SELECT ${columns}, ST_Distance(geog, q.geog) AS distance_m FROM jobs
    WHERE category = ${ownIndex ? `'${category}'` : ":category"}${condition} ORDER BY ${order} LIMIT 50) x
    WHERE q.i = :i`.replace(/\n\s*/g, " "),
  ownIndex ? {} : { define: ["-D", `category=${category}`], settings: "-c plan_cache_mode=force_generic_plan" });

const within = " AND ST_DWithin(geog, q.geog, 1000)";
export const postgisRadius = (ownIndex) => nearby("radius", { condition: within, order: "distance_m, id", ownIndex });
export const postgisRadiusKnn = () => nearby("radius-knn", { condition: within, order: "geog <-> q.geog", ownIndex: true });
export const postgisNearest = (ownIndex) => nearby("nearest", { condition: "", order: "geog <-> q.geog", ownIndex });
export const postgisTiles = () => pgbench("tiles", "tiles", `SELECT t.mvt FROM tiles q, LATERAL (
  SELECT ST_AsMVT(f, 'jobs', 4096, 'mvt') AS mvt FROM (
    SELECT ST_AsMVTGeom(geom, ST_TileEnvelope(q.z, q.x, q.y), 4096, 0, false) AS mvt, id, title, category, 1 AS ads, openings
    FROM jobs WHERE geom && ST_TileEnvelope(q.z, q.x, q.y)) f) t WHERE q.i = :i`.replace(/\n\s*/g, " "));

// __rand_int__ is twelve digits: the members' names.
export function redisRadius(one) {
  const members = linesOf(`members-${one}.txt`).length;
  const args = (n) => ["-p", redisPort, "-c", String(clients), "-n", String(n), "-r", String(members),
    "--csv", "GEOSEARCH", one, "FROMMEMBER", "__rand_int__", "BYRADIUS", "1000", "m", "ASC", "COUNT", "50", "WITHDIST"];
  const measure = async (n) => {
    const out = await run("redis-benchmark", args(n), { timeout: 20 * seconds + grace });
    return Number(out.trim().split("\n").at(-1).match(/","([\d.]+)"/)[1]);
  };
  return async () => measure(Math.max(1000, Math.round((await measure(1000)) * seconds)));
}

// Medians of processor time by name, which other work on the machine disturbs least.
export async function inProcess(filter, env = {}, { repetitions = 3, minTime = 0.5 } = {}) {
  const file = `${temp}/bench.json`;
  await run(`${build}/jobmap_bench`, [`--benchmark_filter=${filter}`, `--benchmark_repetitions=${repetitions}`, `--benchmark_min_time=${minTime}`,
    "--benchmark_report_aggregates_only=true", "--benchmark_enable_random_interleaving=true",
    `--benchmark_out=${file}`, "--benchmark_out_format=json"], { timeout: 1800, env });
  const scale = { ns: 1e-3, us: 1, ms: 1e3, s: 1e6 }, found = {};
  const text = readFileSync(file, "utf8").replace(/: (-?nan|-?inf)/gi, ": null"); // its JSON isn't always
  for (const b of JSON.parse(text).benchmarks)
    if (b.error_occurred) console.log(`not measured: ${b.name}: ${b.error_message}`);
    else if (b.aggregate_name === "median") {
      const time = b.run_name.endsWith("/real_time") ? b.real_time : b.cpu_time;
      found[b.run_name] = { ...b, us: time * scale[b.time_unit] };
    }
  return found;
}

export async function versions() {
  const first = async (program, args, pattern) => (await run(program, args, { fine: [0, 1] })).match(pattern)[1];
  const postgis = await first("psql", ["-X", "-A", "-t", "-c", "SELECT postgis_lib_version()"], /(\S+)/);
  const postgres = await first("psql", ["--version"], /(\d[\d.]*)/);
  const redis = await first("redis-server", ["--version"], /v=(\S+)/);
  const nginx = await first("sh", ["-c", "PATH=$PATH:/usr/sbin nginx -v 2>&1"], /nginx\/(\S+)/);
  const gdal = await first("ogr2ogr", ["--version"], /GDAL (\S+),/);
  return `PostGIS ${postgis} on PostgreSQL ${postgres}, Redis ${redis}, nginx ${nginx}, GDAL ${gdal}`;
}
