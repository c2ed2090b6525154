// The ground of the map: districts with what colours them, water, service circles and gaps; and the districts' names.
import type { ExpressionSpecification, LayerSpecification, VariableAnchorOffsetCollectionSpecification } from "maplibre-gl";
import { byZoom, font, halo, type Look } from "./look";

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

export function ground(look: Look): LayerSpecification[] {
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
    {
      id: "gaps",
      type: "fill",
      source: "gaps",
      paint: { "fill-pattern": "gap", "fill-opacity": byZoom([10, 0.5], [13, 1]) },
    },
    {
      id: "gap-chosen",
      type: "fill",
      source: "gaps",
      filter: ["get", "chosen"],
      paint: { "fill-color": palette.gap, "fill-opacity": 0.3 },
    },
    {
      id: "gap-borders",
      type: "line",
      source: "gaps",
      paint: { "line-color": palette.gap, "line-width": byZoom([9, 0.5], [13, 1.2]) },
    },
    {
      id: "district-borders",
      type: "line",
      source: "districts",
      "source-layer": "districts",
      paint: { "line-color": palette.border, "line-width": byZoom([8, 0.8], [14, 1.6]) },
    },
  ];
}

// A district's name may stand a little aside of its middle, in ems.
const aside = [[0, 0], ...[1.5, 3].flatMap((r) => [[0, -r], [0, r], [-r, 0], [r, 0], [-r, -r], [r, -r], [-r, r], [r, r]])].flatMap(
  (offset) => ["center", offset],
) as VariableAnchorOffsetCollectionSpecification;

// To the planner they say the shares, and lie above all.
export function districtLabels(look: Look): LayerSpecification {
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
      "text-variable-anchor-offset": aside,
      "text-allow-overlap": look.planning, // none may lack where the ground is about it
    },
    paint: { "text-color": coloured ? look.palette.ink : look.palette.soft, ...halo(look) },
  };
}
