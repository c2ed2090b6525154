// One job, opened: what it asks and gives, how precise its place is, the stations and the service point near it, until
// when it stands, where to apply. Everything in it is text from a stranger.
import { getJob, Problem } from "./api";
import type { City } from "./city";
import { el, fill } from "./dom";
import { count, day, daysLeft, distance, pay } from "./format";
import { lineBadges } from "./metro";
import type { Education } from "./state";
import { language, t } from "./strings";
import { placeName, stationName } from "./titles";
import type { Feature, Job, Leg, Nearby } from "./types";

export class JobCard {
  private pending_: AbortController | null = null;
  private job_: Feature<Job> | null = null;
  private opener_: HTMLElement | null = null;

  constructor(
    private readonly panel_: HTMLElement,
    private readonly city_: () => City | null,
    private readonly close_: () => void,
    private readonly shown_: (job: Feature<Job> | null) => void,
  ) {
    panel_.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close_();
    });
  }

  // What the list knows of the job beyond the posting: how far it is, and how long the way.
  async open(id: string, listed?: Feature<Job>): Promise<void> {
    this.pending_?.abort();
    const { signal } = (this.pending_ = new AbortController());
    if (this.panel_.hidden && document.activeElement instanceof HTMLElement) this.opener_ = document.activeElement;
    try {
      const job = await getJob(id, signal);
      const { distance_m, minutes, legs } = listed?.properties ?? {};
      this.job_ = { ...job, properties: { ...job.properties, distance_m, minutes, legs } };
      this.draw(this.body(this.job_), this.job_.properties.title);
    } catch (error) {
      if (signal.aborted) return;
      this.job_ = null;
      const problem = error instanceof Problem ? error : new Problem("broken", String(error));
      const said = problem.status === 404 ? t().gone : problem.kind === "offline" ? t().offline : t().broken;
      const retry = el("button", { type: "button", onclick: () => void this.open(id, listed) }, t().retry);
      this.draw([el("p", { role: "alert" }, said), problem.status !== 404 && retry], t().job);
    }
    this.shown_(this.job_);
  }

  close(): void {
    this.pending_?.abort();
    if (this.panel_.hidden) return;
    const held = this.panel_.contains(document.activeElement);
    this.panel_.hidden = true;
    this.job_ = null;
    this.shown_(null);
    if (held && this.opener_?.isConnected) this.opener_.focus();
  }

  redraw(): void {
    if (!this.job_ || this.panel_.hidden) return;
    this.draw(this.body(this.job_), this.job_.properties.title, false);
    this.shown_(this.job_);
  }

  private draw(body: (Node | false | null)[], title: string, focus = true): void {
    const heading = el("h2", { tabindex: "-1", id: "card-title" }, title);
    const close = el("button", { type: "button", class: "close", "aria-label": t().close, onclick: this.close_ }, "×");
    this.panel_.setAttribute("aria-labelledby", "card-title");
    fill(this.panel_, el("div", { class: "card-head" }, heading, close), ...body);
    this.panel_.hidden = false;
    this.panel_.scrollTop = 0;
    if (focus) heading.focus({ preventScroll: true });
  }

  private body({ id, properties: job }: Feature<Job>): (Node | false | null)[] {
    const f = t().fields;
    const rows: [string, Node | string | false | undefined][] = [
      [f.openings, t().seats(count(job.openings))],
      [f.settlement, job.settlement && (t().settlements[job.settlement] ?? job.settlement)],
      [f.shifts, job.shifts?.replaceAll(";", "，")],
      [f.months, job.months !== undefined && t().months(job.months)],
      [f.education, job.education && (t().educations[job.education as Education] ?? job.education)],
      [f.experience, job.experience !== undefined && t().years(job.experience)],
      [f.place, job.address],
      [f.precision, t().precisions[job.precision] ?? job.precision],
      [f.journey, job.minutes !== undefined && this.journey(job)],
      [f.stations, job.stations?.length ? this.nearby(job.stations) : false],
      [f.servicePoint, job.service_point && this.nearby([job.service_point])],
      [f.published, job.published_at && day(job.published_at)],
      [f.expires, t().aside(day(job.expires_at), daysLeft(job.expires_at))],
      [f.contact, job.contact],
      [f.source, job.source === "synthetic" ? `${id} · ${t().syntheticNote}` : id],
    ];
    const facts = rows.flatMap(([name, value]) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []));
    return [
      el("p", { class: "card-employer" }, job.employer),
      el(
        "p",
        { class: "card-lead" },
        el("span", { class: "kind" }, el("span", { class: `dot ${job.category}`, "aria-hidden": "true" }), t().categories[job.category]),
        el("span", { class: "pay" }, pay(job)),
      ),
      job.description ? el("p", { class: "card-text" }, job.description) : null,
      el("dl", {}, ...facts),
      this.apply(job),
    ];
  }

  // Door to desk: the minutes, and the parts of the way where they are told.
  private journey(job: Job): HTMLElement {
    const total = t().minutes(String(Math.ceil(job.minutes ?? 0)));
    const city = this.city_();
    const place = (id: string | undefined) => {
      const station = id === undefined ? undefined : city?.stations.get(id)?.properties;
      return station ? stationName(station, language()) : "";
    };
    const said = (leg: Leg) => {
      const line = leg.line ? t().line(city?.lines.get(leg.line)?.name ?? leg.line) : "";
      return t().legs[leg.mode](String(Math.max(1, Math.round(leg.minutes))), place(leg.to), line);
    };
    const legs = (job.legs ?? []).map((leg) => el("li", {}, said(leg)));
    return el("div", {}, total, legs.length > 0 && el("ol", { class: "legs" }, ...legs));
  }

  private nearby(places: Nearby[]): HTMLElement {
    const city = this.city_();
    const items = places.map((place) => {
      const walk = typeof place.minutes !== "number" ? "" : ` · ${t().walk(String(Math.ceil(place.minutes)))}`;
      return el(
        "li",
        {},
        el("span", { class: "name" }, placeName(place, city, language())),
        lineBadges(city, place.lines),
        el("span", { class: "far" }, distance(place.distance_m) + walk),
      );
    });
    return el("ul", { class: "nearby" }, ...items);
  }

  private apply(job: Job): HTMLElement {
    if (!/^https?:\/\//i.test(job.apply_url ?? "")) return el("p", { class: "note" }, t().noApply);
    const link = el(
      "a",
      { class: "apply", href: job.apply_url, target: "_blank", rel: "noopener noreferrer" },
      t().apply,
      el("span", { class: "visually-hidden" }, t().newTab),
    );
    return el("div", { class: "card-foot" }, link);
  }
}
