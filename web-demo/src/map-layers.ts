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
  districtShares: ReadonlyMap<string, number>; // by adcode: what of it the circles cover, to the planner
  leftOut: readonly string[]; // service points that the planner tries without
  chosenStations: readonly string[]; // they have labels of their own
  jobs: boolean;
  basemap: boolean; // our own ground stays out of the way of another
}

const name = ({ language }: Look): ExpressionSpecification =>
  language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];

const category = ({ palette }: Look): ExpressionSpecification =>
  ["match", ["get", "category"], ...Object.entries(palette.categories).flat(), palette.ink] as unknown as ExpressionSpecification;

const halo = ({ palette }: Look) => ({ "text-halo-color": palette.paper, "text-halo-width": 1.6 });

const byDistrict = (values: ReadonlyMap<string, number | string>, other: number | string) =>
  ["match", ["get", "adcode"], ...[...values].flat(), other] as unknown as ExpressionSpecification;

function districtFill({ palette, layers, districtAds, districtShares }: Look): ExpressionSpecification | string {
  if (districtShares.size > 0 && !layers.includes("choropleth"))
    return ["interpolate", ["linear"], byDistrict(districtShares, 0), 0, palette.share[0], 1, palette.share[1]];
  if (!layers.includes("choropleth") || districtAds.size === 0) return palette.land;
  const most = Math.max(1, ...districtAds.values());
  // By the square root, so that a district with a few jobs can be told from one with none.
  return ["interpolate", ["linear"], ["sqrt", byDistrict(districtAds, 0)], 0, palette.ramp[0], Math.sqrt(most), palette.ramp[1]];
}

// With its share below, while that colours the ground: so nobody has to read a shade.
function districtName({ districtShares }: Look): ExpressionSpecification {
  const shares = new Map([...districtShares].map(([adcode, share]) => [adcode, `\n${(share * 100).toFixed(0)}%`]));
  return shares.size > 0 ? ["concat", ["get", "name"], byDistrict(shares, "")] : ["get", "name"];
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
        "fill-opacity": !basemap ? 1 : look.layers.includes("choropleth") || look.districtShares.size > 0 ? 0.6 : 0,
      },
    },
    {
      id: "water",
      type: "fill",
      source: "water",
      "source-layer": "water",
      layout: { visibility },
      paint: { "fill-color": palette.water },
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
    { id: "gaps", type: "fill", source: "gaps", paint: { "fill-pattern": "gap" } },
    {
      id: "gap-chosen",
      type: "fill",
      source: "gaps",
      filter: ["get", "chosen"],
      paint: { "fill-color": palette.gap, "fill-opacity": 0.3 },
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

function metro(look: Look): LayerSpecification[] {
  const { palette, language } = look;
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
    // Their numbers, for whom the colours don't tell them.
    {
      id: "line-labels",
      type: "symbol",
      source: "lines",
      "source-layer": "lines",
      minzoom: 11,
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 220,
        "text-field": language === "en" ? ["concat", "Line ", ["get", "id"]] : ["get", "name"],
        "text-font": font,
        "text-size": 11,
        "text-rotation-alignment": "viewport",
      },
      paint: { "text-color": palette.ink, ...halo(look) },
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

function sites({ layers, leftOut }: Look): LayerSpecification[] {
  const site = (id: string, layer: "service_points" | "venture_sites", icon: string, shown: boolean): LayerSpecification => ({
    id,
    type: "symbol",
    source: layer,
    "source-layer": layer,
    minzoom: 11,
    layout: {
      visibility: shown ? "visible" : "none",
      "icon-image": ["step", ["zoom"], `${icon}-small`, 14, icon],
      "icon-size": byZoom([11, 0.35], [13.9, 0.6], [14, 0.8], [15, 1]),
      "icon-allow-overlap": true,
    },
    paint: { "icon-opacity": ["case", ["in", ["get", "id"], ["literal", [...leftOut]]], 0.35, 1] },
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
      id: "station-labels",
      type: "symbol",
      source: "stations",
      "source-layer": "stations",
      minzoom: 11, // whole: a tile of zoom 10 would have every name drawn for nothing
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

// To the planner they say the shares, and lie above all.
function districtLabels(look: Look): LayerSpecification {
  const coloured = look.districtShares.size > 0 || look.layers.includes("choropleth");
  return {
    id: "district-labels",
    type: "symbol",
    source: "district-labels",
    maxzoom: 13.5,
    layout: {
      "text-field": districtName(look),
      "text-font": font,
      "text-size": byZoom([7, 12], [11, 16]),
      "text-letter-spacing": 0.12,
    },
    paint: { "text-color": coloured ? look.palette.ink : look.palette.soft, ...halo(look) },
  };
}

function chosen(look: Look): LayerSpecification[] {
  const { palette } = look;
  const many = look.chosenStations.length > 3; // as along a whole line: then names give way to each other
  const dot = (id: string, color: string | ExpressionSpecification, ring: string): LayerSpecification => ({
    id,
    type: "circle",
    source: id,
    paint: {
      "circle-color": color,
      "circle-radius": many && id === "anchor" ? byZoom([8, 3], [15, 9]) : byZoom([8, 6], [15, 9]),
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
        "text-size": many ? byZoom([9, 12], [15, 17]) : byZoom([9, 14], [15, 17]),
        "text-anchor": "bottom",
        "text-offset": [0, -0.9],
        "text-allow-overlap": !many,
      },
      paint: { "text-color": palette.accent, "text-halo-color": palette.paper, "text-halo-width": 2.5 },
    },
    dot("dragged", "transparent", palette.accent),
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
  const planning = look.districtShares.size > 0;
  return [
    ...ground(look),
    ...metro(look),
    ...reach(look),
    ...sites(look),
    ...(planning ? [] : [districtLabels(look)]),
    ...stations(look),
    ...jobs(look),
    ...(planning ? [districtLabels(look)] : []),
    ...chosen(look),
  ];
}
