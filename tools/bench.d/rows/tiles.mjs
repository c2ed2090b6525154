// Tiles z14 that hold 600 to 1,000 jobs, made anew each time, beside PostGIS.
import { readFileSync } from "node:fs";
import * as load from "../load.mjs";
import { inTurn } from "../report.mjs";
import { data, startJobmapd } from "../settings.mjs";

export async function tiles() {
  const facts = JSON.parse(readFileSync(`${data}/facts.json`, "utf8"));
  const server = await startJobmapd();
  try {
    await inTurn(`tile z14 of 600 to 1,000 jobs, 5 properties, not cached (${facts.tiles} tiles)`, load.ourTiles(server), [
      { name: "PostGIS, ST_AsMVT", run: load.postgisTiles(), target: { least: 25, unit: "×" } },
    ]);
  } finally {
    await server.stop();
  }
}
