// Wires the parts: the state in the URL on one side; search, filters, list, card and map on the other.
import type { JobPage, Layer } from "./api";
import { Problem, tileTemplate } from "./api";
import { JobCard } from "./card";
import { type City, loadCity } from "./city";
import { byId, el, fill } from "./dom";
import { showFilters } from "./filters";
import { JobList, stationName } from "./list";
import { MapView } from "./map";
import { categoryColors } from "./palette";
import { filterOf, sameFilter, sameList } from "./query";
import { StationSearch } from "./search";
import { type State, Store } from "./state";
import { t, useLanguage } from "./strings";

const store = new Store();
let city: City | null = null;
let map: MapView | null = null;
let generation = "";
let circleMetres = 0;
let starting = false;
let moved = false; // by the page itself, to a place that was picked
const cityNow = () => city;

const set = (patch: Partial<State>) => store.set(patch);
const pickStation = (id: string | null) => {
  moved = id !== null;
  set({ station: id, job: null });
};

const search = new StationSearch(byId("search"), cityNow, pickStation);
const list = new JobList(byId("summary"), byId("list"), cityNow, { set, loaded });
const card = new JobCard(byId("card"), cityNow, () => set({ job: null }), (job) => {
  map?.showJob(job);
  if (job?.geometry) map?.reveal(job.geometry.coordinates, byId("card").getBoundingClientRect());
});

function showWords(state: State): void {
  useLanguage(state.lang);
  document.title = `${t().title} Jobmap`;
  byId("title").textContent = t().title;
  byId("subtitle").textContent = t().subtitle;
  byId("language").textContent = t().switchTo;
  byId("results").setAttribute("aria-label", t().results);
  byId("map-area").setAttribute("aria-label", t().mapArea);
  fill(byId("banner"), el("strong", {}, t().synthetic), ` · ${t().syntheticNote}`);
  const key = (kind: string, label: string) => el("li", {}, el("span", { class: kind, "aria-hidden": "true" }), label);
  const keys = [key("key-station", t().legendStation), key("key-service", t().legendService)];
  if (state.circle) keys.push(key("key-circle", t().legendCircle));
  fill(byId("legend"), el("ul", {}, ...keys));
}

function showPanel(state: State): void {
  const station = state.station ? city?.stations.get(state.station) : undefined;
  search.show(station ? stationName(station.properties, state) : (state.station ?? ""));
  showFilters(byId("filters"), state, set);
}

function showPlaces(state: State): void {
  const station = state.station ? city?.stations.get(state.station) : undefined;
  map?.showStation(station, state.radius);
  map?.showCircles(state.circle && city && circleMetres > 0 ? city.servicePoints : [], circleMetres);
  if (moved && station) map?.goTo({ center: station.geometry.coordinates, metres: state.radius });
  moved = false;
}

const tell = (error: unknown) => (error instanceof Problem ? error.detail || t().offline : String(error));

function troubleWithMap(detail: string): void {
  const box = byId("map-trouble");
  box.textContent = t().mapTrouble + detail;
  box.hidden = detail === "";
}

// Null where the query is refused: then the list says why, and the map shows no job rather than other ones.
async function jobTiles(state: State): Promise<string | null> {
  try {
    return await tileTemplate("jobs", filterOf(state));
  } catch (error) {
    if (error instanceof Problem && error.kind === "refused") return null;
    throw error;
  }
}

async function showJobTiles(state: State): Promise<void> {
  try {
    const template = await jobTiles(state);
    if (!sameFilter(state, store.state)) return;
    map?.showJobs(template);
    troubleWithMap("");
  } catch (error) {
    troubleWithMap(tell(error));
  }
}

function loaded(page: JobPage): void {
  if (page.features.some((job) => job.properties.source === "synthetic")) byId("banner").hidden = false;
  void startCity();
  if (generation !== "" && generation !== page.generation) void showJobTiles(store.state);
  generation = page.generation;
  if (page.method?.circle_m !== undefined && page.method.circle_m !== circleMetres) {
    circleMetres = page.method.circle_m;
    showPlaces(store.state);
  }
}

store.subscribe((state, before) => {
  const words = state.lang !== before.lang;
  if (words || state.circle !== before.circle) showWords(state);
  if (words) map?.speak(state.lang);
  if (words || !sameList(state, before) || state.station !== before.station) showPanel(state);
  if (!sameList(state, before)) void list.load(state);
  else if (words) list.show(state);
  else list.mark(state);
  if (!sameFilter(state, before)) {
    showPlaces(state);
    void showJobTiles(state);
  } else if (moved) showPlaces(state);
  if (state.job !== before.job) {
    if (state.job) void card.open(state.job);
    else card.close();
  } else if (words) card.redraw();
});

// Back and forward restore where the map was, too.
window.addEventListener("popstate", () => {
  if (store.state.view) map?.jumpTo(store.state.view);
});

async function startMap(): Promise<void> {
  const layers: Layer[] = ["districts", "lines", "stations", "service_points"];
  const state = store.state;
  const [jobs, ...templates] = await Promise.all([jobTiles(state), ...layers.map((layer) => tileTemplate(layer))]);
  const tiles = Object.fromEntries(layers.map((layer, i) => [layer, templates[i]]));
  const drawn: City = city ?? { stations: new Map(), lines: new Map(), districts: [], servicePoints: [] };
  const at = drawn.stations.get(state.station ?? "")?.geometry.coordinates;
  const start = state.view ?? (at ? { center: at, metres: state.radius } : null);
  map = new MapView(byId("map"), drawn, start, state.lang, tiles, {
    station: pickStation,
    job: (job) => set({ job }),
    moved: (view) => store.set({ view }, "replace"),
    trouble: troubleWithMap,
  });
  map.showJobs(jobs);
  showPlaces(store.state);
  card.redraw();
  if (!sameFilter(state, store.state)) void showJobTiles(store.state);
}

// Tried again with the list, until it works: the server may not have been ready.
async function startCity(): Promise<void> {
  if (map || starting) return;
  starting = true;
  try {
    city ??= await loadCity();
    showPanel(store.state);
    list.show(store.state);
    await startMap();
    troubleWithMap("");
  } catch (error) {
    const webgl = document.createElement("canvas").getContext("webgl2");
    troubleWithMap(webgl ? tell(error) : t().noWebgl);
  }
  starting = false;
}

function start(): void {
  for (const [category, color] of Object.entries(categoryColors))
    document.documentElement.style.setProperty(`--${category}`, color);
  byId("language").addEventListener("click", () => set({ lang: store.state.lang === "zh" ? "en" : "zh" }));
  showWords(store.state);
  showPanel(store.state);
  void list.load(store.state);
  if (store.state.job) void card.open(store.state.job);
  void startCity();
}

start();
