// Tiles the server has kept, and 304s, beside nginx with the same bytes in files at the same URLs.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { wrk } from "./load.mjs";
import { data, linesOf, nginxPort, nginxRoot, path, startJobmapd } from "./settings.mjs";

const nginx = `http://127.0.0.1:${nginxPort}`;
const pathOf = (tile) => path.tile.prefix + tile + path.tile.suffix;

async function get(url, headers = {}) {
  const answer = await fetch(url, { headers: { "accept-encoding": "identity", ...headers } });
  return { status: answer.status, tag: answer.headers.get("etag"), body: Buffer.from(await answer.arrayBuffer()) };
}

// Makes nginx's files and the lists of tags. Every tile is asked for on the way, so ours are kept from here on.
async function fill(url) {
  const tiles = linesOf("tiles.txt"), ourTags = [], nginxTags = [];
  for (const tile of tiles) {
    const ours = await get(url + pathOf(tile));
    mkdirSync(dirname(nginxRoot + pathOf(tile)), { recursive: true });
    writeFileSync(nginxRoot + pathOf(tile), ours.body);
    const theirs = await get(nginx + pathOf(tile));
    if (theirs.status !== 200 || !ours.body.equals(theirs.body)) throw new Error(`nginx, tile ${tile}: other bytes`);
    for (const [base, tag] of [[url, ours.tag], [nginx, theirs.tag]]) {
      const { status } = await get(base + pathOf(tile), { "if-none-match": tag });
      if (status !== 304) throw new Error(`${base}${pathOf(tile)}: ${status} for a tag it gave`);
    }
    ourTags.push(`${tile}\t${ours.tag}`);
    nginxTags.push(`${tile}\t${theirs.tag}`);
  }
  writeFileSync(`${data}/our_tags.txt`, ourTags.join("\n") + "\n");
  writeFileSync(`${data}/nginx_tags.txt`, nginxTags.join("\n") + "\n");
  console.log(`the same answers: bytes and 304s of nginx, tiles (${tiles.length})`);
  return tiles.length;
}

export async function keptTiles(inTurn) {
  const server = await startJobmapd(undefined, undefined, 256);
  const asked = (base, lines) => wrk(base, lines, path.tile.prefix, path.tile.suffix);
  const target = { least: 0.8, unit: "×" };
  try {
    const tiles = await fill(server.url);
    await inTurn(`tile z14 of 600 to 1,000 jobs from the cache (${tiles} tiles)`, asked(server.url, "tiles.txt"), [
      { name: "nginx, the same bytes from files", run: asked(nginx, "tiles.txt"), target },
    ]);
    await inTurn("304 of the same tiles", asked(server.url, "our_tags.txt"), [
      { name: "nginx, 304 of its files", run: asked(nginx, "nginx_tags.txt"), target },
    ]);
  } finally {
    await server.stop();
  }
}
