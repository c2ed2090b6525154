// An extract of OpenStreetMap that nobody has mapped: streets every so many metres, side × side corners round a place.
//
//   await writeGrid("grid.osm", { side: 100, metres: 200, at: [120.17, 30.26] });
import { createWriteStream } from "node:fs";
import { once } from "node:events";

export async function writeGrid(file, { side, metres, at: [lon, lat] }) {
  const out = createWriteStream(file);
  const write = async (text) => out.write(text) || (await once(out, "drain"));
  const high = metres / 111_195, wide = high / Math.cos((lat * Math.PI) / 180);
  const numbers = Array.from({ length: side }, (_, i) => i), id = (x, y) => 1 + y * side + x;
  const from = (middle, step, i) => (middle + (i - side / 2) * step).toFixed(7);
  await write('<?xml version="1.0"?>\n<osm version="0.6">\n');
  for (const y of numbers)
    await write(numbers.map((x) => `<node id="${id(x, y)}" lat="${from(lat, high, y)}" lon="${from(lon, wide, x)}"/>\n`).join(""));
  const street = (name, ids) =>
    write(`<way id="${name}">${ids.map((ref) => `<nd ref="${ref}"/>`).join("")}<tag k="highway" v="residential"/></way>\n`);
  for (const y of numbers) await street(1 + y, numbers.map((x) => id(x, y)));
  for (const x of numbers) await street(100_000 + x, numbers.map((y) => id(x, y)));
  await write("</osm>\n");
  out.end();
  await once(out, "finish");
}
