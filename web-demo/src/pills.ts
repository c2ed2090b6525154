// The conditions of the search as a row of pills, each taken away by a press: what is asked is always in sight, though
// the panels that set it are closed.
import type { City } from "./city";
import { button } from "./controls";
import { el, fill } from "./dom";
import { distance } from "./format";
import { money } from "./local";
import { cleared, type State } from "./state";
import { t } from "./strings";
import { districtName, linesTitle, stationsTitle } from "./titles";
import { nowhere } from "./where";

type Pill = [key: string, label: string, without: Partial<State>];

function pillsOf(state: State, city: City | null): Pill[] {
  const pills: Pill[] = [];
  const within = t().within(distance(state.radius));
  if (state.q) pills.push(["q", `“${state.q}”`, { q: null }]);
  if (state.stations.length > 0) pills.push(["station", `${stationsTitle(state, city)} ${within}`, nowhere]);
  if (state.lines.length > 0) pills.push(["line", `${linesTitle(state, city)} ${within}`, nowhere]);
  if (state.from.length > 0)
    pills.push(["from", `${t().modes[state.mode]} ${t().minutes(String(state.minutes))}`, nowhere]);
  if (state.circle) pills.push(["circle", t().circle, { circle: false }]);
  for (const adcode of state.districts)
    pills.push([
      `district-${adcode}`,
      districtName(adcode, city),
      { districts: state.districts.filter((other) => other !== adcode) },
    ]);
  if (state.payUnit) {
    const unit = t().units[state.payUnit];
    const paid = (amount: string) => t().payPer(amount, unit, money());
    const label = state.payMin === null ? paid("").trim() : t().atLeast(paid(String(state.payMin)));
    pills.push(["pay", label, { payUnit: null, payMin: null }]);
  }
  if (state.education) pills.push(["education", t().educations[state.education], { education: null }]);
  if (state.shift) pills.push(["shift", state.shift, { shift: null }]);
  if (state.area) pills.push(["area", t().area, { area: null }]);
  if (state.cell) pills.push(["cell", t().cluster, { cell: null }]);
  return pills;
}

export const conditionsOf = (state: State, city: City | null): number => pillsOf(state, city).length;

export function showPills(parent: HTMLElement, state: State, city: City | null, set: (patch: Partial<State>) => void): void {
  const pills = pillsOf(state, city);
  parent.hidden = pills.length === 0;
  parent.setAttribute("aria-label", t().conditions);
  fill(
    parent,
    ...pills.map(([key, label, without]) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: "pill", "data-pill": key, "aria-label": t().drop(label), onclick: () => set(without) },
          label,
          el("span", { "aria-hidden": "true" }, " ×"),
        ),
      ),
    ),
    pills.length > 1 && el("li", {}, button("reset", t().reset, () => set(cleared), { class: "link" })),
  );
}
