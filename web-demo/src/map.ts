// The map: draws our own tiles, tells what was clicked, and shows what the page chose. It knows nothing of the panel.
//
//   const map = new MapView(container, city, state, tiles, { station: (id) => ..., job: (id) => ..., moved: ... });
//   map.showJobs(template); map.showStation(station, 800); map.showCircles(points, 959); map.showJob(feature);
import { GeoJSONSource, Map as MapLibre, NavigationControl, Popup, ScaleControl, VectorTileSource } from "maplibre-gl";
import type { Feature as GeoJson } from "geojson";
import type { LngLatBoundsLike, MapGeoJSONFeature, MapOptions, PointLike } from "maplibre-gl";
import polylabel from "polylabel";
import type { Feature, Job, Layer, PointFeature, Position, Site, Station } from "./api";
import type { City } from "./city";
import { el } from "./dom";
import { around, circle } from "./geodesy";
import { type DrawnSource, stationName, style } from "./map-style";
import { service } from "./palette";
import type { Language, View } from "./state";
import { t } from "./strings";

export interface MapEvents {
  station(id: string): void;
  job(id: string): void;
  moved(view: View): void;
  trouble(detail: string): void;
}

const closeUp = { padding: 40, maxZoom: 16 };

// A centre and so many metres round it.
export interface Place {
  center: Position;
  metres: number;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The box of the middle nine tenths of the stations: the town, without the ends of its longest lines.
function town(city: City): LngLatBoundsLike {
  const at = [...city.stations.values()].map((station) => station.geometry.coordinates);
  if (at.length === 0) return [-180, -60, 180, 75];
  const middle = (values: number[]) => {
    values.sort((x, y) => x - y);
    const pick = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
    return [pick(0.05), pick(0.95)] as const;
  };
  const [west, east] = middle(at.map(([x]) => x));
  const [south, north] = middle(at.map(([, y]) => y));
  return [west, south, east, north];
}

function camera(start: View | Place | null, city: City): Partial<MapOptions> {
  if (start === null) return { bounds: town(city), fitBoundsOptions: { padding: 24 } };
  if ("metres" in start) return { bounds: around(start.center, start.metres), fitBoundsOptions: closeUp };
  return { zoom: start[0], center: [start[2], start[1]] };
}

function districtLabels(city: City): GeoJson[] {
  return city.districts.map(({ geometry, properties }) => {
    const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const largest = parts.reduce((best, part) => ((part[0]?.length ?? 0) > (best[0]?.length ?? 0) ? part : best));
    return { type: "Feature", properties, geometry: { type: "Point", coordinates: polylabel(largest, 0.002) } };
  });
}

// A service point is told by its form as well as its colour: a rounded square with 服 in it.
function serviceIcon(): ImageData {
  const size = 40;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  pen.fillStyle = "#FFFFFF";
  pen.beginPath();
  pen.roundRect(0, 0, size, size, 11);
  pen.fill();
  pen.fillStyle = service;
  pen.beginPath();
  pen.roundRect(3, 3, size - 6, size - 6, 9);
  pen.fill();
  pen.fillStyle = "#FFFFFF";
  pen.font = '600 23px "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText("服", size / 2, size / 2 + 1);
  return pen.getImageData(0, 0, size, size);
}

export class MapView {
  private readonly map_: MapLibre;
  private jobs_ = ""; // the template whose tiles the jobs are drawn from
  private readonly popup_ = new Popup({ maxWidth: "260px", offset: 10 });

  constructor(
    container: HTMLElement,
    city: City,
    start: View | Place | null,
    language: Language,
    tiles: Partial<Record<Layer, string>>,
    private readonly events_: MapEvents,
  ) {
    this.map_ = new MapLibre({
      container,
      style: style(tiles, language),
      ...camera(start, city),
      minZoom: 5,
      maxZoom: 19,
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
    this.map_.addImage("service", serviceIcon(), { pixelRatio: 2 });
    this.draw("district-labels", districtLabels(city));
    this.listen(container);
  }

  private listen(container: HTMLElement): void {
    const map = this.map_;
    map.on("error", ({ error }) => {
      // A refused query is told by the list, with its reason.
      const status = (error as { status?: number }).status;
      if (status !== 400) this.events_.trouble(t().tileTrouble(status ? `HTTP ${status}` : error.message));
      map.triggerRepaint(); // else a map whose last tile failed never comes to rest
    });
    const tellView = () => {
      const { lng, lat } = map.getCenter();
      this.events_.moved([Number(map.getZoom().toFixed(2)), Number(lat.toFixed(5)), Number(lng.toFixed(5))]);
    };
    map.once("load", tellView); // so that going back to the first entry restores its view as well
    map.on("moveend", tellView);
    map.on("dataloading", () => container.setAttribute("aria-busy", "true"));
    map.on("movestart", () => container.setAttribute("aria-busy", "true"));
    map.on("idle", () => container.removeAttribute("aria-busy"));
    map.on("mousemove", ({ point }) => {
      map.getCanvas().style.cursor = this.under([point.x, point.y]) ? "pointer" : "";
    });
    map.on("click", ({ point }) => {
      const hit = this.under([point.x, point.y]);
      if (!hit) return;
      if (hit.layer.id === "clusters") return this.open(hit);
      const id = String(hit.properties.id ?? "");
      if (hit.layer.id === "jobs" || hit.layer.id === "selected") this.events_.job(id);
      else if (hit.layer.id === "service-points") this.describe(hit);
      else this.events_.station(id);
    });
  }

  // What a click there means: stations before service points before jobs, the nearest of a kind.
  private under([x, y]: [number, number]): MapGeoJSONFeature | undefined {
    const reach = 6;
    const box: [PointLike, PointLike] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ];
    for (const layer of ["stations", "selected", "service-points", "jobs", "clusters", "station-labels"]) {
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

  // Closer, to where the cluster parts.
  private open({ geometry, properties }: MapGeoJSONFeature): void {
    if (geometry.type !== "Point") return;
    const zoom = Math.min(Number(properties.expansion_zoom), this.map_.getMaxZoom());
    this.map_.easeTo({ center: geometry.coordinates as Position, zoom, animate: !calm(), duration: 500 });
  }

  private describe({ geometry, properties }: MapGeoJSONFeature): void {
    if (geometry.type !== "Point") return;
    const site = properties as unknown as Site;
    const details = [site.kind, site.address, site.hours].filter(Boolean) as string[];
    const body = el("div", { class: "site" }, el("strong", {}, site.name), ...details.map((line) => el("p", {}, line)));
    this.popup_.setLngLat(geometry.coordinates as Position).setDOMContent(body).addTo(this.map_);
  }

  // Does it now, or as soon as the style stands; in the order asked for either way.
  private drawn(change: () => void): void {
    if (this.map_.getLayer("station-labels")) change();
    else this.map_.once("styledata", change);
  }

  private draw(source: DrawnSource, features: GeoJson[]): void {
    this.drawn(() => {
      const target = this.map_.getSource(source);
      if (target instanceof GeoJSONSource) target.setData({ type: "FeatureCollection", features });
    });
  }

  // Null for none.
  showJobs(template: string | null): void {
    this.drawn(() => {
      const jobs = this.map_.getSource("jobs");
      if (template !== null && jobs instanceof VectorTileSource && this.jobs_ !== template) jobs.setTiles([template]);
      this.jobs_ = template ?? this.jobs_;
      for (const layer of ["jobs", "clusters", "cluster-counts"])
        this.map_.setLayoutProperty(layer, "visibility", template === null ? "none" : "visible");
    });
  }

  showStation(station: PointFeature<Station> | undefined, metres: number): void {
    this.draw("anchor", station ? [station as GeoJson] : []);
    // The chosen station has a label of its own.
    this.drawn(() => this.map_.setFilter("station-labels", ["!=", ["get", "id"], station?.properties.id ?? ""]));
    const ring = station && circle(station.geometry.coordinates, metres);
    this.draw("anchor-area", ring ? [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } }] : []);
  }

  showCircles(points: PointFeature<Site>[], metres: number): void {
    const rings = points.map(({ geometry }) => circle(geometry.coordinates, metres, 48));
    this.draw(
      "circles",
      rings.map((ring) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } })),
    );
  }

  showJob(job: Feature<Job> | null): void {
    const properties = job && { ...job.properties, id: job.id };
    this.draw("selected", job?.geometry ? [{ ...job, properties } as GeoJson] : []);
  }

  goTo({ center, metres }: Place): void {
    this.map_.fitBounds(around(center, metres), { ...closeUp, animate: !calm(), duration: 700 });
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

  speak(language: Language): void {
    for (const layer of ["station-labels", "anchor-label"])
      if (this.map_.getLayer(layer)) this.map_.setLayoutProperty(layer, "text-field", stationName(language));
    this.map_.getCanvas().setAttribute("aria-label", t().map);
  }
}
