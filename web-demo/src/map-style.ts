// The map's style as one value of what is shown: whatever changes, MapView makes it anew and MapLibre applies the
// difference.
import type { Feature } from "geojson";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { Layer } from "./api";
import type { Look } from "./look";
import { layersOf } from "./map-layers";

// Drawn by the page from what the API told it.
export const drawnSources = [
  "district-labels",
  "circles",
  "gaps",
  "anchor",
  "anchor-area",
  "reach",
  "tried",
  "dragged",
  "hovered",
  "selected",
  "wall",
] as const;
export type DrawnSource = (typeof drawnSources)[number];

export interface Basemap {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

export interface Shown {
  look: Look;
  tiles: Partial<Record<Layer, string>>;
  drawn: Partial<Record<DrawnSource, Feature[]>>;
  basemap: Basemap | null;
}

// How deep each layer's tiles go before they are only magnified.
const depth: Record<Layer, number> = {
  districts: 12,
  water: 14,
  lines: 14,
  stations: 14,
  service_points: 14,
  venture_sites: 14,
  jobs: 22,
};

// A layer whose tiles are not known yet stays empty.
export function styleOf({ look, tiles, drawn, basemap }: Shown): StyleSpecification {
  const sources: Record<string, SourceSpecification> = { ...basemap?.sources };
  for (const [layer, maxzoom] of Object.entries(depth) as [Layer, number][])
    sources[layer] = { type: "vector", tiles: [tiles[layer] ?? ""], maxzoom };
  for (const name of drawnSources)
    sources[name] = { type: "geojson", data: { type: "FeatureCollection", features: drawn[name] ?? [] } };
  return { version: 8, sources, layers: [...(basemap?.layers ?? []), ...layersOf(look)] };
}
