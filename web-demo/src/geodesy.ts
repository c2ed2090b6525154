// Circles of so many metres as polygons, for drawing. The API decides what lies inside; on the screen the ellipsoid's
// radii of curvature at the centre are good to 0.1 % at 5 km.
import type { Position } from "./types";

const a = 6378137;
const e2 = 0.00669437999014;
const radians = Math.PI / 180;

// Degrees of longitude and latitude to a metre at that latitude (WGS84).
function degreesPerMetre(latitude: number): Position {
  const w2 = 1 - e2 * Math.sin(latitude * radians) ** 2;
  const meridian = (a * (1 - e2)) / w2 ** 1.5;
  const normal = a / Math.sqrt(w2);
  return [1 / (normal * Math.cos(latitude * radians) * radians), 1 / (meridian * radians)];
}

// Right to 0.1 % over a few kilometres.
export function metresBetween([x, y]: readonly [number, number], [x2, y2]: readonly [number, number]): number {
  const [dx, dy] = degreesPerMetre((y + y2) / 2);
  return Math.hypot((x2 - x) / dx, (y2 - y) / dy);
}

export function circle([longitude, latitude]: Position, metres: number, corners = 72): Position[] {
  const [dx, dy] = degreesPerMetre(latitude);
  return Array.from({ length: corners + 1 }, (_, i) => {
    const angle = ((i % corners) / corners) * 2 * Math.PI;
    return [longitude + Math.cos(angle) * metres * dx, latitude + Math.sin(angle) * metres * dy];
  });
}

export function around([longitude, latitude]: Position, metres: number): [Position, Position] {
  const [dx, dy] = degreesPerMetre(latitude);
  return [
    [longitude - metres * dx, latitude - metres * dy],
    [longitude + metres * dx, latitude + metres * dy],
  ];
}
