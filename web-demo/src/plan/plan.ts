// The planner's side: how well the service circle covers the city by district, where its gaps are, the points that are
// tried (points.ts), and the curve of jobs by minutes. The assumptions stand beside the figures
// and can be changed.
import { coverage, coverageFile, facets, isShifted } from "../api";
import { button, choice, keepFocus, segments } from "../controls";
import { byId, el, fill } from "../dom";
import { type Around, tell } from "../seek";
import { measures, type State } from "../state";
import { t } from "../strings";
import { boxOf, type Coverage, coverageOf } from "./coverage";
import { type Bucket, histogram } from "./histogram";
import { Points } from "./points";
import { CoverageTable } from "./table";
import type { Feature as GeoJson } from "geojson";

const minuteChoices = [5, 10, 15, 20, 30];
const shownGaps = 8;

// What of the state the answers depend on.
const questionOf = ({ of, circleMinutes, speed, detour, from, mode }: State) => ({ of, circleMinutes, speed, detour, from, mode });
const queryOf = ({ of, circleMinutes, speed, detour }: State) => ({
  circle_minutes: String(circleMinutes),
  speed_kmh: String(speed),
  detour: String(detour),
  by: "district",
  of,
  gaps: "true",
});
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export class Planner {
  private coverage_: Coverage | null = null;
  private curve_: Bucket[] = [];
  readonly points: Points;
  private busy_ = "";
  private trouble_ = "";
  private asked_: unknown = null;
  private pending_: AbortController | null = null;
  private readonly table_: CoverageTable;
  private readonly tableBox_ = el("div", { id: "coverage" });

  constructor(private readonly around_: Around) {
    this.points = new Points(around_);
    this.table_ = new CoverageTable(this.tableBox_, (adcode) => this.goToDistrict(adcode));
  }

  changed(state: State, before: State): void {
    if (state.page !== "plan") {
      if (before.page === "plan") this.clearMap();
      return;
    }
    const question = questionOf(state);
    if (!same(question, this.asked_)) void this.load(state);
    else if (before.page !== "plan") this.drawMap(state);
    if (!same([state.added, state.removed], [before.added, before.removed])) void this.tryPoints(state);
    this.show(state);
  }

  start(state: State): void {
    if (state.page !== "plan") return;
    void this.load(state);
    if (state.added.length + state.removed.length > 0) void this.tryPoints(state);
    this.show(state);
  }

  private async load(state: State): Promise<void> {
    this.pending_?.abort();
    const { signal } = (this.pending_ = new AbortController());
    this.asked_ = questionOf(state);
    this.busy_ = t().planLoading;
    this.trouble_ = "";
    byId("plan").setAttribute("aria-busy", "true");
    try {
      const [answer, curve] = await Promise.all([coverage(queryOf(state), signal), this.curve(state, signal)]);
      this.coverage_ = coverageOf(answer, state.of);
      this.curve_ = curve;
      this.points.forget();
    } catch (error) {
      if (signal.aborted) return;
      this.coverage_ = null;
      this.trouble_ = tell(error);
    }
    this.busy_ = "";
    byId("plan").removeAttribute("aria-busy");
    this.drawMap(this.around_.store.state);
    this.show(this.around_.store.state);
  }

  // The curve of jobs by minute from the chosen places; without one there is nothing to draw.
  private async curve({ from, mode }: State, signal: AbortSignal): Promise<Bucket[]> {
    if (from.length === 0) return [];
    const reach = from.map((at) => at.join(",")).join(";");
    const { minutes } = await facets(["minutes"], { reach, mode, minutes: "60" }, signal);
    let ads = 0;
    return (minutes?.values ?? []).map((value) => ({ minutes: Number(value.id), ads: (ads += value.ads) }));
  }

  private async tryPoints(state: State): Promise<void> {
    try {
      await this.points.weigh(state);
    } catch (error) {
      this.trouble_ = tell(error);
    }
    this.drawMap(this.around_.store.state);
    this.show(this.around_.store.state);
  }

  private async findSites(state: State): Promise<void> {
    this.busy_ = t().siting;
    this.show(state);
    try {
      await this.points.findSites(state);
    } catch (error) {
      this.trouble_ = tell(error);
    }
    this.busy_ = "";
    this.show(this.around_.store.state);
  }

  show(state: State): void {
    const parent = byId("plan");
    keepFocus(parent, () =>
      fill(
        parent,
        this.question(state),
        this.busy_ !== "" && el("p", { class: "note", role: "status" }, this.busy_),
        this.trouble_ !== "" && this.trouble(state),
        this.coverage_ && this.answer(this.coverage_),
        this.coverage_ && this.points.section(state, () => void this.findSites(state)),
        this.coverage_ && this.gaps(state),
        this.curve_.length > 0 &&
          histogram(this.curve_, state.from.length > 0 ? t().byMinutesFrom : t().byMinutesHint),
        this.coverage_ && this.method(this.coverage_, state),
      ),
    );
  }

  private question(state: State): HTMLElement {
    const set = (patch: Partial<State>) => this.around_.store.set(patch);
    const of = segments(
      "measure",
      t().measure,
      state.of,
      measures.map((name) => [name, t().measures[name]]),
      (chosen) => set({ of: chosen }),
    );
    const times = [...new Set([...minuteChoices, state.circleMinutes])].sort((a, b) => a - b);
    const minutes = choice(
      "circle-minutes",
      t().circleMinutes,
      String(state.circleMinutes),
      times.map((n) => [String(n), t().minutes(String(n))]),
      (value) => set({ circleMinutes: Number(value) }),
    );
    return el("section", {}, el("h2", {}, t().coverage(String(state.circleMinutes))), of, minutes);
  }

  private trouble(state: State): HTMLElement {
    return el(
      "div",
      { class: "state trouble", role: "alert" },
      el("p", {}, t().broken),
      el("p", { class: "detail" }, this.trouble_),
      button("plan-retry", t().retry, () => void this.load(state)),
    );
  }

  private answer(coverage: Coverage): HTMLElement {
    this.table_.show(coverage);
    const none = coverage.of === "population" && coverage.all.total === 0;
    const files = (["csv", "geojson"] as const).map((format) =>
      el(
        "a",
        { class: "quiet", href: coverageFile(queryOf(this.around_.store.state), format), download: `coverage.${format}` },
        `${t().download} ${format === "csv" ? "CSV" : "GeoJSON"}`,
      ),
    );
    return el(
      "section",
      {},
      none ? el("p", { class: "note" }, t().noPopulation) : this.tableBox_,
      el("div", { class: "buttons" }, ...files),
    );
  }

  private gaps(state: State): HTMLElement {
    const items = (this.coverage_?.gaps ?? []).slice(0, shownGaps).map((gap, i) =>
      el(
        "li",
        {},
        button(`gap-${i}`, t().gap(i + 1), () => this.goToGap(i), { class: "link" }),
        el("span", { class: "far" }, `${gap.district} ${t().gapHolds(String(gap.openings), String(gap.ads))}`),
      ),
    );
    return el(
      "section",
      {},
      el("h2", {}, t().gaps),
      items.length > 0 ? el("ol", { class: "gaps", "data-of": state.of }, ...items) : el("p", { class: "note" }, t().noGaps),
    );
  }

  // What the figures rest on, as the answer says it; speed and detour can be changed.
  private method({ method }: Coverage, state: State): HTMLElement {
    const input = (key: "speed" | "detour", low: number, high: number) => {
      const field = el("input", {
        id: key,
        "data-key": key,
        type: "number",
        min: low,
        max: high,
        step: 0.01,
        value: state[key],
        onchange: () => {
          const value = Number(field.value);
          if (value >= low && value <= high) this.around_.store.set({ [key]: value });
        },
      });
      return el("div", { class: "choice" }, el("label", { for: key }, t()[key]), field);
    };
    const said = Object.entries(method)
      .filter(([, value]) => typeof value !== "object")
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(" · ");
    return el(
      "section",
      { class: "assumptions" },
      el("h2", {}, t().assumptions),
      el("div", { class: "grid" }, input("speed", 2, 30), input("detour", 1, 2)),
      el("p", {}, said),
    );
  }

  private goToGap(index: number): void {
    const gap = this.coverage_?.gaps[index];
    if (!gap) return;
    this.drawGaps(index);
    this.around_.map()?.fit(boxOf(gap.geometry));
  }

  private goToDistrict(adcode: string): void {
    const district = this.around_.city()?.districts.find(({ properties }) => properties.adcode === adcode);
    if (district) this.around_.map()?.fit(boxOf(district.geometry));
  }

  private drawGaps(chosen: number): void {
    if (isShifted()) return; // they would lie half a kilometre off
    const features = (this.coverage_?.gaps ?? []).map(
      ({ geometry }, i) => ({ type: "Feature", properties: { chosen: i === chosen }, geometry }) as GeoJson,
    );
    this.around_.map()?.draw("gaps", features);
  }

  drawMap(state: State): void {
    if (state.page !== "plan") return;
    this.drawGaps(-1);
    const shares = (this.coverage_?.rows ?? []).flatMap(({ id, share }): [string, number][] => (share === null ? [] : [[id, share]]));
    this.around_.map()?.look({ planning: true, districtShares: new Map(shares) });
    this.points.drawMap(state, this.coverage_?.metres ?? 0);
  }

  private clearMap(): void {
    this.around_.map()?.look({ planning: false, districtShares: new Map(), leftOut: [] });
    for (const source of ["gaps", "tried", "anchor-area"] as const) this.around_.map()?.draw(source, []);
  }
}
