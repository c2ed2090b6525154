// Lists of the 50 nearest, each of another place, beside PostGIS, Redis and nginx.
import { readFileSync } from "node:fs";
import * as load from "../load.mjs";
import { inTurn } from "../report.mjs";
import { categories, category, data, startJobmapd } from "../settings.mjs";
import { number } from "../table.mjs";

const least = (limit) => ({ least: limit, unit: "×" });

export async function lists() {
  const matches = JSON.parse(readFileSync(`${data}/matches.json`, "utf8"));
  const server = await startJobmapd();
  try {
    await inTurn(`radius 1,000 m, one category, nearest 50, GeoJSON (mean ${number(matches[category])} matches)`,
      load.ourList(server, "radius", "&f=geojson"), [
        { name: "PostGIS, ST_DWithin, ordered by distance, one GiST index", run: load.postgisRadius(false), target: least(100) },
        { name: "the same with an index of that category", run: load.postgisRadius(true), target: least(100) },
        { name: "and ordered by `<->`", run: load.postgisRadiusKnn() },
        { name: "Redis GEOSEARCH", run: load.redisRadius(category), target: least(10) },
        { name: "nginx, the same bytes from files", run: load.nginxFiles(), target: least(0.45) },
      ]);
    for (const one of categories.filter((name) => name !== category))
      await inTurn(`radius 1,000 m, ${one}, nearest 50, GeoJSON (mean ${number(matches[one])} matches)`, load.ourRadius(server, one),
        [{ name: "Redis GEOSEARCH", run: load.redisRadius(one), target: least(10) }]);
    await inTurn("radius 1,000 m, one category, nearest 50, protobuf", load.ourList(server, "radius", "&f=pb"), [
      { name: "ours as GeoJSON", run: load.ourList(server, "radius", "&f=geojson"), target: { above: 1, unit: "×" } },
    ]);
    await inTurn("nearest 50 of a category, GeoJSON", load.ourList(server, "nearest", "&f=geojson"), [
      { name: "PostGIS, `<->`, one GiST index", run: load.postgisNearest(false), target: least(6) },
      { name: "the same with an index of that category", run: load.postgisNearest(true), target: least(6) },
    ]);
  } finally {
    await server.stop();
  }
}
