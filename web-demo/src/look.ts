// What the map's layers depend on beside the tiles, and the measures that they share.
import type { ExpressionSpecification } from "maplibre-gl";
import type { Palette } from "./palette";
import type { Language, ShownLayer } from "./state";

export const font = ["Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"];
export const byZoom = (...stops: [number, number][]): ExpressionSpecification =>
  ["interpolate", ["linear"], ["zoom"], ...stops.flat()] as ExpressionSpecification;

export interface Look {
  palette: Palette;
  language: Language;
  layers: readonly ShownLayer[];
  districtAds: ReadonlyMap<string, number>; // by adcode, for the choropleth
  districtShares: ReadonlyMap<string, number>; // by adcode: what of it the circles cover, to the planner
  leftOut: readonly string[]; // service points that the planner tries without
  chosenStations: readonly string[]; // they have labels of their own
  jobs: boolean;
  planning: boolean; // then the ground matters, and what stands on it comes with the zoom
  basemap: boolean; // our own ground stays out of the way of another
}

export const name = ({ language }: Look): ExpressionSpecification =>
  language === "en" ? ["coalesce", ["get", "name_en"], ["get", "name"]] : ["get", "name"];

export const category = ({ palette }: Look): ExpressionSpecification =>
  ["match", ["get", "category"], ...Object.entries(palette.categories).flat(), palette.ink] as unknown as ExpressionSpecification;

// From where on sites are drawn at all; and from where on the planner sees names and jobs, and a zoom before, stations.
export const sitesFrom = 11;
export const planningDetail = 13;

// By area, so that twice as many ads is twice the ink, up to what still leaves the map to be seen.
export const clusterRadius = (share = 1): ExpressionSpecification =>
  ["interpolate", ["linear"], ["sqrt", ["get", "ads"]], ...[1, 10, 10, 13, 100, 23, 300, 30].map((n, i) => (i % 2 ? n * share : n))] as ExpressionSpecification;
export const jobRadius = byZoom([8, 2], [11, 2.6], [13, 3.6], [15, 5.5], [18, 8]);
export const stationRadius = byZoom([8, 1], [11, 2.4], [13, 5], [16, 8]);

export const siteSize = (scale = 1) => byZoom([11, 0.35 * scale], [13.9, 0.6 * scale], [14, 0.8 * scale], [15, scale]);

// Where a name may stand by its point, the best first.
export const sides = ["left", "right", "top", "bottom", "top-left", "bottom-left", "top-right", "bottom-right"] as const;

export const halo = ({ palette }: Look) => ({ "text-halo-color": palette.paper, "text-halo-width": 1.6 });
