// Where the map looks: a view of the URL, a place and so many metres round it, or the town.
import type { LngLatBoundsLike, MapOptions } from "maplibre-gl";
import type { City } from "./city";
import { around } from "./geodesy";
import type { LonLat, View } from "./state";

export const closeUp = { padding: 40, maxZoom: 16 };

// A centre and so many metres round it.
export interface Place {
  center: LonLat;
  metres: number;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The box of the middle nine tenths of the stations: the town, without the ends of its longest lines. Without stations,
// where the jobs are.
function town(city: City): LngLatBoundsLike {
  const at = [...city.stations.values()].map((station) => station.geometry.coordinates);
  if (at.length === 0) return [...city.extent];
  const middle = (values: number[]) => {
    values.sort((x, y) => x - y);
    const pick = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
    return [pick(0.05), pick(0.95)] as const;
  };
  const [west, east] = middle(at.map(([x]) => x));
  const [south, north] = middle(at.map(([, y]) => y));
  return [west, south, east, north];
}

// The places together, each with its metres.
export function boxOf(places: readonly LonLat[], metres: number): [[number, number], [number, number]] | null {
  if (places.length === 0) return null;
  const boxes = places.map(([x, y]) => around([x, y], metres));
  const west = Math.min(...boxes.map(([low]) => low[0]));
  const south = Math.min(...boxes.map(([low]) => low[1]));
  const east = Math.max(...boxes.map(([, high]) => high[0]));
  const north = Math.max(...boxes.map(([, high]) => high[1]));
  return [
    [west, south],
    [east, north],
  ];
}

export function camera(start: View | null, places: readonly LonLat[], metres: number, city: City): Partial<MapOptions> {
  if (start) return { zoom: start[0], center: [start[2], start[1]] };
  const box = boxOf(places, metres);
  return box ? { bounds: box, fitBoundsOptions: closeUp } : { bounds: town(city), fitBoundsOptions: { padding: 24, maxZoom: 14 } };
}
