// The station search: a combobox after the ARIA pattern. Typing asks /v1/stations?q=, arrows move, Enter takes, Escape
// closes. What the field shows follows the chosen station, whoever chose it.
import { type PointFeature, Problem, searchStations, type Station } from "./api";
import type { City } from "./city";
import { lineBadges } from "./badges";
import { el, fill } from "./dom";
import { t } from "./strings";

const typingPause = 120; // ms

export class StationSearch {
  private readonly input_ = el("input", {
    id: "station",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "stations",
  });
  private readonly label_ = el("label", { for: "station", class: "visually-hidden" });
  private readonly clear_ = el("button", { type: "button", class: "clear", hidden: true }, "×");
  private readonly list_ = el("ul", { id: "stations", role: "listbox", hidden: true });
  private readonly status_ = el("p", { class: "visually-hidden", role: "status" });
  private found_: PointFeature<Station>[] = [];
  private active_ = -1;
  private chosen_ = "";
  private pending_: AbortController | null = null;
  private timer_ = 0;

  constructor(
    parent: HTMLElement,
    private readonly city_: () => City | null,
    private readonly choose_: (id: string | null) => void,
  ) {
    fill(parent, this.label_, el("div", { class: "field" }, this.input_, this.clear_), this.list_, this.status_);
    this.input_.addEventListener("input", () => this.typed());
    this.input_.addEventListener("keydown", (event) => this.key(event));
    this.input_.addEventListener("focus", () => this.input_.select());
    this.input_.addEventListener("blur", () => {
      this.close();
      this.input_.value = this.chosen_;
    });
    this.clear_.addEventListener("click", () => {
      this.choose_(null);
      this.input_.focus();
    });
    // A press must not blur the field before the click lands.
    this.list_.addEventListener("mousedown", (event) => event.preventDefault());
    this.list_.addEventListener("click", ({ target }) => {
      const option = target instanceof Element ? target.closest("[role=option]") : null;
      if (option) this.take(Number(option.getAttribute("data-index")));
    });
  }

  // The name of the chosen station; empty for none.
  show(name: string): void {
    this.label_.textContent = t().search;
    this.list_.setAttribute("aria-label", t().search);
    this.input_.placeholder = t().searchPlaceholder;
    this.clear_.setAttribute("aria-label", t().clear);
    this.chosen_ = name;
    this.clear_.hidden = name === "";
    if (document.activeElement !== this.input_ || this.list_.hidden) this.input_.value = name;
  }

  private typed(): void {
    window.clearTimeout(this.timer_);
    this.pending_?.abort();
    const text = this.input_.value.trim();
    if (!text) return this.close();
    this.timer_ = window.setTimeout(() => void this.ask(text), typingPause);
  }

  private async ask(text: string): Promise<void> {
    this.pending_ = new AbortController();
    const { signal } = this.pending_;
    try {
      this.found_ = (await searchStations(text, signal)).slice(0, 8);
      this.open(text);
    } catch (error) {
      if (signal.aborted) return;
      const detail = error instanceof Problem && error.kind === "refused" ? error.detail : t().offline;
      this.found_ = [];
      this.open(text, detail);
    }
  }

  private open(text: string, trouble?: string): void {
    const options = this.found_.map(({ properties }, index) =>
      el(
        "li",
        { role: "option", id: `station-${index}`, "data-index": index, "aria-selected": "false" },
        el("span", { class: "name" }, properties.name),
        el("span", { class: "latin" }, properties.name_en || properties.pinyin || ""),
        lineBadges(this.city_(), properties.lines),
      ),
    );
    const none = options.length === 0 && el("li", { class: "none" }, trouble ?? t().noStation(text));
    fill(this.list_, ...options, none);
    this.list_.hidden = false;
    this.input_.setAttribute("aria-expanded", "true");
    this.status_.textContent = trouble ?? t().suggestions(options.length);
    this.move(options.length > 0 ? 0 : -1);
  }

  private close(): void {
    window.clearTimeout(this.timer_);
    this.pending_?.abort();
    this.found_ = [];
    this.active_ = -1;
    this.list_.hidden = true;
    this.input_.setAttribute("aria-expanded", "false");
    this.input_.removeAttribute("aria-activedescendant");
    this.status_.textContent = "";
  }

  private move(to: number): void {
    this.active_ = to;
    this.list_.querySelectorAll("[role=option]").forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === to));
      if (index === to) option.scrollIntoView({ block: "nearest" });
    });
    if (to >= 0) this.input_.setAttribute("aria-activedescendant", `station-${to}`);
    else this.input_.removeAttribute("aria-activedescendant");
  }

  private take(index: number): void {
    const station = this.found_[index];
    if (!station) return;
    this.close();
    this.choose_(station.properties.id ?? station.id);
    this.input_.value = this.chosen_;
  }

  private key(event: KeyboardEvent): void {
    const count = this.found_.length;
    if (event.isComposing) return; // an input method is still choosing characters
    if (event.key === "ArrowDown" && count > 0) this.move((this.active_ + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) this.move((this.active_ + count - 1) % count);
    else if (event.key === "Enter" && this.active_ >= 0) this.take(this.active_);
    else if (event.key === "Escape" && !this.list_.hidden) {
      this.close();
      this.input_.value = this.chosen_;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
