// The planner's points: some tried, some left out, some moved, and what that gains; and the best sites for new ones. On
// the map a click tries one there, a drag moves it, and a service point that is clicked can be tried without.
import { siting, whatIf } from "../api";
import { button } from "../controls";
import type { Dragged } from "../drag";
import { el } from "../dom";
import { circle } from "../geodesy";
import type { Hit } from "../map";
import type { Around } from "../seek";
import type { LonLat, State } from "../state";
import { t } from "../strings";
import type { Plan, Position, SitingAnswer, WhatIfAnswer } from "../types";
import { amount } from "./table";
import type { Feature as GeoJson } from "geojson";

const most = 20;
const circleOf = ({ circleMinutes, speed, detour }: State) => ({ circle_minutes: circleMinutes, speed_kmh: speed, detour });

// An empty list is refused: nothing to add is said by saying nothing.
export function planOf({ added, removed }: Pick<State, "added" | "removed">): Plan {
  const [first, ...rest] = added.map(([x, y]): Position => [x, y]);
  return { ...(first && { add: [first, ...rest] }), ...(removed.length > 0 && { remove: [...removed] }) };
}

export class Points {
  private whatIf_: WhatIfAnswer | null = null;
  private sites_: SitingAnswer | null = null;
  private pending_: AbortController | null = null;

  constructor(private readonly around_: Around) {}

  // A point tried where the map was clicked; one that is there already, and a service point, mean themselves.
  clicked(at: LonLat, on: Hit | null): boolean {
    if (this.around_.store.state.page !== "plan") return false;
    if (on?.layer === "tried") return true;
    if (on?.layer === "service-points") return false;
    this.add(at);
    return true;
  }

  movable({ layer, properties }: Hit): Dragged | null {
    if (layer === "tried") return { kind: "tried", index: Number(properties.index) };
    const id = String(properties.id);
    return layer === "service-points" && !this.around_.store.state.removed.includes(id) ? { kind: "service", id } : null;
  }

  // A service point moved is one left out, and one tried where it was put.
  moved(what: Dragged, to: LonLat): void {
    const { store } = this.around_;
    const { added, removed } = store.state;
    if (what.kind === "tried") store.set({ added: added.map((at, i) => (i === what.index ? to : at)) });
    else if (what.kind === "service") store.set({ removed: [...removed, what.id], added: [...added, to].slice(-most) });
  }

  siteAction(id: string): { label: string; act(): void } | null {
    const { store } = this.around_;
    const { page, removed } = store.state;
    if (page !== "plan" || !this.site(id)) return null;
    return removed.includes(id)
      ? { label: t().putBack, act: () => store.set({ removed: store.state.removed.filter((other) => other !== id) }) }
      : { label: t().leaveOut, act: () => store.set({ removed: [...store.state.removed, id] }) };
  }

  async weigh(state: State): Promise<void> {
    this.pending_?.abort();
    const { signal } = (this.pending_ = new AbortController());
    this.whatIf_ = null;
    if (state.added.length + state.removed.length === 0) return;
    const answer = await whatIf({ ...planOf(state), of: [state.of], ...circleOf(state) }, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return null;
    });
    if (answer) this.whatIf_ = answer;
  }

  // By jobs or by residents; ground alone needs no site.
  async findSites(state: State): Promise<void> {
    const { of } = state;
    if (of !== "area") this.sites_ = await siting({ sites: 5, of, ...circleOf(state) });
  }

  // After another question.
  forget(): void {
    this.sites_ = null;
  }

  drawMap(state: State, metres: number): void {
    const tried = state.added.map(
      (at, index): GeoJson => ({
        type: "Feature",
        properties: { index, label: String(index + 1) },
        geometry: { type: "Point", coordinates: [...at] },
      }),
    );
    const rings = state.added.map(
      (at): GeoJson => ({
        type: "Feature",
        properties: {},
        geometry: { type: "Polygon", coordinates: [circle([at[0], at[1]], metres)] },
      }),
    );
    this.around_.map()?.draw("tried", tried);
    this.around_.map()?.draw("anchor-area", rings);
    this.around_.map()?.look({ leftOut: state.removed });
  }

  section(state: State, findSites: () => void): HTMLElement {
    const { removed } = state;
    const proposed = this.sites_?.features ?? [];
    const adopt = () => this.around_.store.set({ added: proposed.map(({ geometry }): LonLat => geometry.coordinates) });
    const sites = proposed.map(({ properties }) =>
      el("li", {}, t().site(properties.rank), this.effect(properties.gain, state)),
    );
    return el(
      "section",
      {},
      el("h2", {}, t().tryPoint),
      el("p", { class: "note" }, t().tryHint),
      state.added.length > 0 && el("ul", { class: "tried" }, ...state.added.map((_, i) => this.tried(i, state))),
      removed.length > 0 && el("h3", {}, t().without),
      removed.length > 0 && el("ul", { class: "tried without" }, ...removed.map((id) => this.leftOut(id, state))),
      this.change(state),
      el(
        "div",
        { class: "buttons" },
        button("try-centre", t().tryCentre, () => this.tryCentre(), { class: "quiet" }),
        state.of !== "area" && button("best-sites", t().bestSites, findSites, { class: "quiet" }),
        proposed.length > 0 && button("adopt", t().adopt, adopt, { class: "quiet" }),
      ),
      sites.length > 0 && el("ol", { class: "tried" }, ...sites),
    );
  }

  private site(id: string) {
    return this.around_.city()?.servicePoints.find(({ properties }) => properties.id === id)?.properties;
  }

  private add(at: LonLat): void {
    const { store } = this.around_;
    store.set({ added: [...store.state.added, at].slice(-most) });
  }

  private tryCentre(): void {
    const at = this.around_.map()?.centre();
    if (at) this.add(at);
  }

  private said(value: number, { of }: State): string {
    return value < 0 ? t().loss(amount(-value, of)) : t().gain(amount(value, of));
  }

  private effect(value: number | undefined, state: State): HTMLElement {
    return el("span", { class: "far" }, value === undefined ? "…" : this.said(value, state));
  }

  private change(state: State): HTMLElement | null {
    if (!this.whatIf_) return null;
    const { before, after } = this.whatIf_;
    return el("p", { class: "total-gain", role: "status" }, this.said((after[state.of] ?? 0) - (before[state.of] ?? 0), state));
  }

  private tried(i: number, state: State): HTMLElement {
    const { store } = this.around_;
    return el(
      "li",
      {},
      t().tried(i + 1),
      this.effect(this.whatIf_?.add[i]?.gain[state.of], state),
      button(`untry-${i}`, "×", () => store.set({ added: store.state.added.filter((_, j) => j !== i) }), {
        class: "forget",
        "aria-label": `${t().forget}: ${t().tried(i + 1)}`,
      }),
    );
  }

  private leftOut(id: string, state: State): HTMLElement {
    const name = this.site(id)?.name ?? id;
    return el(
      "li",
      {},
      name,
      this.effect(this.whatIf_?.remove.find((one) => one.id === id)?.gain[state.of], state),
      button(`put-back-${id}`, "×", () => this.siteAction(id)?.act(), {
        class: "forget",
        "aria-label": `${t().putBack}: ${name}`,
      }),
    );
  }
}
