// What to look for: kinds of job, how far from the station, inside the service circle or not, in which order. The
// chips are the legend of the map's dots as well.
import { el, fill } from "./dom";
import { categories, type Category, radii, sorts, type Sort, type State } from "./state";
import { t } from "./strings";
import { distance } from "./words";

type Set = (patch: Partial<State>) => void;

function chip(label: string, pressed: boolean, press: () => void, category?: Category): HTMLElement {
  const dot = category && el("span", { class: `dot ${category}`, "aria-hidden": "true" });
  const name = category ?? "all";
  return el(
    "button",
    { type: "button", class: "chip", "data-category": name, "aria-pressed": String(pressed), onclick: press },
    dot,
    label,
  );
}

function chips(state: State, set: Set): HTMLElement {
  const toggle = (category: Category) => {
    const chosen = state.categories.includes(category)
      ? state.categories.filter((other) => other !== category)
      : categories.filter((other) => other === category || state.categories.includes(other));
    set({ categories: chosen.length === categories.length ? [] : chosen });
  };
  return el(
    "div",
    { class: "chips", role: "group", "aria-label": t().category },
    chip(t().all, state.categories.length === 0, () => set({ categories: [] })),
    ...categories.map((category) =>
      chip(t().categories[category], state.categories.includes(category), () => toggle(category), category),
    ),
  );
}

function choice(id: string, label: string, value: string, options: [string, string][], pick: (value: string) => void) {
  const select = el(
    "select",
    { id, onchange: () => pick(select.value) },
    ...options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
  );
  return el("div", { class: "choice" }, el("label", { for: id }, label), select);
}

export function showFilters(parent: HTMLElement, state: State, set: Set): void {
  const focused = document.activeElement;
  const key = focused && parent.contains(focused) ? focused.id || focused.getAttribute("data-category") : null;

  const metres = [...new Set([...radii, state.radius])].sort((a, b) => a - b);
  const radius = choice(
    "radius",
    t().radius,
    String(state.radius),
    metres.map((m) => [String(m), t().within(distance(m))]),
    (value) => set({ radius: Number(value) }),
  );
  const select = radius.querySelector("select");
  if (select && !state.station) {
    select.disabled = true;
    select.title = t().radiusOff;
  }
  const orders = sorts.filter((sort) => sort !== "distance" || state.station);
  const automatic: Sort = state.station ? "distance" : "newest";
  const sort = choice(
    "sort",
    t().sort,
    state.sort && orders.includes(state.sort) ? state.sort : automatic,
    orders.map((order) => [order, t().sorts[order]]),
    (value) => set({ sort: value === automatic ? null : (value as Sort) }),
  );
  const circle = el("input", {
    id: "circle",
    type: "checkbox",
    role: "switch",
    checked: state.circle,
    onchange: () => set({ circle: circle.checked }),
  });
  const switch_ = el("label", { class: "switch", title: t().circleHint }, circle, el("span", {}, t().circle));
  fill(parent, chips(state, set), el("div", { class: "row" }, radius, sort, switch_));

  // Drawn anew, the control that was in use keeps the keyboard.
  if (key) parent.querySelector<HTMLElement>(`[id="${key}"], [data-category="${key}"]`)?.focus();
}
