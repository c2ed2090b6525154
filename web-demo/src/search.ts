// The one search box: a combobox after the ARIA pattern over jobs, employers, stations and districts. Typing asks
// /v1/suggest, arrows move, Enter takes, Escape closes. Its first option searches the jobs for what was typed.
import { Problem, suggest, type Suggestion } from "./api";
import type { City } from "./city";
import { el, fill } from "./dom";
import { exampleOf } from "./example";
import { count } from "./format";
import { lineBadges } from "./metro";
import type { Language } from "./state";
import { t } from "./strings";

const typingPause = 120; // ms

export interface SearchEvents {
  search(q: string | null): void;
  station(id: string): void;
  district(adcode: string): void;
}

export class SearchBox {
  private readonly input_ = el("input", {
    id: "q",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    maxlength: 60,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
  });
  private readonly label_ = el("label", { for: "q", class: "visually-hidden" });
  private readonly clear_ = el("button", { type: "button", class: "clear", hidden: true }, "×");
  private readonly list_ = el("ul", { id: "suggestions", role: "listbox", hidden: true });
  private readonly status_ = el("p", { class: "visually-hidden", role: "status" });
  private found_: Suggestion[] = [];
  private active_ = -1;
  private chosen_ = "";
  private pending_: AbortController | null = null;
  private timer_ = 0;

  constructor(
    parent: HTMLElement,
    private readonly city_: () => City | null,
    private readonly events_: SearchEvents,
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
      this.events_.search(null);
      this.input_.focus();
    });
    // A press must not blur the field before the click lands.
    this.list_.addEventListener("mousedown", (event) => event.preventDefault());
    this.list_.addEventListener("click", ({ target }) => {
      const option = target instanceof Element ? target.closest("[role=option]") : null;
      if (option) this.take(Number(option.getAttribute("data-index")));
    });
  }

  // What is searched for; empty for nothing.
  show(q: string, language: Language): void {
    this.label_.textContent = t().search;
    this.input_.placeholder = t().searchPlaceholder(exampleOf(this.city_(), language));
    this.clear_.setAttribute("aria-label", t().clear);
    this.list_.setAttribute("aria-label", t().search);
    this.clear_.hidden = q === "";
    this.chosen_ = q;
    if (document.activeElement !== this.input_ || this.list_.hidden) this.input_.value = q;
  }

  private typed(): void {
    window.clearTimeout(this.timer_);
    const text = this.input_.value.trim();
    if (text === "") return this.close();
    this.timer_ = window.setTimeout(() => void this.ask(text), typingPause);
  }

  private async ask(text: string): Promise<void> {
    this.pending_?.abort();
    const { signal } = (this.pending_ = new AbortController());
    try {
      this.found_ = await suggest(text, signal);
      this.open(text);
    } catch (error) {
      if (signal.aborted) return;
      // A text too short to suggest for can still be searched; of the rest the reason is told.
      const refused = error instanceof Problem && error.kind === "refused";
      this.found_ = [];
      this.open(text, refused ? undefined : t().offline);
    }
  }

  private open(text: string, trouble?: string): void {
    const option = (index: number, ...body: (Node | string | null)[]) =>
      el("li", { role: "option", id: `suggestion-${index}`, "data-index": index, "aria-selected": "false" }, ...body);
    const options = this.found_.map((found, i) => {
      const station = found.kind === "station" ? this.city_()?.stations.get(found.id ?? "")?.properties : undefined;
      return option(
        i + 1,
        el("span", { class: `what ${found.kind}` }, t().kinds[found.kind] ?? found.kind),
        el("span", { class: "name" }, found.text),
        el("span", { class: "latin" }, station?.name_en ?? ""),
        station ? lineBadges(this.city_(), station.lines) : el("span", { class: "far" }, t().adsOf(count(found.ads))),
      );
    });
    const all = option(0, el("span", { class: "name" }, t().searchFor(text)));
    fill(this.list_, all, ...options, trouble !== undefined && el("li", { class: "none" }, trouble));
    this.list_.hidden = false;
    this.input_.setAttribute("aria-expanded", "true");
    this.status_.textContent = trouble ?? t().suggestions(options.length);
    this.move(this.best(text));
  }

  // A place that is called just that, or begins so, is what was meant; else the jobs.
  private best(text: string): number {
    const first = this.found_[0];
    const place = first && (first.kind === "station" || first.kind === "district");
    return place && (first.text.startsWith(text) || /^[a-z ]+$/i.test(text)) ? 1 : 0;
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
    if (to >= 0) this.input_.setAttribute("aria-activedescendant", `suggestion-${to}`);
    else this.input_.removeAttribute("aria-activedescendant");
  }

  private take(index: number): void {
    const found = this.found_[index - 1];
    const typed = this.input_.value.trim();
    this.close();
    if (found?.kind === "station" && found.id) {
      this.input_.value = this.chosen_;
      this.events_.station(found.id);
    } else if (found?.kind === "district" && found.id) {
      this.input_.value = this.chosen_;
      this.events_.district(found.id);
    } else {
      this.events_.search(found?.text ?? (typed || null));
    }
  }

  private key(event: KeyboardEvent): void {
    const count = this.list_.hidden ? 0 : this.found_.length + 1;
    if (event.isComposing) return; // an input method is still choosing characters
    if (event.key === "ArrowDown" && count > 0) this.move((this.active_ + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) this.move((this.active_ + count - 1) % count);
    else if (event.key === "Enter") this.take(Math.max(0, this.active_));
    else if (event.key === "Escape" && !this.list_.hidden) {
      this.close();
      this.input_.value = this.chosen_;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
