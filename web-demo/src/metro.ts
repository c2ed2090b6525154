// Metro lines as small plates, edged in their own colours: some of those bear neither black nor white text well.
import type { City } from "./city";
import { el } from "./dom";
import { t } from "./strings";

export function lineBadges(city: City | null, ids: readonly string[] = []): HTMLElement | null {
  const known = ids.flatMap((id) => city?.lines.get(id) ?? []);
  if (known.length === 0) return null;
  return el("span", { class: "lines" }, ...known.map((line) => plate(line.color, line.name)));
}

export function plate(color: string | undefined, name: string): HTMLElement {
  const badge = el("span", { class: "line", title: t().line(name) }, t().plate(name));
  if (color) badge.style.borderColor = color;
  return badge;
}
