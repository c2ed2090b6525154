// The makers of clusters and tiles in Node, in a process of their own with the located jobs of PostGIS in memory.
//
//   const peers = new NodePeers();
//   await peers.load();
//   await peers.ask({ clusters: 3, tile: [10, 853, 421] });     // { ms, count }: index of filter 3 and its tile
//   await peers.ask({ tiles: [[14, x, y], ...], seconds: 2 });  // { perSecond }: again and again
//   await peers.ask({ ids: [14, x, y] });                       // { ids }: what such a tile holds
import { fork, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { randomFilters } from "./filters.mjs";

export class NodePeers {
  #child = fork(new URL(import.meta.url).pathname, ["answer"], { execArgv: ["--max-old-space-size=8000"] });
  #kill = () => this.#child.kill("SIGKILL");
  constructor() {
    process.once("exit", this.#kill);
  }
  load() {
    return this.ask({ load: true });
  }
  ask(question) {
    return new Promise((resolve, reject) => {
      const ended = (status) => reject(new Error(`the Node peers ended: ${status}`));
      this.#child.once("exit", ended);
      this.#child.once("message", (answer) => {
        this.#child.off("exit", ended);
        if (answer.error) reject(new Error(answer.error));
        else resolve(answer);
      });
      this.#child.send(question);
    });
  }
  async stop() {
    process.off("exit", this.#kill);
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

async function answering() {
  const { default: Supercluster } = await import("supercluster");
  const { default: geojsonvt } = await import("geojson-vt");
  const { default: vtpbf } = await import("vt-pbf");
  const filters = randomFilters(24), jobs = [];
  let index;

  async function load() {
    const child = spawn("psql", ["-X", "-q", "-A", "-t", "-c", `COPY (SELECT json_build_object('id', id, 'title', title,
      'category', category, 'openings', openings, 'pay_unit', pay_unit, 'pay', coalesce(pay_max, pay_min), 'education', education,
      'experience', experience, 'industry', industry, 'precision', "precision", 'lon', lon, 'lat', lat)::text
      FROM jobs WHERE geom IS NOT NULL) TO STDOUT (FORMAT csv, QUOTE E'\\x01')`], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) jobs.push(JSON.parse(line.replaceAll("\x01", "")));
    return { jobs: jobs.length };
  }
  const point = (job, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates: [job.lon, job.lat] }, properties });

  function clusters({ clusters: i, tile }) {
    const began = performance.now();
    const features = jobs.filter(filters[i].fits).map((job) => point(job, job));
    const found = new Supercluster({ maxZoom: 16 }).load(features);
    found.getTile(...tile);
    const ms = performance.now() - began;
    const count = found.getClusters([-180, -85, 180, 85], 0).reduce((sum, { properties: p }) => sum + (p.point_count ?? 1), 0);
    return { ms, count };
  }

  // No buffer, as ours; deep enough that every tile asked for is cut from few jobs.
  const slices = () => (index ??= geojsonvt({
    type: "FeatureCollection",
    features: jobs.map((job) => point(job, { id: job.id, title: job.title, category: job.category, ads: 1, openings: job.openings })),
  }, { maxZoom: 14, indexMaxZoom: 5, extent: 4096, buffer: 0, tolerance: 0 }));

  function tiles({ tiles: list, seconds }) {
    const encode = (tile) => vtpbf.fromGeojsonVt({ jobs: slices().getTile(...tile) }, { version: 2 });
    for (const tile of list) encode(tile);
    const began = performance.now();
    let made = 0;
    while (performance.now() - began < seconds * 1000) encode(list[made++ % list.length]);
    return { perSecond: (made / (performance.now() - began)) * 1000 };
  }
  const ids = ({ ids: tile }) => ({ ids: (slices().getTile(...tile)?.features ?? []).map(({ tags }) => tags.id) });

  process.on("message", async (question) => {
    try {
      process.send(await (question.load ? load() : question.clusters !== undefined ? clusters(question) : question.tiles ? tiles(question) : ids(question)));
    } catch (error) {
      process.send({ error: error.stack });
    }
  });
  process.on("disconnect", () => process.exit());
}

if (process.argv[2] === "answer") await answering();
