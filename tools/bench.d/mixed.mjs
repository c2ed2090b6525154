// People moving a map: each move asks for seven tiles, two lists and the facets of what is seen, under a filter of its
// own. First how much of it the server answers when always asked for more; then how long one waits for an answer when
// four fifths of that come at an even rate, whether or not the earlier ones are answered.
import { writeFileSync } from "node:fs";
import { build, linesOf, median, rounds, run, seconds, startJobmapd, temp } from "./settings.mjs";
import { number } from "./table.mjs";

const filters = ["", "category=full_time", "category=gig,internship", "pay_min=8000&pay_unit=month", "q=工程师",
  "education=bachelor&experience_max=3", "industry=I", "precision=exact"];
const zooms = [11, 12, 13, 14, 15];
const offsets = [[0, 0], [1, 0], [0, 1], [1, 1], [-1, 0], [0, -1], [-1, 1]];

// The paths that the nth move to a place asks for; the first list and the facets are of the same query.
function pathsOf(place, n) {
  const [lon, lat] = place.split(",").map(Number);
  const z = zooms[n % zooms.length], filter = encodeURI(filters[Math.floor(n / zooms.length) % filters.length]);
  const side = 2 ** z, half = 270 / side;
  const x = Math.floor((lon / 360 + 0.5) * side);
  const y = Math.floor((0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * side);
  const seen = `bbox=${[lon - half, lat - half, lon + half, lat + half].map((v) => v.toFixed(6)).join(",")}&${filter}`;
  const tiles = offsets.map(([i, j]) => `/tiles/jobs/${z}/${x + i}/${y + j}.mvt?${filter}`);
  const lists = [`/v1/jobs?${seen}`, `/v1/jobs?near=${place}&radius=1500&limit=20&${filter}`];
  const facets = `/v1/facets?by=category,district&${seen}`;
  return [...tiles, ...lists, facets].map((path) => path.replace(/[?&]$/, ""));
}

async function compare(url, places) {
  for (const [n, place] of places.slice(0, 40).entries()) {
    const paths = pathsOf(place, n);
    for (const path of paths) {
      const { status } = await fetch(url + path);
      if (status !== 200 && !(status === 204 && path.startsWith("/tiles/"))) throw new Error(`${path}: ${status}`);
    }
    const list = await (await fetch(url + paths.at(-3))).json(), facets = await (await fetch(url + paths.at(-1))).json();
    const categories = facets.facets.category.values.reduce((sum, { ads }) => sum + ads, 0);
    if (list.numberMatched !== facets.numberMatched || categories !== list.numberMatched)
      throw new Error(`${paths.at(-1)}: ${facets.numberMatched}, ${categories}; the list: ${list.numberMatched}`);
  }
  console.log("the same answers: lists and facets of 40 moves of a map");
}

export async function mixedLoad(addRow) {
  const server = await startJobmapd(undefined, undefined, 64);
  const places = linesOf("queries.txt");
  try {
    await compare(server.url, places);
    const paths = `${temp}/moves.txt`, moves = 40_000;
    writeFileSync(paths, Array.from({ length: moves }, (_, n) => pathsOf(places[n % places.length], n)).flat().join("\n") + "\n");
    const said = await run(`${build}/steady_load`, [server.port, paths, 64, seconds, rounds].map(String));
    const { capacity, p99 } = JSON.parse(said);
    addRow("people moving a map: tiles 70 %, lists 20 %, facets 10 %, compressed; capacity beside the generator",
      number(median(capacity)) + "/s", "", "", undefined);
    addRow("the same at 80 % of it, even rate: p99", number(median(p99)) + " ms", "", "", undefined,
      { below: 10, unit: " ms" }, median(p99));
  } finally {
    await server.stop();
  }
}
