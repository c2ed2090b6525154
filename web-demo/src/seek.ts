// The seeker's side: search box, chips, where, filters, pills, list and card follow the state, and the map shows the
// same filter.
import { isochrone, tileTemplate } from "./api";
import { JobCard } from "./card";
import { Chips } from "./chips";
import { Choropleth } from "./choropleth";
import type { City } from "./city";
import { append, byId, fill } from "./dom";
import { showFilters } from "./filters";
import { circle } from "./geodesy";
import { JobList } from "./list";
import type { Dragged } from "./drag";
import type { Hit, MapView } from "./map";
import { conditionsOf, showPills } from "./pills";
import { filterOf, sameFilter, sameList } from "./query";
import { SearchBox } from "./search";
import { type LonLat, type State, type Store } from "./state";
import { t } from "./strings";
import type { Feature, Job, JobPage, Position } from "./types";
import { nowhere, WherePanel } from "./where";
import { Problem } from "./api";
import type { Feature as GeoJson } from "geojson";

export interface Around {
  store: Store;
  city(): City | null;
  map(): MapView | null;
  trouble(detail: string): void;
  loaded(page: JobPage): void;
  legend(): void; // it says other figures than before
}

export const tell = (error: unknown) => (error instanceof Problem ? error.detail || t().offline : String(error));

const disc = (at: LonLat, metres: number, corners?: number): GeoJson => ({
  type: "Feature",
  properties: {},
  geometry: { type: "Polygon", coordinates: [circle([at[0], at[1]], metres, corners)] },
});

// The stations that the search is anchored at.
export function anchorStations(state: State, city: City | null) {
  const ids = [...state.stations, ...state.lines.flatMap((id) => city?.lines.get(id)?.branches.flat() ?? [])];
  return [...new Set(ids)].flatMap((id) => city?.stations.get(id) ?? []);
}

export class Seeker {
  private readonly search_: SearchBox;
  private readonly chips_: Chips;
  private readonly where_: WherePanel;
  private readonly list_: JobList;
  private readonly card_: JobCard;
  private readonly choropleth_: Choropleth;
  private picked_: number | null = null; // the slot whose place the next click on the map gives
  private circleMetres_ = 0;
  private generation_ = "";
  private reached_: AbortController | null = null;
  private tiles_: string | null | undefined; // of the jobs; undefined until they are known

  constructor(private readonly around_: Around) {
    const { store, city } = around_;
    const set = (patch: Partial<State>) => store.set(patch);
    this.search_ = new SearchBox(byId("search"), city, {
      search: (q) => set({ q, cell: null }),
      station: (id) => this.pickStation(id),
      district: (adcode) => set({ districts: [adcode], cell: null }),
    });
    this.chips_ = new Chips(byId("chips"), set);
    this.where_ = new WherePanel(byId("where"), city, { set, pick: (slot) => this.pick(slot) });
    this.list_ = new JobList(byId("summary"), byId("list"), city, {
      set,
      loaded: (page) => this.loaded(page),
      hover: (job) => this.hover(job),
    });
    this.card_ = new JobCard(byId("card"), city, () => set({ job: null }), (job) => this.opened(job));
    this.choropleth_ = new Choropleth(around_.map, () => around_.legend());
    byId("search-area").addEventListener("click", () => this.searchArea());
    window.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.picked_ !== null) this.pick(null);
    });
  }

  start(state: State): void {
    this.words(state);
    void this.list_.load(state);
    void this.chips_.load(state);
    void this.showTiles(state);
    if (state.job) void this.card_.open(state.job, this.list_.job(state.job));
  }

  // The panels, in the page's language.
  words(state: State): void {
    const { store, city } = this.around_;
    const set = (patch: Partial<State>) => store.set(patch);
    this.search_.show(state.q ?? "", state.lang);
    this.chips_.show(state);
    this.where_.show(state);
    showFilters(byId("filters"), state, set, city());
    const count = conditionsOf(state, city());
    fill(byId("more").querySelector("summary") ?? byId("more"));
    append(byId("more").querySelector("summary") ?? byId("more"), [t().more]);
    byId("more").classList.toggle("some", count > 0);
    showPills(byId("pills"), state, city(), set);
    byId("search-area").textContent = t().searchArea;
  }

  changed(state: State, before: State): void {
    const words = state.lang !== before.lang;
    if (words || !sameList(state, before)) this.words(state);
    if (!sameList(state, before)) void this.list_.load(state);
    else if (words) this.list_.show(state);
    else this.list_.mark(state);
    if (!sameFilter(state, before)) {
      void this.chips_.load(state);
      this.showPlaces(state, true);
      void this.showTiles(state);
    }
    void this.choropleth_.load(state);
    if (state.job !== before.job) {
      if (state.job) void this.card_.open(state.job, this.list_.job(state.job));
      else this.card_.close();
    } else if (words) this.card_.redraw();
  }

  // Once the map stands.
  mapped(state: State): void {
    this.words(state);
    this.list_.show(state);
    this.showPlaces(state, false);
    if (this.tiles_ === undefined) void this.showTiles(state);
    else this.around_.map()?.showJobs(this.tiles_);
    void this.choropleth_.load(state, true);
    this.card_.redraw();
  }

  pickStation(id: string): void {
    this.around_.store.set({ ...nowhere, stations: [id], cell: null, area: null, job: null });
  }

  // A click on the map that gives a place.
  clicked(at: LonLat): boolean {
    if (this.picked_ === null) return false;
    const from = [...this.around_.store.state.from];
    from[this.picked_] = at;
    this.pick(null);
    this.around_.store.set({ ...nowhere, from, cell: null });
    return true;
  }

  // A place to start from can be dragged.
  movable({ layer, properties }: Hit): Dragged | null {
    return layer === "anchor" && typeof properties.slot === "number" ? { kind: "place", slot: properties.slot } : null;
  }
  moved(slot: number, to: LonLat): void {
    const { store } = this.around_;
    store.set({ from: store.state.from.map((at, i) => (i === slot ? to : at)) });
  }

  // A job pointed at on the map.
  pointed(id: string | null): void {
    this.list_.point(id);
  }

  movedByUser(): void {
    byId("search-area").hidden = this.around_.store.state.page !== "seek";
  }

  private pick(slot: number | null): void {
    this.picked_ = slot;
    this.around_.map()?.picking(slot !== null);
    this.around_.trouble(slot === null ? "" : t().picking);
  }

  private searchArea(): void {
    const area = this.around_.map()?.bounds();
    byId("search-area").hidden = true;
    if (area) this.around_.store.set({ area, cell: null });
  }

  private hover(job: Feature<Job> | null): void {
    const drawn = job?.geometry ? [{ ...job, properties: { ...job.properties, id: job.id } } as GeoJson] : [];
    this.around_.map()?.draw("hovered", drawn);
  }

  private opened(job: Feature<Job> | null): void {
    const map = this.around_.map();
    map?.draw("selected", job?.geometry ? [{ ...job, properties: { ...job.properties, id: job.id } } as GeoJson] : []);
    if (job?.geometry) map?.reveal(job.geometry.coordinates, byId("card").getBoundingClientRect());
  }

  private loaded(page: JobPage): void {
    const { store } = this.around_;
    if (this.generation_ !== "" && this.generation_ !== page.generation) {
      this.chips_.forget();
      void this.chips_.load(store.state);
      void this.choropleth_.load(store.state, true);
      void this.showTiles(store.state);
    }
    this.generation_ = page.generation;
    if (page.method?.circle_m !== undefined && page.method.circle_m !== this.circleMetres_) {
      this.circleMetres_ = page.method.circle_m;
      this.showPlaces(store.state, false);
    }
    this.around_.loaded(page);
  }

  // Anchors with their rings, service circles, and the ground within reach.
  private showPlaces(state: State, move: boolean): void {
    const map = this.around_.map();
    const city = this.around_.city();
    if (!map) return;
    const stations = anchorStations(state, city);
    const places = state.from.map(
      (at, i): GeoJson => ({
        type: "Feature",
        properties: { name: t().pins[i] ?? "", slot: i },
        geometry: { type: "Point", coordinates: [...at] },
      }),
    );
    map.look({ chosenStations: stations.map((station) => station.properties.id ?? station.id) });
    map.draw("anchor", [...(stations as GeoJson[]), ...places]);
    map.draw("anchor-area", stations.map((station) => disc(station.geometry.coordinates, state.radius)));
    const circles = state.circle && this.circleMetres_ > 0 ? (city?.servicePoints ?? []) : [];
    map.draw("circles", circles.map(({ geometry }) => disc(geometry.coordinates, this.circleMetres_, 48)));
    void this.showReach(state);
    const at = stations.map((station): LonLat => station.geometry.coordinates);
    if (move && at.length > 0) map.goTo(at, state.radius);
  }

  // One polygon a place, so that the ground both reach shows darker.
  private async showReach(state: State): Promise<void> {
    this.reached_?.abort();
    const { signal } = (this.reached_ = new AbortController());
    const map = this.around_.map();
    try {
      const ask = (place: LonLat) =>
        isochrone({ from: place.join(","), minutes: String(state.minutes), mode: state.mode }, signal);
      const found = (await Promise.all(state.from.map(ask))).flat();
      if (!signal.aborted) map?.draw("reach", found as unknown as GeoJson[]);
    } catch (error) {
      if (!signal.aborted) this.around_.trouble(tell(error));
    }
  }

  // Null where the query is refused: then the list says why, and the map shows no job rather than other ones.
  private async showTiles(state: State): Promise<void> {
    const { store, map, trouble } = this.around_;
    try {
      const template = await tileTemplate("jobs", filterOf(state));
      if (sameFilter(state, store.state)) this.tiles_ = template;
    } catch (error) {
      if (!sameFilter(state, store.state)) return;
      if (!(error instanceof Problem) || error.kind !== "refused") return trouble(tell(error));
      this.tiles_ = null;
    }
    if (this.tiles_ !== undefined) map()?.showJobs(this.tiles_);
  }
}

export const start = (state: State, city: City | null): { view: State["view"]; places: LonLat[]; metres: number } => ({
  view: state.view,
  places: [...anchorStations(state, city).map((s): Position => s.geometry.coordinates), ...state.from],
  metres: state.from.length > 0 ? 3000 : state.radius,
});
