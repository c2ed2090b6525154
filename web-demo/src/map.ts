// The map: draws our own tiles and what the page found, and tells what was clicked. It knows nothing of the panels.
//
//   const map = new MapView(container, city, start, shown, { station: (id) => ..., job: (id) => ..., ... });
//   map.look({ language: "en" }); map.showJobs(template); map.draw("reach", polygons);
import { Map as MapLibre, NavigationControl, Popup, ScaleControl, VectorTileSource } from "maplibre-gl";
import type { Feature as GeoJson } from "geojson";
import type { MapGeoJSONFeature, PointLike } from "maplibre-gl";
import { boxOf, calm, camera, closeUp } from "./camera";
import type { City } from "./city";
import { button } from "./controls";
import { el } from "./dom";
import { type Dragged, listenToDrag, lonLat } from "./drag";
import { icon } from "./icons";
import { wall } from "./label-room";
import type { Look } from "./look";
import { type DrawnSource, type Shown, styleOf } from "./map-style";
import { districtNames } from "./place-names";
import type { Box, LonLat, View } from "./state";
import { t } from "./strings";
import type { Position, Site } from "./types";

export interface MapEvents {
  station(id: string): void;
  job(id: string): void;
  cell(cell: string): void; // a cluster that no zoom splits
  hover(id: string | null): void;
  click(at: LonLat, on: Hit | null): boolean; // true where it was meant for the page, as when a place is picked
  movable(on: Hit): Dragged | null;
  moved(what: Dragged, to: LonLat): void;
  siteAction(id: string): { label: string; act(): void } | null; // what can be done with a service point
  viewed(view: View, byUser: boolean): void;
  trouble(detail: string): void;
}

// What lies under the pointer.
export interface Hit {
  layer: string;
  properties: Record<string, unknown>;
}
const hitOf = (found: MapGeoJSONFeature): Hit => ({ layer: found.layer.id, properties: found.properties });

// What a click means, the first of them that lies there.
const clickable = ["tried", "selected", "hovered", "clusters", "stations", "jobs", "service-points", "venture-sites", "station-labels"];

export class MapView {
  private readonly map_: MapLibre;
  private readonly popup_ = new Popup({ maxWidth: "260px", offset: 10 });
  private hovered_: string | null = null;
  private ready_ = false;
  private drawn_ = false;
  private frame_ = 0;

  constructor(
    container: HTMLElement,
    private readonly city_: City,
    start: { view: View | null; places: readonly LonLat[]; metres: number },
    private readonly shown_: Shown,
    private readonly events_: MapEvents,
  ) {
    this.map_ = new MapLibre({
      container,
      style: styleOf(shown_),
      ...camera(start.view, start.places, start.metres, city_),
      minZoom: 5,
      maxZoom: 20,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: calm() ? 0 : 150,
      locale: {
        "Map.Title": t().map,
        "NavigationControl.ZoomIn": t().zoomIn,
        "NavigationControl.ZoomOut": t().zoomOut,
        "Popup.Close": t().close,
      },
    });
    this.map_.touchZoomRotate.disableRotation();
    this.map_.keyboard.disableRotation();
    this.map_.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map_.addControl(new ScaleControl({ unit: "metric" }), "bottom-right");
    this.map_.on("styleimagemissing", ({ id }) => {
      const image = icon(id, this.shown_.look.palette);
      if (image) this.map_.addImage(id, image, { pixelRatio: 2 });
    });
    this.map_.once("style.load", () => {
      this.ready_ = true;
      this.nameDistricts();
      this.restyle();
    });
    this.listen(container);
    listenToDrag(
      this.map_,
      ({ x, y }, reach) => {
        const hit = this.under([x, y], reach, ["tried", "anchor", "service-points"]);
        return hit ? this.events_.movable(hitOf(hit)) : null;
      },
      (at) => {
        this.map_.getCanvas().style.cursor = at ? "grabbing" : "";
        this.draw("dragged", at ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [...at] } }] : []);
      },
      (what, to) => this.events_.moved(what, to),
    );
  }

  private listen(container: HTMLElement): void {
    const map = this.map_;
    map.on("error", ({ error }) => {
      // A refused query is told by the list, with its reason.
      const status = (error as { status?: number }).status;
      if (status !== 400) this.events_.trouble(t().tileTrouble(status ? `HTTP ${status}` : error.message));
      map.triggerRepaint(); // else a map whose last tile failed never comes to rest
    });
    const view = (): View => {
      const { lng, lat } = map.getCenter();
      return [Number(map.getZoom().toFixed(2)), Number(lat.toFixed(5)), Number(lng.toFixed(5))];
    };
    map.once("load", () => this.events_.viewed(view(), false)); // so that going back restores the first view as well
    map.on("moveend", ({ originalEvent }) => {
      this.nameDistricts();
      this.events_.viewed(view(), originalEvent !== undefined);
    });
    map.on("resize", () => this.nameDistricts());
    map.on("dataloading", () => container.setAttribute("aria-busy", "true"));
    map.on("movestart", () => {
      container.setAttribute("aria-busy", "true");
      this.restyle();
    });
    map.on("idle", () => {
      container.removeAttribute("aria-busy");
      if (this.shown_.tiles.jobs && !this.drawn_) performance.mark("map-drawn"); // tests/browser/measure.mjs reads it
      this.drawn_ ||= this.shown_.tiles.jobs !== undefined;
    });
    // MapLibre hears of a button let go on the map alone: over the legend a drag would go on until the next move.
    window.addEventListener("mouseup", (event) => {
      const inside = event.target instanceof Node && map.getCanvasContainer().contains(event.target);
      if (!inside && map.dragPan.isActive()) map.getCanvasContainer().dispatchEvent(new MouseEvent("mouseup", event));
    });
    map.on("mousemove", ({ point }) => {
      const hit = this.under([point.x, point.y]);
      const movable = hit && this.events_.movable(hitOf(hit));
      map.getCanvas().style.cursor = movable ? "grab" : hit ? "pointer" : "";
      this.hovered(hit?.layer.id === "jobs" || hit?.layer.id === "selected" ? String(hit.properties.id) : null);
    });
    map.on("mouseout", () => this.hovered(null));
    map.on("click", ({ point, lngLat }) => {
      const hit = this.under([point.x, point.y]);
      if (this.events_.click(lonLat(lngLat), hit ? hitOf(hit) : null)) return;
      if (hit) this.clicked(hit);
    });
    // The keyboard's click: the middle of the map, which the arrows move.
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.events_.click(lonLat(map.getCenter()), null);
    });
  }

  private hovered(id: string | null): void {
    if (this.hovered_ === id) return;
    this.hovered_ = id;
    this.events_.hover(id);
  }

  private clicked(hit: MapGeoJSONFeature): void {
    const id = String(hit.properties.id ?? "");
    const layer = hit.layer.id;
    if (layer === "clusters") this.split(hit);
    else if (layer === "jobs" || layer === "selected" || layer === "hovered") this.events_.job(id);
    else if (layer === "service-points" || layer === "venture-sites") this.describe(hit);
    else if (layer !== "tried") this.events_.station(id);
  }

  // Zooms to where the cluster falls apart; where no zoom does that, its jobs are listed.
  private split({ geometry, properties }: MapGeoJSONFeature): void {
    if (geometry.type !== "Point") return;
    const zoom = Number(properties.expansion_zoom);
    if (!(zoom <= this.map_.getMaxZoom())) return this.events_.cell(String(properties.cell));
    // Tiles of zoom n are drawn at the view's zoom n - 1: MapLibre counts tiles of 512 pixels.
    const target = Math.max(zoom, this.map_.getZoom() + 1);
    this.map_.easeTo({ center: geometry.coordinates as Position, zoom: target, animate: !calm(), duration: 500 });
  }

  // The nearest of the first kind that lies there.
  private under([x, y]: [number, number], reach = 6, layers = clickable): MapGeoJSONFeature | undefined {
    const box: [PointLike, PointLike] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    for (const layer of layers) {
      const found = this.map_.getLayer(layer) ? this.map_.queryRenderedFeatures(box, { layers: [layer] }) : [];
      const far = (feature: MapGeoJSONFeature) => {
        if (feature.geometry.type !== "Point") return 0;
        const at = this.map_.project(feature.geometry.coordinates as Position);
        return Math.hypot(at.x - x, at.y - y);
      };
      if (found.length > 0) return found.reduce((best, other) => (far(other) < far(best) ? other : best));
    }
    return undefined;
  }

  private describe({ geometry, properties }: MapGeoJSONFeature): void {
    if (geometry.type !== "Point") return;
    const site = properties as unknown as Site;
    const details = [site.kind, site.address, site.hours].filter(Boolean) as string[];
    const action = this.events_.siteAction(site.id);
    const press = () => {
      this.popup_.remove();
      action?.act();
    };
    const body = el(
      "div",
      { class: "site" },
      el("strong", {}, site.name),
      ...details.map((line) => el("p", {}, line)),
      action && button("site-action", action.label, press, { class: "quiet" }),
    );
    this.popup_.setLngLat(geometry.coordinates as Position).setDOMContent(body).addTo(this.map_);
  }

  // Where the view shows them, clear of its edges by half a name and of the legend below.
  private nameDistricts(): void {
    const { clientWidth: width, clientHeight: height } = this.map_.getContainer();
    const [high, low] = [this.map_.unproject([36, 14]), this.map_.unproject([width - 36, height - 60])];
    this.draw("district-labels", districtNames(this.city_.districts, [high.lng, low.lat, low.lng, high.lat]));
  }

  // No name is cut by the view's edge or hidden by what stands on the map, while that rests.
  private wall(): GeoJson[] {
    if (this.map_.isMoving()) return [];
    const container = this.map_.getContainer();
    const area = container.getBoundingClientRect();
    const over = container.parentElement?.querySelectorAll("#legend, #layer-switch, #card:not([hidden]), .maplibregl-ctrl") ?? [];
    const boxes = [...over].map((one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return { left: left - area.left, top: top - area.top, right: right - area.left, bottom: bottom - area.top };
    });
    return wall(area.width, area.height, boxes).map((at): GeoJson => {
      const { lng, lat } = this.map_.unproject(at);
      return { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lng, lat] } };
    });
  }

  // All that changed since the last frame at once; before the first style stands, as soon as it does.
  private restyle(): void {
    if (!this.ready_ || this.frame_ !== 0) return;
    this.frame_ = requestAnimationFrame(() => {
      this.frame_ = 0;
      this.shown_.drawn.wall = this.wall();
      this.map_.setStyle(styleOf(this.shown_), { diff: true });
    });
  }

  look(change: Partial<Look>): void {
    const theme = change.palette && change.palette !== this.shown_.look.palette;
    Object.assign(this.shown_.look, change);
    if (theme) for (const name of ["service", "venture", "service-small", "venture-small", "gap"]) if (this.map_.hasImage(name)) this.map_.removeImage(name);
    if (change.language) this.map_.getCanvas().setAttribute("aria-label", t().map);
    this.restyle();
  }

  draw(source: DrawnSource, features: GeoJson[]): void {
    this.shown_.drawn[source] = features;
    this.restyle();
  }

  // Null for none: the query was refused.
  showJobs(template: string | null): void {
    const before = this.shown_.tiles.jobs;
    if (template !== null && template !== before) {
      this.shown_.tiles.jobs = template;
      const jobs = this.map_.getSource("jobs");
      // The old tiles stay drawn until the new ones are there.
      if (jobs instanceof VectorTileSource) jobs.setTiles([template]);
    }
    this.look({ jobs: template !== null });
  }

  goTo(places: readonly LonLat[], metres: number): void {
    const box = boxOf(places, metres);
    if (box) this.map_.fitBounds(box, { ...closeUp, animate: !calm(), duration: 700 });
  }

  fit([west, south, east, north]: Box): void {
    this.map_.fitBounds([west, south, east, north], { ...closeUp, animate: !calm(), duration: 700 });
  }

  bounds(): Box {
    const box = this.map_.getBounds();
    const round = (value: number) => Number(value.toFixed(5));
    return [round(box.getWest()), round(box.getSouth()), round(box.getEast()), round(box.getNorth())];
  }

  // Of a district, by the choropleth.
  mostAds(): number {
    return Math.max(0, ...this.shown_.look.districtAds.values());
  }

  centre(): LonLat {
    return lonLat(this.map_.getCenter());
  }

  // Brings a place into what the card leaves open of the map, if it isn't there already.
  reveal(at: Position, card: DOMRect): void {
    const area = this.map_.getContainer().getBoundingClientRect();
    const { x, y } = this.map_.project(at);
    const [left, top] = [x + area.left, y + area.top];
    const margin = 24;
    const inside = (box: DOMRect, by: number) =>
      left > box.left - by && left < box.right + by && top > box.top - by && top < box.bottom + by;
    if (inside(area, -margin) && !inside(card, margin)) return;
    const sheet = card.width > area.width * 0.9;
    const covered = sheet ? Math.max(0, area.bottom - card.top) : Math.max(0, card.right - area.left);
    const offset: [number, number] = sheet ? [0, -covered / 2] : [covered / 2, 0];
    this.map_.easeTo({ center: at, offset, animate: !calm(), duration: 500 });
  }

  jumpTo([zoom, latitude, longitude]: View): void {
    this.map_.jumpTo({ zoom, center: [longitude, latitude] });
  }

  // While a place is picked the pointer says so; the keyboard is the map's, whose middle it then picks.
  picking(on: boolean): void {
    this.map_.getContainer().classList.toggle("picking", on);
    if (on) this.map_.getCanvas().focus({ preventScroll: true });
  }
}
