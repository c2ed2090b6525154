// The ground under our own layers, where the server's operator names one: a MapLibre style or raster tiles. Its datum
// becomes that of every coordinate the page asks for and gets, so a ground drawn in GCJ-02 never lies under data in
// WGS84.
import { getBasemap, speakIn } from "./api";
import type { Basemap } from "./map-style";
import type { StyleSpecification } from "maplibre-gl";

export async function loadBasemap(): Promise<Basemap | null> {
  const { url, datum } = await getBasemap();
  if (!url || !datum) return null;
  speakIn(datum);
  if (!url.endsWith(".json"))
    return {
      sources: { basemap: { type: "raster", tiles: [url], tileSize: 256 } },
      layers: [{ id: "basemap", type: "raster", source: "basemap" }],
    };
  const style = (await (await fetch(url)).json()) as StyleSpecification;
  // Its own names mustn't meet ours; and without its glyphs and sprites only what needs neither can be drawn.
  const sources = Object.fromEntries(Object.entries(style.sources).map(([name, source]) => [`basemap-${name}`, source]));
  const layers = style.layers
    .filter((layer) => layer.type !== "symbol")
    .map((layer) => ({
      ...layer,
      id: `basemap-${layer.id}`,
      ...("source" in layer ? { source: `basemap-${layer.source}` } : {}),
    }));
  return { sources, layers } as Basemap;
}
