// The client of the API: every request of the page is made here. Answers are GeoJSON or JSON as docs/api.md describes
// them; a refusal (application/problem+json) or a dead connection becomes a Problem that says what to do.
//
//   const page = await listJobs({ station: "longxiangqiao", radius: "800" }, signal);
//   const more = page.next && (await nextJobs(page.next, signal));
import type { Query } from "./query";
import type { Measure } from "./state";
import type {
  Areas,
  Circle,
  CoverageAnswer,
  District,
  Facets,
  Feature,
  Job,
  JobPage,
  Line,
  Plan,
  PointFeature,
  Site,
  SitingAnswer,
  Station,
  Suggestion,
  WhatIfAnswer,
} from "./types";

export class Problem extends Error {
  constructor(
    readonly kind: "offline" | "refused" | "broken",
    readonly detail: string,
    readonly status = 0,
  ) {
    super(detail);
  }
}

// Relative to the page, so that it may be served under a prefix.
const base = () => new URL(".", location.href.replace(/[?#].*$/, ""));

// The datum of every coordinate asked for and answered: that of the basemap, WGS84 without one.
let crs: Query = {};
export function speakIn(datum: string): void {
  crs = datum === "wgs84" ? {} : { crs: datum };
}
// Whether coordinates are shifted from WGS84, in which coverage answers.
export const isShifted = () => "crs" in crs;

function url(path: string, query: Query = {}): string {
  const result = new URL(path, base());
  result.search = new URLSearchParams(query).toString();
  return result.href;
}
const placed = (path: string, query: Query = {}) => url(path, { ...query, ...crs });

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => "");
  try {
    const body = JSON.parse(text) as Record<"title" | "detail" | "parameter" | "value" | "allowed", string | undefined>;
    const reason = body.detail || body.title || response.statusText;
    const where = body.parameter ? `${body.parameter}=${body.value ?? ""}: ` : "";
    const allowed = body.allowed ? ` (${body.allowed})` : "";
    return new Problem(response.status < 500 ? "refused" : "broken", where + reason + allowed, response.status);
  } catch {
    return new Problem("broken", `HTTP ${response.status} ${response.statusText}`.trim(), response.status);
  }
}

async function ask<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem("offline", "");
  }
  if (!response.ok) throw await problemOf(response);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem("broken", "");
  }
}

const accept = { Accept: "application/geo+json, application/json" };
const getJson = <T>(address: string, signal?: AbortSignal) => ask<T>(address, { signal, headers: accept });
const postJson = <T>(address: string, body: unknown, signal?: AbortSignal) =>
  ask<T>(address, {
    method: "POST",
    signal,
    headers: { ...accept, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

interface Collection<F> {
  features: F[];
  links?: { rel: string; href: string }[];
}

async function jobsAt(address: string, signal?: AbortSignal): Promise<JobPage> {
  const body = await getJson<Omit<JobPage, "next"> & Collection<Feature<Job>>>(address, signal);
  const next = body.links?.find((link) => link.rel === "next");
  return { ...body, next: next ? new URL(next.href, address).href : null };
}

export const pageSize = 30;

export const listJobs = (query: Query, signal?: AbortSignal) =>
  jobsAt(placed("v1/jobs", { ...query, limit: String(pageSize) }), signal);
export const nextJobs = jobsAt;
export const getJob = (id: string, signal?: AbortSignal) =>
  getJson<Feature<Job>>(placed(`v1/jobs/${encodeURIComponent(id)}`), signal);

export const suggest = async (text: string, signal?: AbortSignal) =>
  (await getJson<{ suggestions: Suggestion[] }>(url("v1/suggest", { q: text, limit: "8" }), signal)).suggestions;

// Each facet under the filter of all the others, so that a chip tells what choosing it as well would add.
export const facets = async (by: string[], query: Query, signal?: AbortSignal) =>
  (await getJson<{ facets: Facets }>(placed("v1/facets", { ...query, by: by.join(","), multi: "true" }), signal)).facets;

export const isochrone = async (query: Query, signal?: AbortSignal) =>
  (await getJson<Collection<Feature<{ minutes: number }, Areas>>>(placed("v1/isochrone", query), signal)).features;

export const allStations = async () =>
  (await getJson<Collection<PointFeature<Station>>>(placed("v1/stations"))).features;
export const allLines = async () => (await getJson<Collection<Feature<Line, unknown>>>(placed("v1/lines"))).features;
export const allDistricts = async () =>
  (await getJson<Collection<Feature<District, Areas>>>(placed("v1/districts"))).features;
export const allServicePoints = async () =>
  (await getJson<Collection<PointFeature<Site>>>(placed("v1/service-points"))).features;

export const coverage = (query: Query, signal?: AbortSignal) =>
  getJson<CoverageAnswer>(url("v1/coverage", { ...query, f: "geojson" }), signal);
export const coverageFile = (query: Query, format: "csv" | "geojson") => url("v1/coverage", { ...query, f: format });
export const whatIf = (plan: Plan, signal?: AbortSignal) =>
  postJson<WhatIfAnswer>(url("v1/coverage"), { ...plan, ...crs }, signal);
export const siting = (plan: { sites: number; of: Measure } & Circle, signal?: AbortSignal) =>
  postJson<SitingAnswer>(url("v1/siting"), { ...plan, ...crs }, signal);

export const getBasemap = () => getJson<{ url?: string; datum?: string }>(url("basemap.json"));

export type Layer = "jobs" | "stations" | "lines" | "districts" | "service_points" | "venture_sites";

// Where a layer's tiles are: an absolute URL with {z}, {x} and {y}. It names the generation, so a tile may be kept as
// long as the data stands. Of the layers, jobs alone takes a query.
export async function tileTemplate(layer: Layer, query: Query = {}): Promise<string> {
  const address = placed(`tiles/${layer}.json`, query);
  const { tiles } = await getJson<{ tiles: string[] }>(address);
  if (!tiles[0]) throw new Problem("broken", `tiles/${layer}.json`);
  return new URL(tiles[0], address).href.replace(/%7B(z|x|y)%7D/gi, "{$1}");
}
