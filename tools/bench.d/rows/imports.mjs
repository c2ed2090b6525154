// The CSV into a database with a spatial index, by us and by ogr2ogr.
import { rmSync } from "node:fs";
import { addFigure, addRow } from "../report.mjs";
import { build, data, jobs, median, rounds, run, temp } from "../settings.mjs";
import { number } from "../table.mjs";

export async function imports() {
  const csv = `${data}/jobs.csv`, file = `${temp}/import.sqlite`;
  const rate = async (program, args) => {
    const began = performance.now();
    await run(program, args, { timeout: 900 });
    const seconds = (performance.now() - began) / 1000;
    rmSync(file, { force: true });
    return jobs / seconds;
  };
  const mine = [];
  for (let round = 0; round < Math.min(rounds, 3); ++round) {
    await run(`${build}/jobmap`, ["init", "--db", file]);
    mine.push(await rate(`${build}/jobmap`, ["import", "--db", file, "--layer", "jobs", "--datum", "wgs84", csv]));
  }
  addFigure("`jobmap import` of the CSV, validated, with spatial index", median(mine), " rows/s", { above: 60000 });
  const peer = await rate("ogr2ogr", ["-f", "SQLite", "-dsco", "SPATIALITE=YES", "-a_srs", "EPSG:4326", "-gt", "unlimited",
    "-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", file, csv]);
  addRow("the same, once", number(median(mine)) + " rows/s", "ogr2ogr, not validated", number(peer) + " rows/s", median(mine) / peer);
}
