// The layers of the map, bottom to top: ground, service circles and gaps, metro lines, what is within reach, sites,
// stations, jobs and their clusters, what was chosen. No glyphs are named, so MapLibre draws them from the
// reader's own fonts.
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { districtLabels, ground } from "./ground-layers";
import { room, wallRadius } from "./label-room";
import {
  byZoom,
  category,
  clusterRadius,
  font,
  halo,
  jobRadius,
  type Look,
  name,
  planningDetail,
  sides,
  sitesFrom,
  siteSize,
  stationRadius,
} from "./look";

function metro(look: Look): LayerSpecification[] {
  const { palette, language, planning } = look;
  const layout = { "line-cap": "round", "line-join": "round" } as const;
  const drawn = { type: "line", source: "lines", "source-layer": "lines", layout } as const;
  return [
    {
      id: "line-casings",
      ...drawn,
      paint: {
        "line-color": palette.paper,
        "line-width": planning ? byZoom([10, 0], [12, 2.5], [16, 10]) : byZoom([8, 2], [12, 5], [16, 10]),
      },
    },
    {
      id: "lines",
      ...drawn,
      paint: {
        "line-color": ["get", "color"],
        "line-width": planning ? byZoom([8, 0.7], [12, 1.4], [16, 6]) : byZoom([8, 1], [12, 3], [16, 6]),
        "line-opacity": 0.85,
      },
    },
    // Their numbers, for whom the colours don't tell them.
    {
      id: "line-labels",
      type: "symbol",
      source: "lines",
      "source-layer": "lines",
      minzoom: planning ? planningDetail : 11,
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
  const minzoom = look.planning ? planningDetail : 0;
  return [
    {
      id: "jobs",
      type: "circle",
      source: "jobs",
      "source-layer": "jobs",
      minzoom,
      layout: { visibility },
      paint: {
        "circle-color": category(look),
        "circle-radius": jobRadius,
        "circle-stroke-color": palette.paper,
        "circle-stroke-width": byZoom([12, 0.5], [13, 0.8], [15, 1.2]),
      },
    },
    {
      id: "clusters",
      type: "circle",
      source: "jobs",
      "source-layer": "clusters",
      minzoom,
      layout: { visibility, "circle-sort-key": ["get", "ads"] },
      paint: {
        "circle-color": palette.cluster,
        "circle-opacity": 0.86,
        "circle-radius": clusterRadius(),
        "circle-stroke-color": palette.paper,
        "circle-stroke-width": 1.2,
      },
    },
    {
      id: "cluster-counts",
      type: "symbol",
      source: "jobs",
      "source-layer": "clusters",
      minzoom,
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
    minzoom: sitesFrom,
    layout: {
      visibility: shown ? "visible" : "none",
      "icon-image": ["step", ["zoom"], `${icon}-small`, 14, icon],
      "icon-size": siteSize(),
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
      minzoom: look.planning ? planningDetail - 1 : 0,
      paint: {
        "circle-color": palette.paper,
        "circle-radius": stationRadius,
        "circle-stroke-color": palette.ink,
        "circle-stroke-width": byZoom([8, 0.5], [12, 1.4], [15, 2.4]),
      },
    },
    {
      id: "station-labels",
      type: "symbol",
      source: "stations",
      "source-layer": "stations",
      minzoom: look.planning ? planningDetail : 11, // whole: a tile of zoom 10 would have every name drawn for nothing
      filter: ["!", ["in", ["get", "id"], ["literal", [...look.chosenStations]]]],
      layout: {
        "text-field": name(look),
        "text-font": font,
        "text-size": byZoom([11, 11], [14, 13.5], [17, 16]),
        "text-variable-anchor": [...sides],
        "text-radial-offset": 0.75,
        "text-justify": "auto",
        "text-padding": 3,
      },
      paint: { "text-color": palette.ink, ...halo(look) },
    },
  ];
}

// As along a whole line: then names give way to each other, and dots to what the clusters say.
const many = ({ chosenStations }: Look) => chosenStations.length > 3;

function chosen(look: Look): { anchor: LayerSpecification; others: LayerSpecification[] } {
  const { palette } = look;
  const dot = (id: string, color: string | ExpressionSpecification, ring: string): LayerSpecification => ({
    id,
    type: "circle",
    source: id,
    paint: {
      "circle-color": color,
      "circle-radius": many(look) && id === "anchor" ? byZoom([8, 3], [15, 9]) : byZoom([8, 6], [15, 9]),
      "circle-stroke-color": ring,
      "circle-stroke-width": 2.6,
    },
  });
  const anchor = dot("anchor", palette.accent, palette.paper);
  const others: LayerSpecification[] = [
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
        "text-size": many(look) ? byZoom([9, 12], [15, 17]) : byZoom([9, 14], [15, 17]),
        "text-variable-anchor": ["bottom", "top", ...sides],
        "text-radial-offset": 1.3,
        "text-allow-overlap": !many(look),
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
  return { anchor, others };
}

// Of those that stand on the map; the jobs' dots are small, and too many from afar.
function rooms({ jobs, planning, layers }: Look): LayerSpecification[] {
  const detail = planning ? planningDetail : 0;
  const site = (id: string, source: string) => room(id, source, siteSize(10), source, sitesFrom);
  return [
    ...(layers.includes("venture") ? [site("venture-sites", "venture_sites")] : []),
    ...(layers.includes("service") ? [site("service-points", "service_points")] : []),
    room("stations", "stations", stationRadius, "stations", Math.max(9, detail)),
    ...(jobs
      ? [
          room("jobs", "jobs", jobRadius, "jobs", 13),
          room("clusters", "jobs", clusterRadius(0.9), "clusters", detail),
        ]
      : []),
  ];
}

export function layersOf(look: Look): LayerSpecification[] {
  const { planning } = look;
  const { anchor, others } = chosen(look);
  return [
    ...ground(look),
    ...metro(look),
    ...reach(look),
    ...sites(look),
    ...(planning ? [] : [districtLabels(look)]),
    ...stations(look),
    ...(many(look) ? [anchor] : []),
    ...jobs(look),
    ...(planning ? [districtLabels(look)] : []),
    ...(many(look) ? [] : [anchor]),
    ...others,
    ...rooms(look),
    room("anchor", "anchor", byZoom([8, 8], [15, 11])),
    room("tried", "tried", byZoom([8, 8], [15, 11])),
    room("wall", "wall", wallRadius),
  ];
}
