// What can be moved on the map, with the mouse or a finger: held, it follows as a ring, and it is put where it is let go.
//
//   listenToDrag(map, (point, reach) => ..., (at) => ..., (what, to) => ...);
import type { Map as MapLibre, MapMouseEvent, MapTouchEvent, Point } from "maplibre-gl";
import type { LonLat } from "./state";

export type Dragged =
  | { kind: "tried"; index: number } // a point that is tried
  | { kind: "place"; slot: number } // one that the way starts from
  | { kind: "service"; id: string };

export const lonLat = ({ lng, lat }: { lng: number; lat: number }): LonLat => [Number(lng.toFixed(6)), Number(lat.toFixed(6))];

const still = 4; // pixels; a hand that shakes still clicks

export function listenToDrag(
  map: MapLibre,
  held: (at: Point, reach: number) => Dragged | null,
  follow: (at: LonLat | null) => void,
  put: (what: Dragged, to: LonLat) => void,
): void {
  const begin = (event: MapMouseEvent | MapTouchEvent, move: "mousemove" | "touchmove", end: "mouseup" | "touchend") => {
    const what = held(event.point, move === "touchmove" ? 14 : 4);
    if (!what) return;
    event.preventDefault(); // the map itself stays
    let moved = false;
    const moving = ({ point, lngLat }: MapMouseEvent | MapTouchEvent) => {
      moved ||= point.dist(event.point) > still;
      if (moved) follow(lonLat(lngLat));
    };
    const leave = () => {
      map.off(move, moving);
      map.off(end, done);
      for (const way of ["mouseup", "touchcancel"]) window.removeEventListener(way, leave);
      follow(null);
    };
    const done = ({ lngLat }: MapMouseEvent | MapTouchEvent) => {
      leave();
      if (moved) put(what, lonLat(lngLat));
    };
    map.on(move, moving);
    map.on(end, done);
    // Let go beside the map it stays where it was; the map's own handler comes first.
    for (const way of ["mouseup", "touchcancel"]) window.addEventListener(way, leave);
  };
  map.on("mousedown", (event) => begin(event, "mousemove", "mouseup"));
  map.on("touchstart", (event) => {
    if (event.points.length === 1) begin(event, "touchmove", "touchend");
  });
}
