// The map: draws our own tiles and what the page found, and tells what was clicked. It knows nothing of the panels.
//
//   const map = new MapView(container, city, start, shown, { station: (id) => ..., job: (id) => ..., ... });
//   map.look({ language: "en" }); map.showJobs(template); map.draw("reach", polygons);
import { Map as MapLibre, NavigationControl, Popup, ScaleControl, VectorTileSource } from "maplibre-gl";
import type { Feature as GeoJson } from "geojson";
import type { MapGeoJSONFeature, PointLike } from "maplibre-gl";
import { boxOf, calm, camera, closeUp } from "./camera";
import type { City } from "./city";
import { el } from "./dom";
import { icon } from "./icons";
import type { Look } from "./map-layers";
import { type DrawnSource, type Shown, styleOf } from "./map-style";
import type { Box, LonLat, View } from "./state";
import { t } from "./strings";
import type { Position, Site } from "./types";

export interface MapEvents {
  station(id: string): void;
  job(id: string): void;
  cell(cell: string): void; // a cluster that no zoom splits
  hover(id: string | null): void;
  click(at: LonLat): boolean; // true where it was meant for the page, as when a place is picked
  drag(index: number, to: LonLat): void; // a point that is tried
  moved(view: View, byUser: boolean): void;
  trouble(detail: string): void;
}

// What a click means, the first of them that lies there.
const clickable = ["selected", "hovered", "clusters", "stations", "jobs", "service-points", "venture-sites", "station-labels"];

export class MapView {
  private readonly map_: MapLibre;
  private readonly popup_ = new Popup({ maxWidth: "260px", offset: 10 });
  private hovered_: string | null = null;
  private ready_ = false;
  private drawn_ = false;
  private frame_ = 0;

  constructor(
    container: HTMLElement,
    city: City,
    start: { view: View | null; places: readonly LonLat[]; metres: number },
    private readonly shown_: Shown,
    private readonly events_: MapEvents,
  ) {
    this.map_ = new MapLibre({
      container,
      style: styleOf(shown_),
      ...camera(start.view, start.places, start.metres, city),
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
      this.restyle();
    });
    this.listen(container);
    this.listenToDrag();
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
    map.once("load", () => this.events_.moved(view(), false)); // so that going back restores the first view as well
    map.on("moveend", ({ originalEvent }) => this.events_.moved(view(), originalEvent !== undefined));
    map.on("dataloading", () => container.setAttribute("aria-busy", "true"));
    map.on("movestart", () => container.setAttribute("aria-busy", "true"));
    map.on("idle", () => {
      container.removeAttribute("aria-busy");
      if (this.shown_.tiles.jobs && !this.drawn_) performance.mark("map-drawn"); // tests/browser/measure.mjs reads it
      this.drawn_ ||= this.shown_.tiles.jobs !== undefined;
    });
    map.on("mousemove", ({ point }) => {
      const hit = this.under([point.x, point.y]);
      map.getCanvas().style.cursor = hit ? "pointer" : "";
      this.hovered(hit?.layer.id === "jobs" || hit?.layer.id === "selected" ? String(hit.properties.id) : null);
    });
    map.on("mouseout", () => this.hovered(null));
    map.on("click", ({ point, lngLat }) => {
      if (this.events_.click([Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))])) return;
      const hit = this.under([point.x, point.y]);
      if (hit) this.clicked(hit);
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
    else this.events_.station(id);
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

  private listenToDrag(): void {
    const map = this.map_;
    map.on("mousedown", "tried", (event) => {
      const index = Number(event.features?.[0]?.properties.index);
      if (Number.isNaN(index)) return;
      event.preventDefault();
      map.once("mouseup", ({ lngLat }) =>
        this.events_.drag(index, [Number(lngLat.lng.toFixed(6)), Number(lngLat.lat.toFixed(6))]),
      );
    });
  }

  // The nearest of the first kind that lies there.
  private under([x, y]: [number, number]): MapGeoJSONFeature | undefined {
    const reach = 6;
    const box: [PointLike, PointLike] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    for (const layer of clickable) {
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
    const body = el("div", { class: "site" }, el("strong", {}, site.name), ...details.map((line) => el("p", {}, line)));
    this.popup_.setLngLat(geometry.coordinates as Position).setDOMContent(body).addTo(this.map_);
  }

  // All that changed since the last frame at once; before the first style stands, as soon as it does.
  private restyle(): void {
    if (!this.ready_ || this.frame_ !== 0) return;
    this.frame_ = requestAnimationFrame(() => {
      this.frame_ = 0;
      this.map_.setStyle(styleOf(this.shown_), { diff: true });
    });
  }

  look(change: Partial<Look>): void {
    const theme = change.palette && change.palette !== this.shown_.look.palette;
    Object.assign(this.shown_.look, change);
    if (theme) for (const name of ["service", "venture"]) if (this.map_.hasImage(name)) this.map_.removeImage(name);
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

  // While a place is picked the pointer says so.
  picking(on: boolean): void {
    this.map_.getContainer().classList.toggle("picking", on);
  }
}
