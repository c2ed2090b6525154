// The layers of the map, bottom to top: ground, service circles and gaps, metro lines, what is within reach, sites,
// stations, jobs and their clusters, what was chosen. No glyphs are named, so MapLibre draws them from the
// reader's own fonts.
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";
import type { Language, ShownLayer } from "./state";

const font = ["Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"];
const byZoom = (...stops: [number, number][]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops.flat()] as ExpressionSpecification;

// What the layers depend on beside the tiles.
export interface Look {
  palette: Palette;
  language: Language;
  layers: readonly ShownLayer[];
  districtAds: ReadonlyMap<string, number>; // by adcode, for the choropleth
  chosenStations: readonly string[]; // they have labels of their own
  jobs: boolean;
  basemap: boolean; // our own ground stays out of the way of another
}

const name = ({ language }: Look): ExpressionSpecification =>
  language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];

const category = ({ palette }: Look): ExpressionSpecification =>
  ["match", ["get", "category"], ...Object.entries(palette.categories).flat(), palette.ink] as unknown as ExpressionSpecification;

const halo = ({ palette }: Look) => ({ "text-halo-color": palette.paper, "text-halo-width": 1.6 });

function districtFill({ palette, layers, districtAds }: Look): ExpressionSpecification | string {
  if (!layers.includes("choropleth") || districtAds.size === 0) return palette.land;
  const most = Math.max(1, ...districtAds.values());
  const ads = ["match", ["get", "adcode"], ...[...districtAds].flat(), 0] as unknown as ExpressionSpecification;
  // By the square root, so that a district with a few jobs can be told from one with none.
  return ["interpolate", ["linear"], ["sqrt", ads], 0, palette.ramp[0], Math.sqrt(most), palette.ramp[1]];
}

function ground(look: Look): LayerSpecification[] {
  const { palette, basemap } = look;
  const visibility = basemap ? "none" : "visible";
  return [
    { id: "outside", type: "background", layout: { visibility }, paint: { "background-color": palette.outside } },
    {
      id: "districts",
      type: "fill",
      source: "districts",
      "source-layer": "districts",
      paint: {
        "fill-color": districtFill(look),
        "fill-opacity": basemap ? (look.layers.includes("choropleth") ? 0.6 : 0) : 1,
      },
    },
    // Opaque fills over their own outlines: what remains to be seen is the outline of their union.
    {
      id: "circle-borders",
      type: "line",
      source: "circles",
      paint: { "line-color": palette.service, "line-width": byZoom([9, 1], [14, 2.4]), "line-opacity": 0.6 },
    },
    {
      id: "circles",
      type: "fill",
      source: "circles",
      paint: { "fill-color": palette.served, "fill-opacity": basemap ? 0.5 : 1 },
    },
    {
      id: "gaps",
      type: "fill",
      source: "gaps",
      paint: { "fill-color": palette.gap, "fill-opacity": ["case", ["get", "chosen"], 0.4, 0.16] },
    },
    { id: "gap-borders", type: "line", source: "gaps", paint: { "line-color": palette.gap, "line-width": 1.2 } },
    {
      id: "district-borders",
      type: "line",
      source: "districts",
      "source-layer": "districts",
      paint: { "line-color": palette.border, "line-width": byZoom([8, 0.8], [14, 1.6]) },
    },
  ];
}

function metro({ palette }: Look): LayerSpecification[] {
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const drawn = { type: "line", source: "lines", "source-layer": "lines", layout } as const;
  return [
    {
      id: "line-casings",
      ...drawn,
      paint: { "line-color": palette.paper, "line-width": byZoom([8, 2], [12, 5], [16, 10]) },
    },
    {
      id: "lines",
      ...drawn,
      paint: { "line-color": ["get", "color"], "line-width": byZoom([8, 1], [12, 3], [16, 6]), "line-opacity": 0.85 },
    },
  ];
}

function reach({ palette }: Look): LayerSpecification[] {
  return [
    { id: "anchor-area", type: "fill", source: "anchor-area", paint: { "fill-color": palette.accent, "fill-opacity": 0.08 } },
    {
      id: "anchor-border",
      type: "line",
      source: "anchor-area",
      paint: { "line-color": palette.accent, "line-width": 1.5, "line-dasharray": [2, 1.5] },
    },
    { id: "reach-area", type: "fill", source: "reach", paint: { "fill-color": palette.reach, "fill-opacity": 0.1 } },
    { id: "reach-border", type: "line", source: "reach", paint: { "line-color": palette.reach, "line-width": 1.8 } },
  ];
}

function jobs(look: Look): LayerSpecification[] {
  const { palette } = look;
  const visibility = look.jobs ? "visible" : "none";
  return [
    {
      id: "jobs",
      type: "circle",
      source: "jobs",
      "source-layer": "jobs",
      layout: { visibility },
      paint: {
        "circle-color": category(look),
        "circle-radius": byZoom([8, 2], [11, 2.6], [13, 3.6], [15, 5.5], [18, 8]),
        "circle-stroke-color": palette.paper,
        "circle-stroke-width": byZoom([12, 0.5], [13, 0.8], [15, 1.2]),
      },
    },
    {
      id: "clusters",
      type: "circle",
      source: "jobs",
      "source-layer": "clusters",
      layout: { visibility, "circle-sort-key": ["get", "ads"] },
      paint: {
        "circle-color": palette.cluster,
        "circle-opacity": 0.86,
        // By area, so that twice as many ads is twice the ink, up to what still leaves the map to be seen.
        "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "ads"]], 1, 10, 10, 13, 100, 23, 300, 30],
        "circle-stroke-color": palette.paper,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "cluster-counts",
      type: "symbol",
      source: "jobs",
      "source-layer": "clusters",
      layout: {
        visibility,
        "text-field": [
          "case",
          [">=", ["get", "ads"], 10000],
          ["concat", ["to-string", ["round", ["/", ["get", "ads"], 1000]]], "k"],
          ["to-string", ["get", "ads"]],
        ],
        "text-font": font,
        "text-size": 11,
        "text-allow-overlap": true, // and names keep clear of the numbers
      },
      paint: { "text-color": palette.clusterText },
    },
  ];
}

function sites({ layers }: Look): LayerSpecification[] {
  const site = (id: string, layer: "service_points" | "venture_sites", icon: string, shown: boolean): LayerSpecification => ({
    id,
    type: "symbol",
    source: layer,
    "source-layer": layer,
    minzoom: 11,
    layout: {
      visibility: shown ? "visible" : "none",
      "icon-image": icon,
      "icon-size": byZoom([11, 0.3], [13, 0.6], [15, 1]),
      "icon-allow-overlap": true,
    },
  });
  return [
    site("venture-sites", "venture_sites", "venture", layers.includes("venture")),
    site("service-points", "service_points", "service", layers.includes("service")),
  ];
}

function stations(look: Look): LayerSpecification[] {
  const { palette } = look;
  return [
    {
      id: "stations",
      type: "circle",
      source: "stations",
      "source-layer": "stations",
      paint: {
        "circle-color": palette.paper,
        "circle-radius": byZoom([8, 1], [11, 2.4], [13, 5], [16, 8]),
        "circle-stroke-color": palette.ink,
        "circle-stroke-width": byZoom([8, 0.5], [12, 1.4], [15, 2.4]),
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
      paint: { "text-color": palette.soft, ...halo(look) },
    },
    {
      id: "station-labels",
      type: "symbol",
      source: "stations",
      "source-layer": "stations",
      minzoom: 10.4,
      filter: ["!", ["in", ["get", "id"], ["literal", [...look.chosenStations]]]],
      layout: {
        "text-field": name(look),
        "text-font": font,
        "text-size": byZoom([11, 11], [14, 13.5], [17, 16]),
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.75,
        "text-justify": "auto",
        "text-padding": 3,
      },
      paint: { "text-color": palette.ink, ...halo(look) },
    },
  ];
}

function chosen(look: Look): LayerSpecification[] {
  const { palette } = look;
  const dot = (id: string, color: string | ExpressionSpecification, ring: string): LayerSpecification => ({
    id,
    type: "circle",
    source: id,
    paint: {
      "circle-color": color,
      "circle-radius": byZoom([8, 6], [15, 9]),
      "circle-stroke-color": ring,
      "circle-stroke-width": 2.6,
    },
  });
  return [
    dot("anchor", palette.accent, palette.paper),
    dot("tried", palette.paper, palette.service),
    dot("hovered", category(look), palette.ink),
    dot("selected", category(look), palette.ink),
    {
      id: "anchor-label",
      type: "symbol",
      source: "anchor",
      layout: {
        "text-field": name(look),
        "text-font": font,
        "text-size": byZoom([9, 14], [15, 17]),
        "text-anchor": "bottom",
        "text-offset": [0, -0.9],
        "text-allow-overlap": true,
      },
      paint: { "text-color": palette.accent, "text-halo-color": palette.paper, "text-halo-width": 2.5 },
    },
    {
      id: "tried-label",
      type: "symbol",
      source: "tried",
      layout: { "text-field": ["get", "label"], "text-font": font, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": palette.service },
    },
  ];
}

export function layersOf(look: Look): LayerSpecification[] {
  return [
    ...ground(look),
    ...metro(look),
    ...reach(look),
    ...sites(look),
    ...stations(look),
    ...jobs(look),
    ...chosen(look),
  ];
}
