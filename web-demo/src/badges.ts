// Metro lines as small plates, edged in their own colours: some of those bear neither black nor white text well.
import type { City } from "./city";
import { el } from "./dom";
import { t } from "./strings";

export function lineBadges(city: City | null, ids: string[] = []): HTMLElement | null {
  const known = ids.flatMap((id) => city?.lines.get(id) ?? []);
  if (known.length === 0) return null;
  const plates = known.map((line) => {
    const plate = el("span", { class: "line", title: t().line(line.name) }, line.name.replace(/线$/, ""));
    plate.style.borderColor = line.color;
    return plate;
  });
  return el("span", { class: "lines" }, ...plates);
}
