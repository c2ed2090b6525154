// Coverage by district as a table that sorts by any column: the share with its low and high as a bar.
import { el, fill } from "../dom";
import { count } from "../format";
import type { Measure } from "../state";
import { t } from "../strings";
import { type Column, columns, type Coverage, type Row, sorted } from "./coverage";

export const amount = (value: number, of: Measure): string =>
  of === "area" ? t().squareKilometres((value / 1e6).toFixed(value < 1e7 ? 2 : 0)) : count(Math.round(value));

const percent = (share: number | null): string => (share === null ? "–" : `${(share * 100).toFixed(1)}%`);

function bar({ share, low, high }: Row): HTMLElement | null {
  if (share === null) return null;
  const band = el("span", { class: "band" });
  band.style.left = `${(low ?? share) * 100}%`;
  band.style.width = `${((high ?? share) - (low ?? share)) * 100}%`;
  const mark = el("span", { class: "mark" });
  mark.style.left = `${share * 100}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, band, mark);
}

export class CoverageTable {
  private by_: Column = "share";
  private descending_ = false;

  constructor(
    private readonly parent_: HTMLElement,
    private readonly chosen_: (adcode: string) => void,
  ) {}

  show(coverage: Coverage): void {
    const titles: Record<Column, string> = {
      name: t().columns.district,
      total: t().columns.total,
      covered: t().columns.covered,
      share: t().columns.share,
    };
    const heads = columns.map((column) => {
      const mark = this.by_ === column ? (this.descending_ ? " ↓" : " ↑") : "";
      const press = () => {
        this.descending_ = this.by_ === column ? !this.descending_ : false;
        this.by_ = column;
        this.show(coverage);
        this.parent_.querySelector<HTMLElement>(`[data-column="${column}"]`)?.focus();
      };
      const sort = this.by_ === column ? (this.descending_ ? "descending" : "ascending") : "none";
      return el(
        "th",
        { scope: "col", "aria-sort": sort },
        el("button", { type: "button", "data-column": column, onclick: press, title: t().sortBy(titles[column]) }, titles[column] + mark),
      );
    });
    const rows = sorted(coverage.rows, this.by_, this.descending_).map((row) => this.row(row, coverage.of));
    fill(
      this.parent_,
      el(
        "table",
        { class: "coverage" },
        el("caption", {}, t().bandHint),
        el("thead", {}, el("tr", {}, ...heads)),
        el("tbody", {}, ...rows),
        el("tfoot", {}, this.row(coverage.all, coverage.of)),
      ),
    );
  }

  private row(row: Row, of: Measure): HTMLElement {
    const head = row.name
      ? el("button", { type: "button", class: "link", onclick: () => this.chosen_(row.id) }, row.name)
      : row.id === ""
        ? t().inAll
        : t().outside;
    return el(
      "tr",
      { "data-district": row.id || "all" },
      el("th", { scope: "row" }, head),
      el("td", {}, amount(row.total, of)),
      el("td", {}, amount(row.covered, of)),
      el(
        "td",
        { class: "share" },
        percent(row.share),
        row.share !== null && el("small", {}, `${percent(row.low)}–${percent(row.high)}`),
        bar(row),
      ),
    );
  }
}
