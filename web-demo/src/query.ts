// From what the page shows to the API's job query. The list, the chips' counts and the tiles all ask with filterOf(),
// so the map can never show other jobs than the list counts.
import type { Asked, JobQuery } from "./api";
import { hasAnchor, type Sort, type State } from "./state";

function anchorOf(state: State): JobQuery {
  if (state.stations.length > 0) return { station: state.stations.join(","), radius: String(state.radius) };
  if (state.lines.length > 0) return { line: state.lines.join(","), radius: String(state.radius) };
  if (state.from.length > 0)
    return {
      reach: state.from.map((place) => place.join(",")).join(";"),
      minutes: String(state.minutes),
      mode: state.mode,
    };
  return {};
}

export function filterOf(state: State): JobQuery {
  const query = anchorOf(state);
  if (state.q) query.q = state.q;
  if (state.categories.length > 0) query.category = state.categories.join(",");
  if (state.circle) query.circle = "service";
  if (state.districts.length > 0) query.district = state.districts.join(",");
  if (state.payUnit) query.pay_unit = state.payUnit;
  if (state.payUnit && state.payMin !== null) query.pay_min = String(state.payMin);
  if (state.education) query.education = state.education;
  if (state.shift) query.shift = state.shift;
  if (state.area) query.bbox = state.area.join(",");
  if (state.cell) query.cell = state.cell;
  return query;
}

// The orders that the query allows, the API's own choice first.
export function ordersOf(state: State): Sort[] {
  const orders: Sort[] = ["newest"];
  if (hasAnchor(state)) orders.unshift(state.from.length > 0 ? "minutes" : "distance");
  if (state.q) orders.unshift("relevance");
  if (state.payUnit) orders.push("pay");
  return orders;
}

export function listQuery(state: State): Asked<"/v1/jobs"> {
  const query: Asked<"/v1/jobs"> = filterOf(state);
  if (state.sort && ordersOf(state).includes(state.sort)) query.sort = state.sort;
  return query;
}

// Whether two states ask for the same list.
export function sameList(a: State, b: State): boolean {
  return JSON.stringify(listQuery(a)) === JSON.stringify(listQuery(b));
}

export function sameFilter(a: State, b: State): boolean {
  return JSON.stringify(filterOf(a)) === JSON.stringify(filterOf(b));
}
