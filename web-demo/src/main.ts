// Wires the parts: the state in the URL on one side; the seeker's and the planner's panels and the map on the other.
import { type Layer, tileTemplate } from "./api";
import { loadBasemap } from "./basemap";
import { count } from "./format";
import { type City, loadCity } from "./city";
import { segments } from "./controls";
import { byId, el, fill } from "./dom";
import { showLayerSwitch } from "./layer-switch";
import { MapView } from "./map";
import { planningDetail, sitesFrom } from "./look";
import type { Basemap } from "./map-style";
import { palettes } from "./palette";
import { Planner } from "./plan/plan";
import { type Around, Seeker, start as startOf, tell } from "./seek";
import { type State, Store, type Theme } from "./state";
import { t, useLanguage } from "./strings";

const store = new Store();
const dark = matchMedia("(prefers-color-scheme: dark)");
let city: City | null = null;
let map: MapView | null = null;
let starting = false;
let basemap: Basemap | null | undefined; // undefined until it is known

const themeOf = (state: State): Theme => state.theme ?? (dark.matches ? "dark" : "light");

function trouble(detail: string): void {
  const box = byId("map-trouble");
  box.textContent = detail;
  box.hidden = detail === "";
}

const around: Around = {
  store,
  city: () => city,
  map: () => map,
  trouble,
  legend: () => showLegend(store.state),
  loaded(page) {
    if (page.features.some((job) => job.properties.source === "synthetic")) byId("banner").hidden = false;
    void startCity();
  },
};
const seeker = new Seeker(around);
const planner = new Planner(around);

function showWords(state: State): void {
  useLanguage(state.lang);
  document.title = `${t().title} Jobmap`;
  byId("title").textContent = t().title;
  byId("subtitle").textContent = t().subtitle;
  byId("language").textContent = t().switchTo;
  byId("panel").setAttribute("aria-label", t().results);
  byId("map-area").setAttribute("aria-label", t().mapArea);
  fill(byId("banner"), el("strong", {}, t().synthetic), ` · ${t().syntheticNote}`);
}

function showTheme(state: State): void {
  const theme = themeOf(state);
  document.documentElement.dataset.theme = theme;
  for (const [category, color] of Object.entries(palettes[theme].categories))
    document.documentElement.style.setProperty(`--${category}`, color);
  const { ramp, share, gap } = palettes[theme];
  for (const [name, value] of Object.entries({ "ramp-low": ramp[0], "ramp-high": ramp[1], "share-low": share[0], "share-high": share[1], gap }))
    document.documentElement.style.setProperty(`--${name}`, value);
  byId("theme").textContent = theme === "dark" ? t().light : t().dark;
  map?.look({ palette: palettes[theme] });
}

function showLegend(state: State): void {
  const key = (kind: string, label: string) =>
    el("li", {}, el("span", { class: kind, "aria-hidden": "true" }), label);
  const plan = state.page === "plan";
  const zoom = state.view?.[0] ?? 0;
  const keys = [];
  if (!plan || zoom >= planningDetail - 1) keys.push(key("key-station", t().legendStation));
  if (!plan || zoom >= planningDetail) keys.push(key("key-cluster", t().legendCluster));
  if (state.layers.includes("service") && zoom >= sitesFrom) keys.push(key("key-service", t().layerNames.service));
  if (state.layers.includes("venture") && zoom >= sitesFrom) keys.push(key("key-venture", t().layerNames.venture));
  if (state.circle) keys.push(key("key-circle", t().legendCircle));
  if (state.from.length > 0) keys.push(key("key-reach", t().legendReach));
  if (plan) keys.push(key("key-gap", t().legendGap));
  if (state.layers.includes("choropleth")) keys.push(key("key-ramp", t().legendAds(count(map?.mostAds() ?? 0))));
  else if (plan) keys.push(key("key-share", t().legendShare));
  fill(byId("legend"), el("ul", {}, ...keys));
}

function showPage(state: State): void {
  const pages = segments("page", t().pages.seek, state.page, [["seek", t().pages.seek], ["plan", t().pages.plan]], (page) =>
    store.set({ page, job: null }),
  );
  fill(byId("pages"), pages);
  document.documentElement.dataset.page = state.page;
  byId("plan").hidden = state.page !== "plan";
  for (const part of document.querySelectorAll<HTMLElement>(".seek")) part.hidden = state.page !== "seek";
  if (state.page !== "seek") byId("search-area").hidden = true;
}

function showLayers(state: State): void {
  showLayerSwitch(byId("layer-switch"), state, (patch) => store.set(patch, "replace"));
  map?.look({ layers: state.layers });
  showLegend(state);
}

store.subscribe((state, before) => {
  const words = state.lang !== before.lang;
  if (words) {
    showWords(state);
    map?.look({ language: state.lang });
  }
  if (words || state.theme !== before.theme) showTheme(state);
  if (words || state.page !== before.page) showPage(state);
  seeker.changed(state, before);
  planner.changed(state, before);
  showLayers(state);
});

// Back and forward restore where the map was, too.
window.addEventListener("popstate", () => {
  if (store.state.view) map?.jumpTo(store.state.view);
});
dark.addEventListener("change", () => showTheme(store.state));

const names: Layer[] = ["districts", "water", "lines", "stations", "service_points", "venture_sites"];

function startMap(of: City, templates: string[]): void {
  const state = store.state;
  map = new MapView(
    byId("map"),
    of,
    startOf(state, of),
    {
      look: {
        palette: palettes[themeOf(state)],
        language: state.lang,
        layers: state.layers,
        districtAds: new Map(),
        districtShares: new Map(),
        leftOut: [],
        chosenStations: [],
        jobs: false,
        planning: false,
        basemap: Boolean(basemap),
      },
      tiles: Object.fromEntries(names.map((layer, i) => [layer, templates[i]])),
      drawn: {},
      basemap: basemap ?? null,
    },
    {
      station: (id) => seeker.pickStation(id),
      job: (job) => store.set({ job }),
      cell: (cell) => store.set({ cell }),
      hover: (id) => seeker.pointed(id),
      click: (at, on) => seeker.clicked(at) || planner.points.clicked(at, on),
      movable: (on) => (store.state.page === "plan" ? planner.points.movable(on) : seeker.movable(on)),
      moved: (what, to) => (what.kind === "place" ? seeker.moved(what.slot, to) : planner.points.moved(what, to)),
      siteAction: (id) => planner.points.siteAction(id),
      viewed: (view, byUser) => {
        store.set({ view }, "replace");
        if (byUser) seeker.movedByUser();
      },
      trouble: (detail) => trouble(detail && t().mapTrouble + detail),
    },
  );
  seeker.mapped(store.state);
  planner.drawMap(store.state);
}

// Tried again with the list, until it works: the server may not have been ready.
async function startCity(): Promise<void> {
  if (map || starting) return;
  starting = true;
  try {
    if (basemap === undefined) basemap = await loadBasemap();
    const [loaded, templates] = await Promise.all([city ?? loadCity(), Promise.all(names.map((layer) => tileTemplate(layer)))]);
    city = loaded;
    startMap(city, templates);
    trouble("");
  } catch (error) {
    const webgl = document.createElement("canvas").getContext("webgl2");
    trouble(webgl ? t().mapTrouble + tell(error) : t().noWebgl);
  }
  starting = false;
}

function start(): void {
  byId("language").addEventListener("click", () => store.set({ lang: store.state.lang === "zh" ? "en" : "zh" }));
  byId("theme").addEventListener("click", () => store.set({ theme: themeOf(store.state) === "dark" ? "light" : "dark" }));
  showWords(store.state);
  showTheme(store.state);
  showPage(store.state);
  showLayers(store.state);
  void startAsking();
}

// The basemap first, since its datum is that of every question. Where it can't be told the server is away: the list
// says so, and with its retry all starts anew.
async function startAsking(): Promise<void> {
  basemap = await loadBasemap().catch(() => undefined);
  seeker.start(store.state);
  planner.start(store.state);
  await startCity();
}

start();
