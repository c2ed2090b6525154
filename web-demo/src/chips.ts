// The kinds of job as chips with live counts: how many ads each has under all the other conditions. They are the
// legend of the map's dots as well.
import { facets } from "./api";
import { keepFocus, toggle } from "./controls";
import { el, fill } from "./dom";
import { count } from "./format";
import { filterOf, sameFilter } from "./query";
import { categories, type Category, type State } from "./state";
import { t } from "./strings";

export class Chips {
  private ads_: Map<string, number> | null = null;
  private asked_: State | null = null;
  private pending_: AbortController | null = null;

  constructor(
    private readonly parent_: HTMLElement,
    private readonly set_: (patch: Partial<State>) => void,
  ) {}

  show(state: State): void {
    keepFocus(this.parent_, () => this.draw(state));
  }

  // Counts only decorate: where they can't be had the chips stand without, and the list tells the trouble.
  async load(state: State): Promise<void> {
    if (this.asked_ && sameFilter(this.asked_, state)) return;
    this.pending_?.abort();
    const { signal } = (this.pending_ = new AbortController());
    this.parent_.setAttribute("aria-busy", "true");
    try {
      const { category } = await facets(["category"], filterOf(state), signal);
      this.ads_ = new Map(category?.values.map(({ id, ads }) => [id, ads]));
      this.asked_ = state;
    } catch {
      if (signal.aborted) return;
      this.ads_ = this.asked_ = null;
    }
    this.parent_.removeAttribute("aria-busy");
    this.show(state);
  }

  // After new data.
  forget(): void {
    this.asked_ = null;
  }

  private draw(state: State): void {
    const press = (category: Category) => {
      const chosen = state.categories.includes(category)
        ? state.categories.filter((other) => other !== category)
        : categories.filter((other) => other === category || state.categories.includes(other));
      this.set_({ categories: chosen.length === categories.length ? [] : chosen });
    };
    const total = this.ads_ && categories.reduce((sum, category) => sum + (this.ads_?.get(category) ?? 0), 0);
    const chip = (name: string, label: string, ads: number | null, pressed: boolean, act: () => void) =>
      toggle(
        `category-${name}`,
        pressed,
        act,
        { class: "chip", "data-category": name },
        name !== "all" && el("span", { class: `dot ${name}`, "aria-hidden": "true" }),
        label,
        ads !== null && el("span", { class: "count" }, count(ads)),
        ads !== null && el("span", { class: "visually-hidden" }, t().adsUnit),
      );
    this.parent_.setAttribute("role", "group");
    this.parent_.setAttribute("aria-label", t().category);
    fill(
      this.parent_,
      chip("all", t().all, total, state.categories.length === 0, () => this.set_({ categories: [] })),
      ...categories.map((category) =>
        chip(
          category,
          t().categories[category],
          this.ads_ ? (this.ads_.get(category) ?? 0) : null,
          state.categories.includes(category),
          () => press(category),
        ),
      ),
    );
  }
}
