// All workloads of tools/bench, in the order they are measured; `--only` takes these names.
import { keptTiles } from "./kept.mjs";
import { mixedLoad } from "./mixed.mjs";
import { addRow, inTurn } from "./report.mjs";
import { clusters } from "./rows/clusters.mjs";
import { imports } from "./rows/imports.mjs";
import { lists } from "./rows/lists.mjs";
import { inProcessRows } from "./rows/process.mjs";
import { start } from "./rows/start.mjs";
import { tiles } from "./rows/tiles.mjs";

export const workloads = {
  lists,
  tiles,
  clusters,
  kept: () => keptTiles(inTurn),
  mixed: () => mixedLoad(addRow),
  process: inProcessRows,
  start,
  import: imports,
};
