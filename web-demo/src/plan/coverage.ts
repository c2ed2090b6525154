// What the planner's side knows of the service circle, in one form: a row a district and one for all, the gaps, what a
// point gains.
import type { Measure } from "../state";
import type { Areas, CoverageAnswer, CoverageRow } from "../types";

export interface Row {
  id: string; // adcode; empty for all
  name: string;
  total: number;
  covered: number;
  share: number | null; // of total; null where there is nothing to cover
  low: number | null; // the share over the band of speeds and detours
  high: number | null;
}

export interface Gap {
  geometry: Areas;
  ads: number;
  openings: number;
  district: string;
}

export interface Coverage {
  of: Measure;
  all: Row;
  rows: Row[];
  gaps: Gap[];
  metres: number; // of a circle
  method: CoverageAnswer["method"];
}

function rowOf(properties: CoverageRow, of: Measure): Row {
  const covered = properties[of] ?? { total: 0, covered: 0, share: null, low: null, high: null };
  return { id: properties.district ?? "", name: properties.name ?? "", ...covered };
}

export function coverageOf(answer: CoverageAnswer, of: Measure): Coverage {
  const rows: Row[] = [];
  const gaps: Gap[] = [];
  for (const { geometry, properties } of answer.features) {
    if ("unlocated" in properties) rows.push(rowOf(properties, of));
    if (!("gap" in properties) || geometry?.type !== "MultiPolygon") continue;
    gaps.push({ geometry, ads: properties.ads, openings: properties.openings, district: properties.name });
  }
  return { of, all: rowOf(answer.all, of), rows, gaps, metres: answer.method.circle_m, method: answer.method };
}

export const columns = ["name", "total", "covered", "share"] as const;
export type Column = (typeof columns)[number];

// Ascending or descending by one column; what has no share comes last either way.
export function sorted(rows: readonly Row[], by: Column, descending: boolean): Row[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (by === "name") return sign * a.id.localeCompare(b.id);
    const [x, y] = [a[by], b[by]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y) || a.id.localeCompare(b.id);
  });
}

export function boxOf(geometry: Areas): [number, number, number, number] {
  const points = geometry.coordinates.flat(2);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
