// The z14 tiles in Node: geojson-vt has cut every tile beforehand, so vt-pbf's writing is all that is timed, and nothing
// goes over HTTP: all in their favour. Compared: the jobs of each tile.
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import { ourTiles } from "../load.mjs";
import { NodePeers } from "../node_peers.mjs";
import { inTurn } from "../report.mjs";
import { linesOf, path, seconds, startJobmapd } from "../settings.mjs";

export async function nodeTiles() {
  const tiles = linesOf("tiles.txt"), numbers = tiles.map((tile) => tile.split("/").map(Number));
  const server = await startJobmapd();
  const peers = new NodePeers();
  try {
    await peers.load();
    let found = 0;
    for (const [i, tile] of tiles.slice(0, 12).entries()) {
      const body = await (await fetch(server.url + path.tile.prefix + tile + path.tile.suffix)).arrayBuffer();
      const { jobs } = new VectorTile(new Pbf(new Uint8Array(body))).layers;
      const ours = Array.from({ length: jobs.length }, (_, k) => jobs.feature(k).properties.id).sort();
      const theirs = (await peers.ask({ ids: numbers[i] })).ids.sort();
      if (ours.join() !== theirs.join()) throw new Error(`geojson-vt, ${tile}: ours ${ours.length} jobs, theirs ${theirs.length}`);
      found += ours.length;
    }
    console.log(`the same answers: jobs of geojson-vt in ${Math.min(tiles.length, 12)} tiles (${found})`);
    const theirs = async () => (await peers.ask({ tiles: numbers, seconds })).perSecond;
    await inTurn(`tile z14 of 600 to 1,000 jobs, 5 properties, not cached (${tiles.length} tiles)`, ourTiles(server), [
      { name: "geojson-vt + vt-pbf in Node, tiles cut before, one thread, no HTTP", run: theirs, target: { above: 1, unit: "×" } },
    ]);
  } finally {
    await peers.stop();
    await server.stop();
  }
}
