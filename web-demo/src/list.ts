// The list of jobs and its totals: loading, empty, refused and offline each say what to do next.
import type { City } from "./city";
import { type Feature, type Job, type JobPage, listJobs, nextJobs, Problem } from "./api";
import { el, fill } from "./dom";
import { initial, type State } from "./state";
import { listQuery } from "./query";
import { t } from "./strings";
import { count, distance, pay } from "./words";

export interface ListEvents {
  set(patch: Partial<State>): void;
  loaded(page: JobPage): void;
}

export class JobList {
  private page_: JobPage | null = null;
  private jobs_: Feature<Job>[] = [];
  private problem_: Problem | null = null;
  private pending_: AbortController | null = null;
  private state_: State = initial;

  constructor(
    private readonly summary_: HTMLElement,
    private readonly list_: HTMLElement,
    private readonly city_: () => City | null,
    private readonly events_: ListEvents,
  ) {
    this.summary_.setAttribute("aria-live", "polite");
  }

  async load(state: State): Promise<void> {
    this.state_ = state;
    await this.ask((signal) => listJobs(listQuery(state), signal), false);
  }

  private async more(): Promise<void> {
    const next = this.page_?.next;
    if (!next) return;
    const shown = this.jobs_.length;
    await this.ask((signal) => nextJobs(next, signal), true);
    this.list_.querySelectorAll<HTMLElement>(".job button")[shown]?.focus();
  }

  private async ask(fetchPage: (signal: AbortSignal) => Promise<JobPage>, append: boolean): Promise<void> {
    this.pending_?.abort();
    const pending = (this.pending_ = new AbortController());
    this.list_.setAttribute("aria-busy", "true");
    if (!this.page_) this.show(this.state_);
    try {
      const page = await fetchPage(pending.signal);
      this.jobs_ = append ? [...this.jobs_, ...page.features] : page.features;
      this.page_ = page;
      this.problem_ = null;
    } catch (error) {
      if (pending.signal.aborted) return;
      this.problem_ = error instanceof Problem ? error : new Problem("broken", String(error));
      if (!append) this.jobs_ = [];
    }
    if (pending !== this.pending_) return;
    this.list_.removeAttribute("aria-busy");
    this.show(this.state_);
    if (!append) this.list_.parentElement?.scrollTo({ top: 0 });
    if (this.page_ && !this.problem_) this.events_.loaded(this.page_);
  }

  // Which job is open changes one entry's mark and nothing else, so focus and scroll stay.
  mark(state: State): void {
    this.state_ = state;
    for (const entry of this.list_.querySelectorAll<HTMLElement>(".job")) {
      if (entry.dataset.id === state.job) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }

  show(state: State): void {
    this.state_ = state;
    this.showSummary(state);
    if (this.problem_ && this.jobs_.length === 0) fill(this.list_, this.trouble(this.problem_));
    else if (!this.page_) fill(this.list_, el("p", { class: "note", role: "status" }, t().loading), skeleton());
    else if (this.jobs_.length === 0) fill(this.list_, this.nothing(state));
    else fill(this.list_, this.entries(state), this.problem_ && this.trouble(this.problem_), this.foot());
  }

  private showSummary(state: State): void {
    const station = state.station && this.city_()?.stations.get(state.station);
    const name = station ? stationName(station.properties, state) : this.city_() && state.station;
    const heading = el("h2", {}, state.station ? (name ? t().near(name) : "") : t().everywhere);
    const page = this.problem_ ? null : this.page_;
    const totals = page && el("p", { class: "totals" }, t().totals(count(page.numberMatched), count(page.openings)));
    // Where the query names a place, jobs without a point are left out; else they are among the matches.
    const without = state.station || state.circle ? t().unlocated : t().pointless;
    const unlocated = page && page.unlocated > 0 && el("p", { class: "note" }, without(count(page.unlocated)));
    const method = state.circle && page?.method?.circle_m ? page.method : null;
    const how =
      method?.circle_m &&
      el("p", { class: "note" }, t().circleMethod(distance(method.circle_m), String(method.speed_kmh), String(method.detour)));
    fill(this.summary_, heading, totals, unlocated, how || null);
  }

  private entries(state: State): HTMLElement {
    return el("ol", { class: "jobs" }, ...this.jobs_.map((job) => this.entry(job, state)));
  }

  private entry({ id, properties: job }: Feature<Job>, state: State): HTMLElement {
    const anchor = job.distance_m;
    const nearest = job.stations?.[0];
    const where =
      anchor !== undefined
        ? distance(anchor)
        : nearest
          ? t().from(nearest.name, distance(nearest.distance_m))
          : (t().precisions[job.precision] ?? job.precision);
    return el(
      "li",
      { class: "job", "data-id": id, "aria-current": id === state.job ? "true" : null },
      el(
        "button",
        { type: "button", onclick: () => this.events_.set({ job: id }) },
        el(
          "span",
          { class: "first" },
          el("span", { class: "job-title" }, job.title),
          el("span", { class: "job-where" }, where),
        ),
        el("span", { class: "employer" }, job.employer),
        el(
          "span",
          { class: "facts" },
          el("span", { class: "kind" }, el("span", { class: `dot ${job.category}`, "aria-hidden": "true" }), t().categories[job.category]),
          el("span", { class: "pay" }, pay(job)),
          el("span", { class: "people" }, t().people(count(job.openings))),
        ),
      ),
    );
  }

  private foot(): HTMLElement {
    const page = this.page_;
    const shown = t().shown(count(this.jobs_.length), count(page?.numberMatched ?? 0));
    return el(
      "div",
      { class: "foot" },
      page?.next && el("button", { type: "button", class: "more", onclick: () => void this.more() }, t().more),
      el("p", { class: "note" }, shown),
    );
  }

  private nothing(state: State): HTMLElement {
    const ways: [string, Partial<State>][] = [];
    if (state.station && state.radius < 5000) ways.push([t().emptyRadius, { radius: Math.min(5000, state.radius * 2) }]);
    if (state.categories.length > 0) ways.push([t().emptyCategory, { categories: [] }]);
    if (state.circle) ways.push([t().emptyCircle, { circle: false }]);
    if (state.station) ways.push([t().emptyStation, { station: null }]);
    const buttons = ways.map(([label, patch]) =>
      el("button", { type: "button", class: "quiet", onclick: () => this.events_.set(patch) }, label),
    );
    return el(
      "div",
      { class: "state" },
      el("p", {}, ways.length > 0 ? t().empty : t().emptyData),
      buttons.length > 0 && el("div", { class: "ways" }, ...buttons),
    );
  }

  private trouble(problem: Problem): HTMLElement {
    const said = problem.kind === "refused" ? t().refused : problem.kind === "offline" ? t().offline : t().broken;
    const { station, categories, circle, radius, sort } = initial;
    const again = el("button", { type: "button", onclick: () => void this.load(this.state_) }, t().retry);
    const reset = el(
      "button",
      { type: "button", class: "quiet", onclick: () => this.events_.set({ station, categories, circle, radius, sort }) },
      t().reset,
    );
    return el(
      "div",
      { class: "state trouble", role: "alert" },
      el("p", {}, said),
      problem.detail !== "" && el("p", { class: "detail" }, problem.detail),
      el("div", { class: "ways" }, again, problem.kind === "refused" && reset),
    );
  }
}

export function stationName(station: { name: string; name_en?: string }, state: State): string {
  return state.lang === "en" ? station.name_en || station.name : station.name;
}

function skeleton(): HTMLElement {
  const rows = Array.from({ length: 5 }, () => el("div", { class: "ghost" }));
  return el("div", { "aria-hidden": "true" }, ...rows);
}
