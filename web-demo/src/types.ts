// The shapes of the API's answers, as far as the page uses them.
import type { Category, Measure } from "./state";

export type Position = [number, number];

export interface Nearby {
  id: string;
  name: string;
  lines?: string[];
  distance_m: number;
  minutes?: number;
}

// One part of a way: on foot, waiting, riding a line, changing.
export interface Leg {
  mode: string;
  minutes: number;
  line?: string;
  from?: string;
  to?: string;
}

export interface Job {
  source: string;
  title: string;
  description?: string;
  category: Category;
  openings: number;
  employer: string;
  pay_min?: number;
  pay_max?: number;
  pay_unit?: string;
  settlement?: string;
  shifts?: string;
  months?: number;
  stipend?: number;
  education?: string;
  experience?: number;
  address?: string;
  district?: string;
  precision: string;
  apply_url?: string;
  contact?: string;
  published_at?: string;
  expires_at: string;
  distance_m?: number;
  minutes?: number;
  legs?: Leg[];
  stations?: Nearby[];
  service_point?: Nearby;
}

export interface Station {
  id: string;
  name: string;
  name_en?: string;
  pinyin?: string;
  lines: string[];
}

export interface Line {
  id: string;
  name: string;
  color: string;
  branches: string[][]; // station ids in order
}

export interface District {
  adcode: string;
  name: string;
}

export interface Site {
  id: string;
  name: string;
  kind: string;
  address?: string;
  hours?: string;
  source?: string;
}

export interface Feature<P, G = { type: "Point"; coordinates: Position } | null> {
  type: "Feature";
  id: string;
  geometry: G;
  properties: P;
}

export type PointFeature<P> = Feature<P, { type: "Point"; coordinates: Position }>;
export type Areas =
  | { type: "Polygon"; coordinates: number[][][] }
  | { type: "MultiPolygon"; coordinates: number[][][][] };

export interface Method {
  name: string;
  speed_kmh: number;
  detour: number;
  circle_minutes?: number;
  circle_m?: number;
}

export interface JobPage {
  features: Feature<Job>[];
  numberMatched: number;
  openings: number;
  located: number;
  unlocated: number;
  generation: string;
  method?: Method;
  next: string | null; // absolute URL of the next page
}

export interface Sums {
  ads: number;
  openings: number;
}
export interface Facet extends Sums {
  values: ({ id: string; name?: string } & Sums)[];
  missing: Sums;
}
export type Facets = Partial<Record<string, Facet>>;

export interface Suggestion {
  kind: "title" | "employer" | "station" | "district";
  text: string;
  id?: string;
  ads: number;
}

// The planner's answers.
export interface Covered {
  total: number;
  covered: number;
  share: number | null; // null of nothing
  low: number | null;
  high: number | null;
}
export type CoverageRow = { district?: string; name?: string } & Partial<Record<Measure, Covered>>;
export type GapProperties = { gap: number; district: string; name: string; area: number; ads: number; openings: number };
export interface CoverageAnswer {
  generation: string;
  method: { speed_kmh: number; detour: number; circle_m: number; [more: string]: unknown };
  all: CoverageRow;
  features: Feature<CoverageRow | GapProperties, Areas | null>[];
}

type Amounts = Partial<Record<Measure, number>>;
export interface Circle {
  circle_minutes: number;
  speed_kmh: number;
  detour: number;
}
export interface Plan extends Circle {
  add: Position[];
  remove: string[];
  of: Measure[];
}
export interface WhatIfAnswer {
  before: Amounts;
  after: Amounts;
  add: { gain: Amounts }[];
  remove: { id: string; gain: Amounts }[];
}
export interface SitingAnswer {
  features: PointFeature<{ rank: number; gain: number }>[];
  gain: number;
  solution: { exact: boolean; upper_bound: number };
}
