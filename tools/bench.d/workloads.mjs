// All workloads of tools/bench, in the order they are measured; `--only` takes these names.
import { keptTiles } from "./kept.mjs";
import { mixedLoad } from "./mixed.mjs";
import { addRow, inTurn } from "./report.mjs";
import { clusters } from "./rows/clusters.mjs";
import { imports } from "./rows/imports.mjs";
import { lists } from "./rows/lists.mjs";
import { mapserver } from "./rows/mapserver.mjs";
import { nodeTiles } from "./rows/node_tiles.mjs";
import { inProcessRows } from "./rows/process.mjs";
import { start } from "./rows/start.mjs";
import { streets } from "./rows/streets.mjs";
import { tiles } from "./rows/tiles.mjs";
import { words } from "./rows/words.mjs";

export const workloads = {
  lists,
  tiles,
  nodeTiles,
  mapserver,
  clusters,
  words,
  kept: () => keptTiles(inTurn),
  mixed: () => mixedLoad(addRow),
  streets,
  process: inProcessRows,
  start,
  import: imports,
};
