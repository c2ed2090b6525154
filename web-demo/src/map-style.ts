// How the map is drawn, bottom to top: districts, service circles, metro lines, jobs and their clusters, service points, the chosen
// station's circle, stations and labels. No glyphs are named, so MapLibre draws them from the reader's own fonts.
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Layer } from "./api";
import { accent, border, categoryColors, ink, land, outside, served, service } from "./palette";
import type { Language } from "./state";

export const drawnSources = ["district-labels", "circles", "anchor", "anchor-area", "selected"] as const;
export type DrawnSource = (typeof drawnSources)[number];

const font = ["Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"];
const byZoom = (...stops: [number, number][]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops.flat()] as ExpressionSpecification;

export const stationName = (language: Language): ExpressionSpecification =>
  language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];

const category: ExpressionSpecification = [
  "match",
  ["get", "category"],
  ...Object.entries(categoryColors).flat(),
  ink,
] as unknown as ExpressionSpecification;

// By area, so that twice as many ads is twice the ink.
const clusterRadius: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["sqrt", ["get", "ads"]],
  ...[1, 9, 10, 14, 100, 23, 300, 30],
] as ExpressionSpecification;

// 950, 1.2k, 38k.
const thousands = (decimals: 0 | 1): ExpressionSpecification => [
  "concat",
  ["number-format", ["/", ["get", "ads"], 1000], { "max-fraction-digits": decimals }],
  "k",
];
const shortCount: ExpressionSpecification = [
  "step",
  ["get", "ads"],
  ["to-string", ["get", "ads"]],
  1000,
  thousands(1),
  10000,
  thousands(0),
];

const halo = { "text-halo-color": "#FFFFFF", "text-halo-width": 1.6 } as const;

const land_: LayerSpecification[] = [
  { id: "outside", type: "background", paint: { "background-color": outside } },
  {
    id: "districts",
    type: "fill",
    source: "districts",
    "source-layer": "districts",
    paint: { "fill-color": land },
  },
  // Opaque fills over their own outlines: what remains to be seen is the outline of their union.
  {
    id: "circle-borders",
    type: "line",
    source: "circles",
    paint: { "line-color": service, "line-width": byZoom([9, 1], [14, 2.4]), "line-opacity": 0.6 },
  },
  { id: "circles", type: "fill", source: "circles", paint: { "fill-color": served } },
  {
    id: "district-borders",
    type: "line",
    source: "districts",
    "source-layer": "districts",
    paint: { "line-color": border, "line-width": byZoom([8, 0.8], [14, 1.6]) },
  },
];

const metro: LayerSpecification[] = [
  {
    id: "line-casings",
    type: "line",
    source: "lines",
    "source-layer": "lines",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": "#FFFFFF", "line-width": byZoom([8, 2], [12, 5], [16, 10]) },
  },
  {
    id: "lines",
    type: "line",
    source: "lines",
    "source-layer": "lines",
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": ["get", "color"], "line-width": byZoom([8, 1], [12, 3], [16, 6]), "line-opacity": 0.85 },
  },
];

const places: LayerSpecification[] = [
  {
    id: "anchor-area",
    type: "fill",
    source: "anchor-area",
    paint: { "fill-color": accent, "fill-opacity": 0.08 },
  },
  {
    id: "anchor-border",
    type: "line",
    source: "anchor-area",
    paint: { "line-color": accent, "line-width": 1.5, "line-dasharray": [2, 1.5] },
  },
  {
    id: "jobs",
    type: "circle",
    source: "jobs",
    "source-layer": "jobs",
    layout: { visibility: "none" },
    paint: {
      "circle-color": category,
      "circle-radius": byZoom([8, 1], [11, 1.8], [13, 3.2], [15, 5.5], [18, 8]),
      "circle-opacity": byZoom([8, 0.45], [12, 0.75], [14, 0.95]),
      "circle-stroke-color": "#FFFFFF",
      "circle-stroke-width": byZoom([12, 0], [13, 0.6], [15, 1.2]),
    },
  },
  {
    id: "clusters",
    type: "circle",
    source: "jobs",
    "source-layer": "clusters",
    layout: { visibility: "none", "circle-sort-key": ["get", "ads"] },
    paint: {
      "circle-color": accent,
      "circle-radius": clusterRadius,
      "circle-opacity": 0.82,
      "circle-stroke-color": "#FFFFFF",
      "circle-stroke-width": 1.5,
    },
  },
  {
    id: "cluster-counts",
    type: "symbol",
    source: "jobs",
    "source-layer": "clusters",
    layout: {
      visibility: "none",
      "text-field": shortCount,
      "text-font": font,
      "text-size": 12,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: { "text-color": "#FFFFFF" },
  },
  {
    id: "service-points",
    type: "symbol",
    source: "service_points",
    "source-layer": "service_points",
    minzoom: 11.5,
    layout: {
      "icon-image": "service",
      "icon-size": byZoom([11.5, 0.35], [13, 0.6], [15, 1]),
      "icon-allow-overlap": true,
    },
  },
];

const stations = (language: Language): LayerSpecification[] => [
  {
    id: "stations",
    type: "circle",
    source: "stations",
    "source-layer": "stations",
    paint: {
      "circle-color": "#FFFFFF",
      "circle-radius": byZoom([8, 1], [11, 2.4], [13, 5], [16, 8]),
      "circle-stroke-color": ink,
      "circle-stroke-width": byZoom([8, 0.5], [12, 1.4], [15, 2.4]),
    },
  },
  {
    id: "anchor",
    type: "circle",
    source: "anchor",
    paint: {
      "circle-color": accent,
      "circle-radius": byZoom([8, 5], [13, 8], [16, 11]),
      "circle-stroke-color": "#FFFFFF",
      "circle-stroke-width": 2.5,
    },
  },
  {
    id: "selected",
    type: "circle",
    source: "selected",
    paint: {
      "circle-color": category,
      "circle-radius": byZoom([8, 6], [15, 9]),
      "circle-stroke-color": ink,
      "circle-stroke-width": 3,
    },
  },
  {
    id: "district-labels",
    type: "symbol",
    source: "district-labels",
    maxzoom: 13.5,
    layout: {
      "text-field": ["get", "name"],
      "text-font": font,
      "text-size": byZoom([7, 12], [11, 16]),
      "text-letter-spacing": 0.12,
    },
    paint: { "text-color": "#56636F", ...halo },
  },
  {
    id: "station-labels",
    type: "symbol",
    source: "stations",
    "source-layer": "stations",
    minzoom: 10.4,
    layout: {
      "text-field": stationName(language),
      "text-font": font,
      "text-size": byZoom([11, 11], [14, 13.5], [17, 16]),
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 0.75,
      "text-justify": "auto",
      "text-padding": 3,
    },
    paint: { "text-color": ink, ...halo },
  },
  {
    id: "anchor-label",
    type: "symbol",
    source: "anchor",
    layout: {
      "text-field": stationName(language),
      "text-font": font,
      "text-size": byZoom([9, 14], [15, 17]),
      "text-anchor": "bottom",
      "text-offset": [0, -0.9],
      "text-allow-overlap": true,
    },
    paint: { "text-color": accent, "text-halo-color": "#FFFFFF", "text-halo-width": 2.5 },
  },
];

// How deep each layer's tiles go before they are only magnified.
const depth: Record<Layer, number> = { districts: 12, lines: 14, stations: 14, service_points: 14, jobs: 19 };

// A layer whose tiles are not known yet stays empty.
export function style(tiles: Partial<Record<Layer, string>>, language: Language): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {};
  for (const [layer, maxzoom] of Object.entries(depth) as [Layer, number][])
    sources[layer] = { type: "vector", tiles: [tiles[layer] ?? ""], maxzoom };
  for (const name of drawnSources) sources[name] = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { version: 8, sources, layers: [...land_, ...metro, ...places, ...stations(language)] };
}
