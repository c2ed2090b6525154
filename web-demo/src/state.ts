// What the page shows, as one value that lives in the URL's fragment: a search can be shared, and back works. The
// fragment never reaches a server log.
//
//   const store = new Store();
//   store.subscribe((state, before) => ...);
//   store.set({ station: "longxiangqiao" });            // a new history entry
//   store.set({ view: [13, 30.25, 120.16] }, "replace"); // the same entry
//
// format() leaves out what is default; parse() ignores what it can't read, so a mangled link still opens the map.

export const categories = ["full_time", "gig", "internship"] as const;
export type Category = (typeof categories)[number];

export const radii = [300, 500, 800, 1000, 1500, 2000, 3000, 5000] as const;
export const sorts = ["distance", "newest", "pay_month", "pay_day", "pay_hour"] as const;
export type Sort = (typeof sorts)[number];
export const languages = ["zh", "en"] as const;
export type Language = (typeof languages)[number];
export type View = readonly [zoom: number, latitude: number, longitude: number];

export interface State {
  station: string | null; // id
  categories: readonly Category[]; // empty for all
  radius: number; // metres round the station
  circle: boolean; // only inside a service point's 15 minutes
  sort: Sort | null; // null for the API's own choice
  job: string | null; // id of the opened job
  view: View | null;
  lang: Language;
}

export const initial: State = {
  station: null,
  categories: [],
  radius: 800,
  circle: false,
  sort: null,
  job: null,
  view: null,
  lang: "zh",
};

function oneOf<T extends string>(allowed: readonly T[], text: string | null): T | null {
  return allowed.find((value) => value === text) ?? null;
}

function parseRadius(text: string | null): number {
  const metres = Number(text);
  return text && Number.isInteger(metres) && metres >= 1 && metres <= 50000 ? metres : initial.radius;
}

function parseView(text: string | null): View | null {
  const parts = (text ?? "").split("/").map((part) => (part === "" ? NaN : Number(part)));
  const [zoom = NaN, latitude = NaN, longitude = NaN] = parts;
  const sane = parts.length === 3 && zoom >= 0 && zoom <= 22 && Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180;
  return sane ? [zoom, latitude, longitude] : null;
}

export function parse(fragment: string): State {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const wanted = (given.get("category") ?? "").split(",");
  return {
    station: given.get("station") || null,
    categories: categories.filter((category) => wanted.includes(category)),
    radius: parseRadius(given.get("radius")),
    circle: given.get("circle") === "service",
    sort: oneOf(sorts, given.get("sort")),
    job: given.get("job") || null,
    view: parseView(given.get("view")),
    lang: oneOf(languages, given.get("lang")) ?? initial.lang,
  };
}

export function format(state: State): string {
  const out: [string, string][] = [];
  if (state.station) out.push(["station", state.station]);
  if (state.categories.length > 0) out.push(["category", categories.filter((c) => state.categories.includes(c)).join(",")]);
  if (state.radius !== initial.radius) out.push(["radius", String(state.radius)]);
  if (state.circle) out.push(["circle", "service"]);
  if (state.sort) out.push(["sort", state.sort]);
  if (state.job) out.push(["job", state.job]);
  if (state.lang !== initial.lang) out.push(["lang", state.lang]);
  if (state.view) out.push(["view", state.view.join("/")]);
  // Commas, slashes and colons are legal in a fragment; left alone, a link stays readable.
  const encode = (text: string) => encodeURIComponent(text).replace(/%(2C|2F|3A)/g, decodeURIComponent);
  return out.map(([name, value]) => `${name}=${encode(value)}`).join("&");
}

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
