// How many jobs lie within so many minutes: the curve that "ten more minutes" reads off. Bars are buttons of no action
// but their words, so that a keyboard and a screen reader get the figures too.
import { el } from "../dom";
import { count } from "../format";
import { t } from "../strings";

export interface Bucket {
  minutes: number; // up to
  ads: number; // cumulative
}

export function histogram(buckets: readonly Bucket[], hint: string): HTMLElement {
  const most = Math.max(1, ...buckets.map(({ ads }) => ads));
  const bars = buckets.map(({ minutes, ads }) => {
    const fill = el("span", { class: "column" });
    fill.style.height = `${(ads / most) * 100}%`;
    const label = t().chart(count(ads), String(minutes));
    return el(
      "li",
      { title: label },
      fill,
      el("span", { class: "visually-hidden" }, label),
      minutes % 10 === 0 && el("span", { class: "tick", "aria-hidden": "true" }, String(minutes)),
    );
  });
  return el(
    "figure",
    { class: "histogram" },
    el("figcaption", {}, t().byMinutes, el("small", {}, hint)),
    el("ol", {}, ...bars),
  );
}
