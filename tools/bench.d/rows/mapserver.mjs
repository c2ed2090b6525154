// MapServer (FastCGI behind nginx, two processes, connections to PostGIS kept open) on the jobs of PostGIS: its z14
// tiles, and the items of its OGC API in a box. Compared: the jobs of tiles; numberMatched of boxes, and their jobs where
// a page holds them all.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { VectorTile } from "@mapbox/vector-tile";
import Pbf from "pbf";
import { columns, ourTiles, wrk } from "../load.mjs";
import { inTurn } from "../report.mjs";
import { data, jobs, linesOf, path, run, startJobmapd, temp } from "../settings.mjs";

const { env } = process;
const dir = `${temp}/mapserver`;

const layer = (name, items, more = "") => `LAYER NAME "${name}" TYPE POINT STATUS ON TEMPLATE "void"
  PROJECTION "init=epsg:3857" END
  CONNECTIONTYPE POSTGIS CONNECTION "host=${env.PGHOST} user=${env.PGUSER} dbname=${env.PGDATABASE}"
  PROCESSING "CLOSE_CONNECTION=DEFER" ${more}
  DATA "geom FROM jobs USING UNIQUE id USING SRID=3857"
  METADATA "ows_title" "${name}" "gml_include_items" "${items}" "gml_featureid" "id" "ows_featureid" "id" "ows_srs" "EPSG:3857" END END`;
const map = `MAP NAME "jobs" SIZE 256 256 EXTENT 13100000 3400000 13500000 3600000 PROJECTION "init=epsg:3857" END
  OUTPUTFORMAT NAME "mvt" DRIVER MVT MIMETYPE "application/x-protobuf" FORMATOPTION "EXTENT=4096" FORMATOPTION "EDGE_BUFFER=0" END
  WEB METADATA "ows_title" "jobs" "ows_onlineresource" "http://127.0.0.1/" "ows_enable_request" "*" "oga_onlineresource" "http://127.0.0.1/JOBS/ogcapi" END END
  ${layer("tile", "id,title,category,openings")}
  ${layer("jobs", columns.replace(/[" ]/g, ""))} END`;

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function startMapserver() {
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  writeFileSync(`${dir}/jobs.map`, map);
  writeFileSync(`${dir}/mapserver.conf`, `CONFIG ENV MS_MAP_NO_PATH "true" END MAPS JOBS "${dir}/jobs.map" END END\n`);
  const names = { QUERY_STRING: "$query_string", REQUEST_METHOD: "$request_method", PATH_INFO: "$uri", SCRIPT_NAME: '""',
    SERVER_NAME: "$server_name", SERVER_PORT: "$server_port", SERVER_PROTOCOL: "$server_protocol", HTTP_HOST: "$host" };
  const params = Object.entries(names).map(([name, value]) => `fastcgi_param ${name} ${value};`).join(" ");
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`).join(" ");
  writeFileSync(`${dir}/nginx.conf`, `${process.getuid() ? "" : "user root;"} daemon off; worker_processes 2; pid ${dir}/pid;
    error_log ${dir}/log; events { worker_connections 256; } http { access_log off; keepalive_requests 1000000000; ${places}
    fastcgi_buffers 64 64k; fastcgi_buffer_size 64k;
    server { listen 127.0.0.1:${port}; location / { ${params} fastcgi_pass unix:${dir}/socket; } } }`);
  await run("spawn-fcgi", ["-s", `${dir}/socket`, "-F", "2", "-P", `${dir}/pids`, "--", "/usr/lib/cgi-bin/mapserv"],
    { env: { MAPSERVER_CONFIG_FILE: `${dir}/mapserver.conf` } });
  const nginx = spawn("nginx", ["-c", `${dir}/nginx.conf`, "-e", `${dir}/log`],
    { stdio: "ignore", env: { ...env, PATH: `${env.PATH}:/usr/sbin` } });
  const stop = () => {
    nginx.kill();
    for (const pid of readFileSync(`${dir}/pids`, "utf8").split(/\s+/).filter(Boolean)) try { process.kill(Number(pid), "SIGKILL"); } catch {}
  };
  process.once("exit", stop);
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 100 && !(await fetch(url).catch(() => null)); ++i) await new Promise((resolve) => setTimeout(resolve, 50));
  return { url, stop: () => (process.off("exit", stop), stop()) };
}

const tilePath = { prefix: "/?map=JOBS&mode=tile&tilemode=gmap&layers=tile&map.imagetype=mvt&tile=", suffix: "" };
const itemsPath = { prefix: "/JOBS/ogcapi/collections/jobs/items?f=json&limit=100&bbox=", suffix: "" };
const ourItems = { prefix: "/ogc/collections/jobs/items?limit=100&bbox=", suffix: "" };

async function get(url) {
  const answer = await fetch(url, { headers: { "accept-encoding": "identity" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
  return answer;
}
const idsIn = async (url, name) => {
  const layer = new VectorTile(new Pbf(new Uint8Array(await (await get(url)).arrayBuffer()))).layers[name];
  return Array.from({ length: layer?.length ?? 0 }, (_, i) => layer.feature(i).properties.id).sort().join();
};
// x y z, as MapServer takes them.
const turned = (tile) => tile.split("/").slice(1).join("+") + "+" + tile.split("/")[0];

async function compare(ours, theirs, boxes) {
  for (const tile of linesOf("tiles.txt").slice(0, 8)) {
    const mine = await idsIn(ours + path.tile.prefix + tile + path.tile.suffix, "jobs");
    const other = await idsIn(theirs + tilePath.prefix + turned(tile), "tile");
    if (mine !== other) throw new Error(`MapServer, tile ${tile}: ours ${mine.split(",").length} jobs, theirs ${other.split(",").length}`);
  }
  let found = 0;
  for (const box of boxes.slice(0, 20)) {
    const mine = await (await get(ours + ourItems.prefix + box)).json(), other = await (await get(theirs + itemsPath.prefix + box)).json();
    const ids = ({ features }) => features.map(({ id, properties }) => properties.id ?? id).sort().join();
    if (mine.numberMatched !== other.numberMatched || mine.features.length !== other.features.length ||
        (mine.numberMatched <= 100 && ids(mine) !== ids(other)))
      throw new Error(`MapServer, items in ${box}: ours ${mine.features.length} of ${mine.numberMatched}, theirs ${other.features.length} of ${other.numberMatched}`);
    found += mine.features.length;
  }
  console.log(`the same answers: jobs of MapServer in 8 tiles and 20 boxes (${found})`);
}

export async function mapserver() {
  // About 140 jobs each. Half a unit off the grid of positions: at an edge the projections would differ.
  const side = Number((0.004 * Math.sqrt(1e5 / jobs)).toFixed(7)) + 0.00000005;
  const boxes = linesOf("queries.txt").slice(0, 5000).map((line) => {
    const [lon, lat] = line.split(",").map(Number);
    return [lon - side, lat - side, lon + side, lat + side].map((v) => v.toFixed(8)).join(",");
  });
  writeFileSync(`${data}/boxes.txt`, boxes.join("\n") + "\n");
  writeFileSync(`${data}/tiles_turned.txt`, linesOf("tiles.txt").map(turned).join("\n") + "\n");
  const server = await startJobmapd(), peer = await startMapserver();
  try {
    await compare(server.url, peer.url, boxes);
    await inTurn("tile z14 of 600 to 1,000 jobs, 5 properties, not cached", ourTiles(server), [
      { name: "MapServer on PostGIS, 4 properties", run: wrk(peer.url, "tiles_turned.txt", tilePath.prefix, "", 4), target: { above: 1, unit: "×" } },
    ]);
    await inTurn("OGC API items in a box, 100 features with all properties", wrk(server.url, "boxes.txt", ourItems.prefix, ""), [
      { name: "MapServer, OGC API, on PostGIS", run: wrk(peer.url, "boxes.txt", itemsPath.prefix, "", 4), target: { least: 10, unit: "×" } },
    ]);
  } finally {
    peer.stop();
    await server.stop();
  }
}
