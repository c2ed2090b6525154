// Where the districts' names stand: in the middle of what the view shows of each, so that no name is cut by its edge and
// a district that is seen in part is named all the same.
import polylabel from "polylabel";
import type { Feature as GeoJson } from "geojson";
import type { Areas, District, Feature, Position } from "./types";
import type { Box } from "./state";

// The part of a ring inside a box (Sutherland and Hodgman, 1974): an edge of the box at a time.
export function clipped(ring: readonly Position[], [west, south, east, north]: Box): Position[] {
  const edges: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, west, 1],
    [0, east, -1],
    [1, south, 1],
    [1, north, -1],
  ];
  let points = [...ring];
  for (const [axis, limit, sign] of edges) {
    const inside = (at: Position) => sign * (at[axis] - limit) >= 0;
    const next: Position[] = [];
    points.forEach((at, i) => {
      const before = points[(i + points.length - 1) % points.length] ?? at;
      if (inside(at) !== inside(before)) {
        const share = (limit - before[axis]) / (at[axis] - before[axis]);
        next.push([before[0] + share * (at[0] - before[0]), before[1] + share * (at[1] - before[1])]);
      }
      if (inside(at)) next.push(at);
    });
    points = next;
  }
  const [first] = points;
  return first ? [...points, first] : [];
}

// The names for a view; of what is seen of a district the piece with the most corners counts, and slivers have none.
export function districtNames(districts: readonly Feature<District, Areas>[], box: Box): GeoJson[] {
  const wide = box[2] - box[0];
  return districts.flatMap(({ geometry, properties }): GeoJson[] => {
    const seen = geometry.coordinates.map(([outer]) => clipped(outer ?? [], box));
    const largest = seen.reduce((best, ring) => (ring.length > best.length ? ring : best), []);
    if (largest.length < 4) return [];
    const at = polylabel([largest], wide / 500);
    if (at.distance < wide / 60) return [];
    return [{ type: "Feature", properties, geometry: { type: "Point", coordinates: [at[0] ?? 0, at[1] ?? 0] } }];
  });
}
