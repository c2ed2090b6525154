// Makes from the CSV of `jobmap sample` what the peers and the load generators read.
//
//   node prepare.mjs DIR CATEGORY          reads DIR/jobs.csv
//
// queries.txt    lon,lat of jobs of the category, in random order: the places that are asked about
// queries-C.txt  the same of each category
// members-C.txt  their ids, in the order of their Redis members (000000000000, 000000000001, ...)
// redis.txt      a GEOADD for every job with a point, one key a category
// tiles.txt      z/x/y of the z14 tiles that hold 600 to 1,000 jobs, in random order
// facts.json     numbers of jobs: all, with a point, of each category with a point
import { createReadStream, createWriteStream, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { once } from "node:events";

const [dir, category] = process.argv.slice(2);
const least = 600, most = 1000, zoom = 14;

// RFC 4180, one record as an array of fields.
function fieldsOf(record) {
  const fields = [];
  for (let at = 0; at <= record.length; ) {
    if (record[at] === '"') {
      let text = "";
      for (let from = at + 1; ; ) {
        const quote = record.indexOf('"', from);
        text += record.slice(from, quote);
        if (record[quote + 1] !== '"') { at = quote + 2; break; }
        text += '"';
        from = quote + 2;
      }
      fields.push(text);
    } else {
      let comma = record.indexOf(",", at);
      if (comma < 0) comma = record.length;
      fields.push(record.slice(at, comma));
      at = comma + 1;
    }
  }
  return fields;
}

async function* records(path) {
  let open = "";
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    open = open ? open + "\n" + line : line;
    if (open.split('"').length % 2 === 0) continue; // a quoted field goes on in the next line
    yield fieldsOf(open);
    open = "";
  }
}

// Mulberry32: the same order in every run.
function shuffle(list) {
  let state = 1;
  const below = (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
  };
  for (let i = list.length - 1; i > 0; --i) {
    const j = below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

function tileOf(lon, lat) {
  const n = 2 ** zoom, phi = (lat * Math.PI) / 180;
  const x = Math.floor(((lon + 180) / 360) * n);
  const y = Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n);
  return `${zoom}/${x}/${y}`;
}

const redis = createWriteStream(`${dir}/redis.txt`);
const found = {}, tiles = new Map(); // found: of each category its places and members
let jobs = 0, column;
for await (const fields of records(`${dir}/jobs.csv`)) {
  if (!column) {
    column = Object.fromEntries(fields.map((name, i) => [name, i]));
    continue;
  }
  ++jobs;
  const get = (name) => fields[column[name]];
  if (get("lon") === "" || !["exact", "address", "street"].includes(get("precision"))) continue;
  const { places, members } = (found[get("category")] ??= { places: [], members: [] });
  const member = String(members.length).padStart(12, "0");
  if (!redis.write(`GEOADD ${get("category")} ${get("lon")} ${get("lat")} ${member}\r\n`))
    await once(redis, "drain");
  const tile = tileOf(Number(get("lon")), Number(get("lat")));
  tiles.set(tile, (tiles.get(tile) ?? 0) + 1);
  members.push(`${get("source")}:${get("id")}`);
  places.push(`${get("lon")},${get("lat")}`);
}
redis.end();
await once(redis, "finish");
if (!found[category]) throw new Error(`no job of category ${category} has a point`);
const write = (name, lines) => writeFileSync(`${dir}/${name}`, lines.join("\n") + "\n");
for (const [name, { places, members }] of Object.entries(found)) {
  write(`members-${name}.txt`, members);
  write(`queries-${name}.txt`, shuffle(places));
}
write("queries.txt", found[category].places);
const chosen = [...tiles].filter(([, count]) => count >= least && count <= most).map(([tile]) => tile);
if (!chosen.length) throw new Error(`no z${zoom} tile holds ${least} to ${most} jobs; more jobs are needed`);
write("tiles.txt", shuffle(chosen));
const located = Object.fromEntries(Object.entries(found).map(([name, { places }]) => [name, places.length]));
const points = Object.values(located).reduce((a, b) => a + b, 0);
writeFileSync(`${dir}/facts.json`, JSON.stringify({ jobs, points, located, category, tiles: chosen.length }));
