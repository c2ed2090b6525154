// The list of jobs and its totals: loading, empty, refused and offline each say what to do next.
import type { City } from "./city";
import { listJobs, nextJobs, Problem } from "./api";
import { choice } from "./controls";
import { el, fill } from "./dom";
import { count, distance, pay } from "./format";
import { listQuery, ordersOf } from "./query";
import { cleared, hasAnchor, initial, type State } from "./state";
import { t } from "./strings";
import { placeName, searchTitle } from "./titles";
import type { Feature, Job, JobPage, Method } from "./types";
import { nowhere } from "./where";

export interface ListEvents {
  set(patch: Partial<State>): void;
  loaded(page: JobPage): void;
  hover(job: Feature<Job> | null): void;
}

// How minutes and circles were found, in words; nothing where the query asks for neither.
function methodNote(state: State, method: Method | undefined): string | null {
  if (!method || (!state.circle && state.from.length === 0)) return null;
  const how =
    method.name === "network"
      ? t().network(String(method.speed_kmh))
      : t().straightLine(String(method.speed_kmh), String(method.detour));
  return state.circle && method.circle_m ? `${t().circleMethod(distance(method.circle_m))}${how}` : how;
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

  // A job of the list, if it is there.
  job(id: string): Feature<Job> | undefined {
    return this.jobs_.find((job) => job.id === id);
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
    if (!append) this.summary_.scrollIntoView({ block: "nearest" });
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

  // Pointed at on the map: marked and brought into sight.
  point(id: string | null): void {
    for (const entry of this.list_.querySelectorAll<HTMLElement>(".job")) {
      entry.classList.toggle("pointed", entry.dataset.id === id);
      if (entry.dataset.id === id) entry.scrollIntoView({ block: "nearest" });
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
    const page = this.problem_ ? null : this.page_;
    const totals = page && el("p", { class: "totals" }, t().totals(count(page.numberMatched), count(page.openings)));
    // Where the query names a place, jobs without a point are left out; else they are among the matches.
    const place = hasAnchor(state) || state.circle || state.area || state.cell;
    const without = place ? t().unlocated : t().pointless;
    const unlocated = page && page.unlocated > 0 && el("p", { class: "note" }, without(count(page.unlocated)));
    const how = methodNote(state, page?.method);
    const orders = ordersOf(state);
    const [automatic = "newest"] = orders;
    const sort = choice(
      "sort",
      t().sort,
      state.sort && orders.includes(state.sort) ? state.sort : automatic,
      orders.map((order) => [order, t().sorts[order]]),
      (value) => this.events_.set({ sort: orders.find((order) => order === value && order !== automatic) ?? null }),
    );
    fill(
      this.summary_,
      el("div", { class: "heading" }, el("h2", {}, searchTitle(state, this.city_())), sort),
      totals,
      unlocated,
      how !== null && el("p", { class: "note" }, how),
    );
  }

  private entries(state: State): HTMLElement {
    return el("ol", { class: "jobs" }, ...this.jobs_.map((job) => this.entry(job, state)));
  }

  // How far it is, by what was asked.
  private away(job: Job): string {
    const nearest = job.stations?.[0];
    if (job.minutes !== undefined) return t().minutes(String(Math.ceil(job.minutes)));
    if (job.distance_m !== undefined) return distance(job.distance_m);
    if (nearest) return t().fromStation(placeName(nearest, this.city_(), this.state_.lang), distance(nearest.distance_m));
    return t().precisions[job.precision] ?? job.precision;
  }

  private entry(feature: Feature<Job>, state: State): HTMLElement {
    const { id, properties: job } = feature;
    const hover = () => this.events_.hover(feature);
    const leave = () => this.events_.hover(null);
    return el(
      "li",
      { class: "job", "data-id": id, "aria-current": id === state.job ? "true" : null },
      el(
        "button",
        {
          type: "button",
          onclick: () => this.events_.set({ job: id }),
          onmouseenter: hover,
          onmouseleave: leave,
          onfocus: hover,
          onblur: leave,
        },
        el(
          "span",
          { class: "first" },
          el("span", { class: "job-title" }, job.title),
          el("span", { class: "job-where" }, this.away(job)),
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
      page?.next && el("button", { type: "button", class: "more", onclick: () => void this.more() }, t().moreJobs),
      el("p", { class: "note" }, shown),
    );
  }

  private nothing(state: State): HTMLElement {
    const ways: [string, Partial<State>][] = [];
    const wide = state.stations.length > 0 || state.lines.length > 0;
    if (wide && state.radius < 5000) ways.push([t().emptyRadius, { radius: Math.min(5000, state.radius * 2) }]);
    if (state.from.length > 0 && state.minutes < 120)
      ways.push([t().emptyMinutes, { minutes: Math.min(120, state.minutes + 15) }]);
    if (hasAnchor(state)) ways.push([t().emptyAnchor, nowhere]);
    if (JSON.stringify(listQuery(state)) !== "{}") ways.push([t().reset, cleared]);
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
    const again = el("button", { type: "button", onclick: () => void this.load(this.state_) }, t().retry);
    const reset = el(
      "button",
      { type: "button", class: "quiet", onclick: () => this.events_.set(cleared) },
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

function skeleton(): HTMLElement {
  const rows = Array.from({ length: 5 }, () => el("div", { class: "ghost" }));
  return el("div", { "aria-hidden": "true" }, ...rows);
}
