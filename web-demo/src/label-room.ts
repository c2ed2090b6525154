// What names keep clear of: invisible icons over what is drawn, as large as that is. MapLibre places the symbols of the
// topmost layer first, so these lie above every name. And across the edges of the view and under what stands on it lies
// a wall of them, so that at rest no name is cut.
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

type Size = number | ExpressionSpecification;

// Room round each point of a source; the image is two pixels wide, so that its size is a radius.
export function room(id: string, source: string, radius: Size, sourceLayer?: string, minzoom = 0): LayerSpecification {
  return {
    id: `${id}-room`,
    type: "symbol",
    source,
    ...(sourceLayer && { "source-layer": sourceLayer }),
    minzoom,
    layout: { "icon-image": "room", "icon-size": radius, "icon-allow-overlap": true, "icon-padding": 0 },
  };
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const wallRadius = 12; // pixels; of a square of the wall, whose neighbours touch

// The squares' middles, in pixels of the view: a row outside of each edge, and all of each rectangle.
export function wall(width: number, height: number, rectangles: readonly Rectangle[]): [x: number, y: number][] {
  const step = 2 * wallRadius;
  const steps = (from: number, to: number) => {
    const count = Math.max(1, Math.ceil((to - from) / step));
    return Array.from({ length: count }, (_, i) => (count === 1 ? (from + to) / 2 : from + wallRadius + (i * (to - from - step)) / (count - 1)));
  };
  const covered = ({ left, top, right, bottom }: Rectangle) =>
    steps(left, right).flatMap((x) => steps(top, bottom).map((y): [number, number] => [x, y]));
  const edges = [
    { left: -step, top: -step, right: width + step, bottom: 0 },
    { left: -step, top: height, right: width + step, bottom: height + step },
    { left: -step, top: 0, right: 0, bottom: height },
    { left: width, top: 0, right: width + step, bottom: height },
  ];
  return [...edges, ...rectangles].flatMap(covered);
}
