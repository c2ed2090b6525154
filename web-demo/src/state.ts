// What the page shows, as one value that lives in the URL's fragment: a search can be shared, and back works. The
// fragment never reaches a server log.
//
//   const store = new Store();
//   store.subscribe((state, before) => ...);
//   store.set({ stations: ["longxiangqiao"] });          // a new history entry
//   store.set({ view: [13, 30.25, 120.16] }, "replace"); // the same entry
//
// format() leaves out what is default; parse() ignores what it can't read, so a mangled link still opens the map.
import { type Codec, flag, ids, number, oneOf, several, someOf, text, tuple } from "./codec";

export const categories = ["full_time", "gig", "internship"] as const;
export type Category = (typeof categories)[number];

export const radii = [300, 500, 800, 1000, 1500, 2000, 3000, 5000] as const;
export const sorts = ["minutes", "distance", "relevance", "newest", "pay"] as const;
export type Sort = (typeof sorts)[number];
export const languages = ["zh", "en"] as const;
export type Language = (typeof languages)[number];
export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];
export const modes = ["walk", "bike", "metro"] as const;
export type Mode = (typeof modes)[number];
export const payUnits = ["month", "day", "hour", "piece"] as const;
export type PayUnit = (typeof payUnits)[number];
export const educations = [
  "none",
  "primary",
  "junior_secondary",
  "senior_secondary",
  "vocational",
  "associate",
  "bachelor",
  "master",
  "doctor",
] as const;
export type Education = (typeof educations)[number];
export const layers = ["service", "venture", "choropleth"] as const;
export type ShownLayer = (typeof layers)[number];
export const measures = ["openings", "ads", "population", "area"] as const;
export type Measure = (typeof measures)[number];

export type View = readonly [zoom: number, latitude: number, longitude: number];
export type LonLat = readonly [longitude: number, latitude: number];
export type Box = readonly [west: number, south: number, east: number, north: number];

export interface State {
  page: "seek" | "plan";
  q: string | null;
  categories: readonly Category[]; // empty for all
  // At most one anchor: stations, lines, or places to start from (two must both hold).
  stations: readonly string[];
  lines: readonly string[];
  from: readonly LonLat[];
  radius: number; // metres round a station or a line's stations
  minutes: number; // from the places to start from
  mode: Mode;
  circle: boolean; // only inside a service point's circle
  districts: readonly string[]; // adcodes
  payUnit: PayUnit | null;
  payMin: number | null; // yuan a unit; only with a unit
  education: Education | null;
  shift: string | null; // "18:00-21:00"
  area: Box | null; // "search this area"
  cell: string | null; // the jobs of one cluster
  sort: Sort | null; // null for the API's own choice
  job: string | null; // id of the opened job
  layers: readonly ShownLayer[];
  // The planner's question.
  of: Measure;
  circleMinutes: number;
  speed: number; // km/h on foot
  detour: number; // of the way over the straight line
  added: readonly LonLat[]; // points tried
  removed: readonly string[]; // ids of points tried without
  view: View | null;
  lang: Language;
  theme: Theme | null; // null for the system's own
}

export const initial: State = {
  page: "seek",
  q: null,
  categories: [],
  stations: [],
  lines: [],
  from: [],
  radius: 800,
  minutes: 30,
  mode: "walk",
  circle: false,
  districts: [],
  payUnit: null,
  payMin: null,
  education: null,
  shift: null,
  area: null,
  cell: null,
  sort: null,
  job: null,
  layers: ["service"],
  of: "openings",
  circleMinutes: 15,
  speed: 4.68,
  detour: 1.22,
  added: [],
  removed: [],
  view: null,
  lang: "zh",
  theme: null,
};

const lonLat = tuple<LonLat>(",", [[-180, 180], [-90, 90]]);
const clock = "([01][0-9]|2[0-3]):[0-5][0-9]";
const shift: Codec<string> = {
  read: (given) => (new RegExp(`^${clock}-(${clock}|24:00)$`).test(given) ? given : null),
  write: (value) => value,
};

// Each field's name in the URL, in the order they are written, with how it is written.
const codecs: { [K in keyof State]: [name: string, codec: Codec<NonNullable<State[K]>>] } = {
  page: ["page", oneOf(["seek", "plan"] as const)],
  q: ["q", text],
  stations: ["station", ids],
  lines: ["line", ids],
  from: ["from", several(lonLat, ";", 2)],
  categories: ["category", someOf(categories)],
  radius: ["radius", number(1, 50_000)],
  minutes: ["minutes", number(1, 120)],
  mode: ["mode", oneOf(modes)],
  circle: ["circle", flag],
  districts: ["district", ids],
  payUnit: ["pay_unit", oneOf(payUnits)],
  payMin: ["pay_min", number(0, 10_000_000, false)],
  education: ["education", oneOf(educations)],
  shift: ["shift", shift],
  area: ["area", tuple<Box>(",", [[-180, 180], [-90, 90], [-180, 180], [-90, 90]])],
  cell: ["cell", text],
  sort: ["sort", oneOf(sorts)],
  job: ["job", text],
  layers: ["layers", someOf(layers)],
  of: ["of", oneOf(measures)],
  circleMinutes: ["circle_minutes", number(1, 60)],
  speed: ["speed_kmh", number(2, 30, false)],
  detour: ["detour", number(1, 2, false)],
  added: ["added", several(lonLat, ";", 20)],
  removed: ["removed", ids],
  theme: ["theme", oneOf(themes)],
  lang: ["lang", oneOf(languages)],
  view: ["view", tuple<View>("/", [[0, 22], [-85, 85], [-180, 180]])],
};

const names = Object.keys(codecs) as (keyof State)[];

// The fields as they are written; a set that is empty is written too where empty is not its default.
function written<K extends keyof State>(field: K, state: State): string | null {
  const value = state[field];
  if (value === null) return null;
  const codec = codecs[field][1] as Codec<State[K]>;
  const now = codec.write(value);
  const before = initial[field];
  return before !== null && codec.write(before) === now ? null : now;
}

function readField<K extends keyof State>(field: K, given: string, state: State): void {
  const codec = codecs[field][1] as unknown as Codec<State[K]>;
  const value = codec.read(given);
  if (value !== null) state[field] = value;
}

// One anchor: were a link to name several, the first of them counts.
function oneAnchor(state: State): State {
  if (state.stations.length > 0) return { ...state, lines: [], from: [] };
  return state.lines.length > 0 ? { ...state, from: [] } : state;
}

export function parse(fragment: string): State {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const state = { ...initial };
  for (const field of names) {
    const value = given.get(codecs[field][0]);
    if (value !== null) readField(field, value, state);
  }
  if (state.payUnit === null) state.payMin = null;
  return oneAnchor(state);
}

export function format(state: State): string {
  // Commas, slashes, colons and semicolons are legal in a fragment; left alone, a link stays readable.
  const encode = (value: string) => encodeURIComponent(value).replace(/%(2C|2F|3A|3B)/g, decodeURIComponent);
  return names
    .flatMap((field) => {
      const value = written(field, state);
      return value === null ? [] : [`${codecs[field][0]}=${encode(value)}`];
    })
    .join("&");
}

export const hasAnchor = (state: State): boolean =>
  state.stations.length > 0 || state.lines.length > 0 || state.from.length > 0;

// Everything a search can ask, as it was at first: what "clear all" sets.
export const cleared: Partial<State> = (({ page, job, layers: _, of, circleMinutes, speed, detour, added, removed, view, lang, theme, ...asked }) => asked)(
  initial,
);

export type Listener = (state: State, before: State) => void;

export class Store {
  private state_: State = parse(location.hash);
  private readonly listeners_: Listener[] = [];

  constructor() {
    window.addEventListener("popstate", () => this.adopt(parse(location.hash)));
  }

  get state(): State {
    return this.state_;
  }

  subscribe(listener: Listener): void {
    this.listeners_.push(listener);
  }

  set(patch: Partial<State>, history: "push" | "replace" = "push"): void {
    const next = { ...this.state_, ...patch };
    const fragment = format(next);
    if (fragment === format(this.state_)) return;
    const url = `${location.pathname}${location.search}#${fragment}`;
    if (history === "push") window.history.pushState(null, "", url);
    else window.history.replaceState(null, "", url);
    this.adopt(next);
  }

  private adopt(next: State): void {
    const before = this.state_;
    this.state_ = next;
    for (const listener of this.listeners_) listener(next, before);
  }
}
