// The tile of the whole city under random filters, made anew each time: PostGIS groups the same grid, and supercluster,
// whose index is of one filter, must be built for each. Compared: PostGIS to the last cluster; supercluster, which
// clusters by another rule, by the number of jobs.
import { writeFileSync } from "node:fs";
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import { fullestTile, randomFilters } from "../filters.mjs";
import { pgbenchFiles, sql, wrk } from "../load.mjs";
import { NodePeers } from "../node_peers.mjs";
import { inTurn } from "../report.mjs";
import { data, seconds, startJobmapd, temp } from "../settings.mjs";

const filters = randomFilters(24);
const tile = fullestTile(10);
const [z, x, y] = tile.split("/").map(Number);
const world = 40075016.685578488, cell = world / 2 ** z / 8;
const grouping = ({ sql: condition }) => `SELECT i - ${x * 8} AS i, j - ${y * 8} AS j, ads, openings, full_time, gig, internship, lon, lat FROM (
  SELECT floor((ST_X(geom) + ${world / 2}) / ${cell})::int AS i, floor((${world / 2} - ST_Y(geom)) / ${cell})::int AS j,
    count(*) AS ads, sum(openings) AS openings, count(*) FILTER (WHERE category = 'full_time') AS full_time,
    count(*) FILTER (WHERE category = 'gig') AS gig, count(*) FILTER (WHERE category = 'internship') AS internship,
    avg(lon) AS lon, avg(lat) AS lat
  FROM jobs WHERE geom && ST_TileEnvelope(${z}, ${x}, ${y}) AND ${condition} GROUP BY 1, 2) cells`.replace(/\n\s*/g, " ");

const features = (layer) => Array.from({ length: layer?.length ?? 0 }, (_, i) => layer.feature(i).properties);

// Cells of one job show the job, in tiles that crowd; in others every job does.
async function compareGrids(url) {
  let cells = 0;
  for (const filter of filters) {
    const answer = await fetch(`${url}/tiles/jobs/${tile}.mvt?${filter.query}`, { headers: { "accept-encoding": "identity" } });
    if (answer.status !== 200 && answer.status !== 204) throw new Error(`${filter.query}: ${answer.status} ${await answer.text()}`);
    const { layers } = new VectorTile(new Pbf(new Uint8Array(await answer.arrayBuffer())));
    const clusters = new Map(features(layers.clusters).map((c) => [c.cell, [c.ads, c.openings, c.full_time ?? 0, c.gig ?? 0, c.internship ?? 0].join()]));
    const alone = features(layers.jobs);
    const rows = (await sql(`${grouping(filter)};`)).map((row) => row.map(Number))
      .filter(([i, j]) => i >= 0 && i < 8 && j >= 0 && j < 8); // their box is closed
    const crowded = clusters.size > 0;
    let ads = 0;
    for (const [i, j, count, ...sums] of rows) {
      if (crowded && count > 1 && clusters.get(`${tile}/${i}/${j}`) !== [count, ...sums.slice(0, 4)].join())
        throw new Error(`PostGIS, ${filter.query}, cell ${i}/${j}: ours ${clusters.get(`${tile}/${i}/${j}`)}, theirs ${[count, ...sums]}`);
      if (!crowded || count === 1) ads += count;
    }
    const many = rows.filter(([, , count]) => count > 1).length;
    if (ads !== alone.length || (crowded && many !== clusters.size))
      throw new Error(`PostGIS, ${filter.query}: ours ${clusters.size} clusters, ${alone.length} jobs; theirs ${many}, ${ads}`);
    cells += rows.length;
  }
  console.log(`the same answers: cells of PostGIS under ${filters.length} filters (${cells})`);
}

async function compareCounts(url, peers) {
  for (let i = 0; i < 4; ++i) {
    const { located } = await (await fetch(`${url}/v1/jobs?limit=1&${filters[i].query}`)).json();
    const { count } = await peers.ask({ clusters: i, tile: [z, x, y] });
    if (count !== located) throw new Error(`supercluster, ${filters[i].query}: ours ${located}, theirs ${count}`);
  }
  console.log("the same answers: jobs in the clusters of supercluster under 4 filters");
}

export async function clusters() {
  writeFileSync(`${data}/filters.txt`, filters.map(({ query }) => query).join("\n") + "\n");
  const files = filters.map((filter, i) => {
    writeFileSync(`${temp}/grid-${i}.sql`, `${grouping(filter)};\n`);
    return `${temp}/grid-${i}.sql`;
  });
  const server = await startJobmapd();
  const peers = new NodePeers();
  try {
    await compareGrids(server.url);
    await peers.load();
    await compareCounts(server.url, peers);
    let next = 0;
    const rebuild = async () => {
      let built = 0, ms = 0;
      while (ms < seconds * 1000) {
        ms += (await peers.ask({ clusters: next++ % filters.length, tile: [z, x, y] })).ms;
        ++built;
      }
      return (built / ms) * 1000;
    };
    const target = { least: 100, unit: "×" };
    await inTurn(`cluster tile z10 of the whole city, ${filters.length} random filters of one to four predicates, not cached`,
      wrk(server.url, "filters.txt", `/tiles/jobs/${tile}.mvt?`, ""), [
        { name: "PostGIS, grouping the same grid", run: pgbenchFiles("grid", files), target },
        { name: "supercluster, index built for the filter, one thread", run: rebuild, target },
      ]);
  } finally {
    await peers.stop();
    await server.stop();
  }
}
