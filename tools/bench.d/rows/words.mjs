// The 50 nearest of a category within 2,000 m in whose texts a Chinese word stands: PostGIS has an index of the texts'
// trigrams beside that of places and of the category.
import { compareLists } from "../compare_lists.mjs";
import { columns, pgbench, sql, wrk } from "../load.mjs";
import { inTurn } from "../report.mjs";
import { linesOf, startJobmapd } from "../settings.mjs";

const compared = 20;
const suffix = `&radius=2000&category=full_time&q=${encodeURIComponent("工程师")}&limit=50&sort=distance`;
const texts = "(title || E'\\n' || coalesce(employer, '') || E'\\n' || coalesce(description, ''))";
const matching = `category = 'full_time' AND ST_DWithin(geog, q.geog, 2000) AND ${texts} LIKE '%工程师%'`;

async function compare(url) {
  const places = linesOf("queries.txt").slice(0, compared);
  const rows = await sql(`SELECT q.i, x.id, x.metres, x.total FROM queries q, LATERAL (
      SELECT id, ST_Distance(geog, q.geog) AS metres, count(*) OVER () AS total FROM jobs WHERE ${matching} ORDER BY metres, id LIMIT 50) x
    WHERE q.i <= ${compared} ORDER BY q.i, x.metres, x.id`);
  let found = 0;
  for (const [i, place] of places.entries()) {
    const list = await (await fetch(`${url}/v1/jobs?near=${place}${suffix}`)).json();
    const theirs = rows.filter(([question]) => Number(question) === i + 1);
    if (list.numberMatched !== Number(theirs[0]?.[3] ?? 0))
      throw new Error(`PostGIS, words at ${place}: ours ${list.numberMatched}, theirs ${theirs[0]?.[3]}`);
    found += compareLists("PostGIS, words", place, list.features.map((f) => [f.id, f.properties.distance_m]),
      theirs.map(([, id, metres]) => [id, Number(metres)]), { edge: 2000, full: 50, tolerance: () => 0.01 });
  }
  if (!found) throw new Error("PostGIS, words: no job has the word");
  console.log(`the same answers: words and totals of PostGIS, jobs in ${compared} lists (${found})`);
}

export async function words() {
  console.log("PostGIS indexes trigrams");
  await sql(`SET client_min_messages = warning; SET maintenance_work_mem = '1GB'; CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS jobs_texts ON jobs USING gin (${texts} gin_trgm_ops) WITH (fastupdate = off); ANALYZE jobs;`);
  const server = await startJobmapd();
  try {
    await compare(server.url);
    const statement = `SELECT x.* FROM queries q, LATERAL (SELECT ${columns}, ST_Distance(geog, q.geog) AS distance_m
      FROM jobs WHERE ${matching} ORDER BY distance_m, id LIMIT 50) x WHERE q.i = :i`.replace(/\n\s*/g, " ");
    await inTurn("`q=工程师`, radius 2,000 m, one category, nearest 50, GeoJSON",
      wrk(server.url, "queries.txt", "/v1/jobs?near=", suffix), [
        { name: "PostGIS with pg_trgm, and an index of that category", run: pgbench("words", "queries", statement), target: { least: 10, unit: "×" } },
      ]);
  } finally {
    await server.stop();
  }
}
