// The client of the API: every request of the page is made here. Paths, parameters, bodies and answers are typed by the
// server's own definition (generated/openapi.ts, made from it by types.mjs); a refusal (application/problem+json) or a
// dead connection becomes a Problem that says what to do.
//
//   const page = await listJobs({ station: "longxiangqiao", radius: "800" }, signal);
//   const more = page.next && (await nextJobs(page.next, signal));
import { useLocal } from "./local";
import type { Box } from "./state";
import type { components, paths } from "../generated/openapi";
import type { Areas, District, Facets, Feature, Job, JobPage, Line, Plan, PointFeature, Site, SitingQuestion, Station } from "./types";

type Gets = { [P in keyof paths]: paths[P]["get"] extends object ? P : never }[keyof paths];
type Posts = { [P in keyof paths]: paths[P]["post"] extends object ? P : never }[keyof paths];
type Operation<P extends keyof paths, M extends "get" | "post"> = NonNullable<paths[P][M]>;
type Json<R> = R extends { 200: { content: infer C } }
  ? C extends { "application/geo+json": infer Answer }
    ? Answer
    : C extends { "application/json": infer Answer }
      ? Answer
      : never
  : never;
type Answer<P extends keyof paths, M extends "get" | "post" = "get"> =
  Operation<P, M> extends { responses: infer R } ? Json<R> : never;
type Body<P extends Posts> =
  Operation<P, "post"> extends { requestBody: { content: { "application/json": infer B } } } ? B : never;

// The parameters that a path reads, as they are written in a URL.
export type Asked<P extends Gets> =
  Operation<P, "get"> extends { parameters: { query?: infer Q } } ? { [K in keyof NonNullable<Q>]?: string } : never;
// What list, counts and tiles all read.
export type JobQuery = Asked<"/tiles/jobs.json">;

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
let crs: { crs?: string } = {};
export function speakIn(datum: string): void {
  crs = datum === "wgs84" ? {} : { crs: datum };
}
export const datum = () => crs.crs ?? "wgs84";
// Whether coordinates are shifted from WGS84, in which coverage answers.
export const isShifted = () => "crs" in crs;

// `{id}` of a path is filled from `parts`.
function url<P extends Gets | Posts>(path: P, query: P extends Gets ? Asked<P> : object, parts: Record<string, string> = {}): string {
  const filled = path.slice(1).replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ""));
  const result = new URL(filled, base());
  result.search = new URLSearchParams(query as Record<string, string>).toString();
  return result.href;
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => "");
  try {
    const body = JSON.parse(text) as components["schemas"]["Problem"];
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
const getFrom = <T>(address: string, signal?: AbortSignal) => ask<T>(address, { signal, headers: accept });
const get = <P extends Gets>(path: P, query: Asked<P>, signal?: AbortSignal, parts?: Record<string, string>) =>
  getFrom<Answer<P>>(url<Gets>(path, query, parts), signal);
const post = <P extends Posts>(path: P, body: Body<P>, signal?: AbortSignal) =>
  ask<Answer<P, "post">>(url<Posts>(path, {}), {
    method: "POST",
    signal,
    headers: { ...accept, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

// The server may be known by several names, so of an address in its answers only the query counts: the page goes on
// asking where it has asked.
function asked(address: string, answered: string): URL {
  const here = new URL(address);
  here.search = new URL(answered, address).search;
  return here;
}

async function jobsAt(address: string, signal?: AbortSignal): Promise<JobPage> {
  const body = await getFrom<Answer<"/v1/jobs">>(address, signal);
  useLocal(body);
  const next = body.links.find((link) => link.rel === "next");
  return { ...body, features: body.features as Feature<Job>[], next: next ? asked(address, next.href).href : null };
}

export const pageSize = 30;

export const listJobs = (query: Asked<"/v1/jobs">, signal?: AbortSignal) =>
  jobsAt(url("/v1/jobs", { ...query, ...crs, limit: String(pageSize) }), signal);
export const nextJobs = jobsAt;
export const getJob = async (id: string, signal?: AbortSignal) =>
  (await get("/v1/jobs/{id}", crs, signal, { id })) as Feature<Job>;

export const suggest = async (q: string, signal?: AbortSignal) =>
  (await get("/v1/suggest", { q, limit: "8" }, signal)).suggestions;
export type Suggestion = Answer<"/v1/suggest">["suggestions"][number];

// Each facet under the filter of all the others, so that a chip tells what choosing it as well would add.
export const facets = async (by: string[], query: JobQuery, signal?: AbortSignal): Promise<Facets> =>
  (await get("/v1/facets", { ...query, ...crs, by: by.join(","), multi: "true" }, signal)).facets;

export const isochrone = async (query: Asked<"/v1/isochrone">, signal?: AbortSignal) =>
  (await get("/v1/isochrone", { ...query, ...crs }, signal)).features;

// Of the city the page takes what has a place.
type Placed<P, G> = Feature<P, NonNullable<G>>;
const placed = <P, G>(features: Feature<P, G>[]) => features.filter((one): one is Placed<P, G> => one.geometry !== null);
export const allStations = async (): Promise<PointFeature<Station>[]> => placed((await get("/v1/stations", crs)).features);
export const allLines = async (): Promise<Line[]> => (await get("/v1/lines", crs)).features.map((line) => line.properties);
export const allDistricts = async (): Promise<Feature<District, Areas>[]> =>
  placed((await get("/v1/districts", crs)).features);
export const allServicePoints = async (): Promise<PointFeature<Site>[]> =>
  placed((await get("/v1/service-points", crs)).features);

export const coverage = (query: Asked<"/v1/coverage">, signal?: AbortSignal) =>
  get("/v1/coverage", { ...query, f: "geojson" }, signal);
// CSV holds the shares alone.
export const coverageFile = ({ gaps, ...shares }: Asked<"/v1/coverage">, format: "csv" | "geojson") =>
  url("/v1/coverage", format === "csv" ? { ...shares, f: format } : { ...shares, gaps, f: format });
export const whatIf = (plan: Plan, signal?: AbortSignal) => post("/v1/coverage", { ...plan, ...crs }, signal);
export const siting = (question: SitingQuestion, signal?: AbortSignal) => post("/v1/siting", { ...question, ...crs }, signal);

export const getBasemap = () => get("/basemap.json", {});

export type Layer = "jobs" | "stations" | "lines" | "districts" | "water" | "service_points" | "venture_sites";

// Where the jobs lie: west, south, east, north.
export async function extentOfJobs(): Promise<Box> {
  const { bounds } = await getFrom<Answer<"/tiles/{layer}.json">>(url("/tiles/{layer}.json", { ...crs }, { layer: "jobs" }));
  const [west = -180, south = -60, east = 180, north = 75] = bounds ?? [];
  return [west, south, east, north];
}

// Where a layer's tiles are: an absolute URL with {z}, {x} and {y}. It names the generation, so a tile may be kept as
// long as the data stands. Of the layers, jobs alone takes a query.
export async function tileTemplate(layer: Layer, query: JobQuery = {}): Promise<string> {
  const address = url("/tiles/{layer}.json", { ...query, ...crs }, { layer });
  const { tiles } = await getFrom<Answer<"/tiles/{layer}.json">>(address);
  if (!tiles[0]) throw new Problem("broken", `tiles/${layer}.json`);
  const { origin, pathname, search } = asked(address, tiles[0]);
  return origin + pathname.replace(/\.json$/, "/{z}/{x}/{y}.mvt") + search;
}
