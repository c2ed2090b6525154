// Where to look: the whole city, by the metro (a line, or stations picked along it), or from a place or two within so
// many minutes.
import type { City } from "./city";
import { datum } from "./api";
import { button, choice, keepFocus, segments, toggle } from "./controls";
import { el, fill } from "./dom";
import { distance } from "./format";
import { plate } from "./metro";
import { shifted } from "./datum";
import { type LonLat, modes, radii, type State } from "./state";
import { t } from "./strings";
import { stationName, whereabouts } from "./titles";
import type { Line } from "./types";

type Tab = "everywhere" | "metro" | "here";

export interface WhereEvents {
  set(patch: Partial<State>): void;
  pick(slot: number): void; // on the map, the first or the second place
}

export const nowhere: Partial<State> = { stations: [], lines: [], from: [] };

function tabOf(state: State): Tab {
  if (state.from.length > 0) return "here";
  return state.stations.length > 0 || state.lines.length > 0 ? "metro" : "everywhere";
}

export class WherePanel {
  private tab_: Tab | null = null; // opened, but nothing chosen in it yet
  private browsed_: string | null = null; // the line whose stations are shown
  private note_ = "";
  private state_: State | null = null;

  constructor(
    private readonly parent_: HTMLElement,
    private readonly city_: () => City | null,
    private readonly events_: WhereEvents,
  ) {}

  show(state: State): void {
    if (this.state_ && tabOf(state) !== tabOf(this.state_)) this.tab_ = null;
    this.state_ = state;
    keepFocus(this.parent_, () => this.draw(state));
  }

  private again(): void {
    if (this.state_) this.show(this.state_);
  }

  private draw(state: State): void {
    const tab = this.tab_ ?? tabOf(state);
    const tabs = segments<Tab>(
      "where",
      t().where,
      tab,
      [
        ["everywhere", t().everywhere],
        ["metro", t().byMetro],
        ["here", t().fromHere],
      ],
      (chosen) => this.open(chosen, state),
    );
    const body = tab === "metro" ? this.metro(state) : tab === "here" ? this.here(state) : [];
    fill(this.parent_, tabs, ...body);
  }

  private open(tab: Tab, state: State): void {
    this.tab_ = tab;
    this.note_ = "";
    if (tabOf(state) !== "everywhere" && tab !== tabOf(state)) this.events_.set(nowhere);
    this.tab_ = tab;
    this.again();
  }

  private metro(state: State): HTMLElement[] {
    const city = this.city_();
    if (!city) return [];
    const shown = this.browsed_ ?? state.lines[0] ?? null;
    const lines = [...city.lines.values()].map((line) =>
      toggle(
        `line-${line.id}`,
        shown === line.id,
        () => {
          this.browsed_ = shown === line.id ? "" : line.id;
          this.again();
        },
        { class: "line-button", "aria-label": t().line(line.name), "aria-expanded": String(shown === line.id) },
        plate(line.color, line.name),
      ),
    );
    const line = shown ? city.lines.get(shown) : undefined;
    const radius = choice(
      "radius",
      t().radius,
      String(state.radius),
      [...new Set([...radii, state.radius])].sort((a, b) => a - b).map((m) => [String(m), t().within(distance(m))]),
      (value) => this.events_.set({ radius: Number(value) }),
    );
    return [
      el("div", { class: "line-buttons", role: "group", "aria-label": t().lines }, ...lines),
      ...(line ? [this.stations(line, state, city)] : []),
      radius,
    ];
  }

  private stations(line: Line, state: State, city: City): HTMLElement {
    const whole = state.lines.includes(line.id);
    const press = (id: string) => {
      const chosen = state.stations.includes(id)
        ? state.stations.filter((other) => other !== id)
        : [...state.stations, id];
      this.events_.set({ ...nowhere, stations: chosen, cell: null });
    };
    const stop = (id: string) => {
      const station = city.stations.get(id)?.properties;
      return el(
        "li",
        {},
        toggle(
          `stop-${id}`,
          whole || state.stations.includes(id),
          () => press(id),
          { class: "stop" },
          el("span", { class: "bead", "aria-hidden": "true" }),
          station ? stationName(station, state.lang) : id,
        ),
      );
    };
    const all = toggle(
      "whole-line",
      whole,
      () => this.events_.set({ ...nowhere, lines: whole ? [] : [line.id], cell: null }),
      { class: "chip" },
      t().wholeLine,
    );
    const stops = [...new Set(line.branches.flat())];
    const list = el("ol", { class: "stops", "aria-label": t().lineStations(t().line(line.name)) }, ...stops.map(stop));
    list.style.setProperty("--line", line.color ?? null);
    return el("div", { class: "line-stops" }, all, list);
  }

  private here(state: State): HTMLElement[] {
    const slots = [0, 1].filter((slot) => slot <= state.from.length);
    const output = el("output", { for: "minutes" }, t().minutes(String(state.minutes)));
    const slider = el("input", {
      id: "minutes",
      "data-key": "minutes",
      type: "range",
      min: 5,
      max: 120,
      step: 5,
      value: state.minutes,
      oninput: () => (output.textContent = t().minutes(slider.value)),
      onchange: () => this.events_.set({ minutes: Number(slider.value) }),
    });
    const mode = segments(
      "mode",
      t().mode,
      state.mode,
      modes.map((name) => [name, t().modes[name]]),
      (chosen) => this.events_.set({ mode: chosen }),
    );
    return [
      ...slots.map((slot) => this.place(state, slot)),
      el("p", { class: "note", role: "status" }, this.note_),
      el("div", { class: "slider" }, el("label", { for: "minutes" }, t().minutesSlider), slider, output),
      mode,
    ];
  }

  private place(state: State, slot: number): HTMLElement {
    const at = state.from[slot];
    const name = t().places[slot] ?? "";
    const put = (place: LonLat) => {
      const from = [...state.from];
      from[slot] = place;
      this.note_ = "";
      this.events_.set({ ...nowhere, from, cell: null });
    };
    const forget = () => this.events_.set({ from: state.from.filter((_, i) => i !== slot) });
    return el(
      "div",
      { class: "place" },
      el("span", { class: `pin pin-${slot}`, "aria-hidden": "true" }),
      el(
        "span",
        { class: "place-name" },
        name,
        el("small", {}, at ? whereabouts(at, this.city_(), state.lang) : t().notSet),
      ),
      button(`locate-${slot}`, t().locate, () => this.locate(put), { class: "quiet" }),
      button(`pick-${slot}`, t().pickOnMap, () => this.events_.pick(slot), { class: "quiet" }),
      at && button(`forget-${slot}`, "×", forget, { class: "forget", "aria-label": `${t().forget}: ${name}` }),
    );
  }

  private locate(put: (place: LonLat) => void): void {
    const say = (note: string) => {
      this.note_ = note;
      this.again();
    };
    if (!navigator.geolocation) return say(t().noLocation);
    say(t().locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const [x, y] = shifted([coords.longitude, coords.latitude], datum()); // browsers tell WGS84
        put([Number(x.toFixed(6)), Number(y.toFixed(6))]);
      },
      ({ code, PERMISSION_DENIED }) => say(code === PERMISSION_DENIED ? t().locationDenied : t().noLocation),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  }
}
