// The further conditions: service circle, districts, pay, education, the shift of a gig, and the order of the list.
import type { City } from "./city";
import { choice, keepFocus, switch_, toggle } from "./controls";
import { el, fill } from "./dom";
import { money } from "./local";
import { educations, payUnits, type State } from "./state";
import { t } from "./strings";

type Set = (patch: Partial<State>) => void;

function pay(state: State, set: Set): HTMLElement[] {
  const unit = choice(
    "pay-unit",
    t().payUnit,
    state.payUnit ?? "",
    [["", t().anyPay], ...payUnits.map((name): [string, string] => [name, t().units[name]])],
    (value) => set({ payUnit: payUnits.find((name) => name === value) ?? null, payMin: value ? state.payMin : null }),
  );
  const input = el("input", {
    id: "pay-min",
    "data-key": "pay-min",
    type: "number",
    min: 0,
    max: 10_000_000,
    step: "any",
    inputmode: "decimal",
    value: state.payMin,
    disabled: state.payUnit === null,
    onchange: () => {
      const yuan = input.value === "" ? null : Number(input.value);
      if (yuan === null || (yuan >= 0 && yuan <= 10_000_000)) set({ payMin: yuan });
    },
  });
  return [unit, el("div", { class: "choice" }, el("label", { for: "pay-min" }, t().payMin(money())), input)];
}

function districts(state: State, set: Set, city: City | null): HTMLElement | false {
  if (!city || city.districts.length === 0) return false;
  const buttons = city.districts.map(({ properties: { adcode, name } }) => {
    const chosen = state.districts.includes(adcode);
    const next = chosen ? state.districts.filter((other) => other !== adcode) : [...state.districts, adcode].sort();
    return toggle(`district-${adcode}`, chosen, () => set({ districts: next }), { class: "chip small" }, name);
  });
  const label = el("span", { class: "label", id: "district-label" }, t().district);
  return el(
    "div",
    { class: "group" },
    label,
    el("div", { class: "wrap", role: "group", "aria-labelledby": "district-label" }, ...buttons),
  );
}

export function showFilters(parent: HTMLElement, state: State, set: Set, city: City | null): void {
  const education = choice(
    "education",
    t().education,
    state.education ?? "",
    [["", t().anyEducation], ...educations.map((name): [string, string] => [name, t().educations[name]])],
    (value) => set({ education: educations.find((name) => name === value) ?? null }),
  );
  const shifts: [string, string][] = Object.entries(t().shifts).map(([window, name]) => [window, `${name} ${window}`]);
  if (state.shift && !(state.shift in t().shifts)) shifts.push([state.shift, state.shift]);
  const shift = choice("shift", t().shift, state.shift ?? "", [["", t().anyShift], ...shifts], (value) =>
    set({ shift: value || null }),
  );
  keepFocus(parent, () =>
    fill(
      parent,
      switch_("circle", t().circle, t().circleHint, state.circle, (circle) => set({ circle })),
      el("div", { class: "grid" }, ...pay(state, set), education, shift),
      districts(state, set, city),
    ),
  );
}
