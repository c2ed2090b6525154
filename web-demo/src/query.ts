// From what the page shows to the API's job query. The list and the tiles both ask with filterOf(), so the map can
// never show other jobs than the list counts.
import type { State } from "./state";

export type Query = Record<string, string>;

export function filterOf(state: State): Query {
  const query: Query = {};
  if (state.station) {
    query.station = state.station;
    query.radius = String(state.radius);
  }
  if (state.categories.length > 0) query.category = state.categories.join(",");
  if (state.circle) query.circle = "service";
  const [key, unit] = (state.sort ?? "").split("_");
  if (key === "pay" && unit) query.pay_unit = unit;
  return query;
}

export function listQuery(state: State): Query {
  const query = filterOf(state);
  const key = state.sort?.split("_")[0];
  // Without a station there is no distance: the API's own order then.
  if (key && !(key === "distance" && !state.station)) query.sort = key;
  return query;
}

// Whether two states ask for the same list.
export function sameList(a: State, b: State): boolean {
  return JSON.stringify(listQuery(a)) === JSON.stringify(listQuery(b));
}

export function sameFilter(a: State, b: State): boolean {
  return JSON.stringify(filterOf(a)) === JSON.stringify(filterOf(b));
}
