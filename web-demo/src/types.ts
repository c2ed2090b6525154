// The shapes of the API's answers under the names the page calls them by. They are the server's own: generated from
// the definition that /openapi.json serves (types.mjs), so what an answer doesn't hold can't be read from it.
import type { components } from "../generated/openapi";

type Schemas = components["schemas"];

export type Position = Schemas["Position"];
export type Areas = Schemas["MultiPolygon"];

export interface Feature<P, G = Schemas["Point"] | null> {
  type: "Feature";
  id: string;
  geometry: G;
  properties: P;
}
export type PointFeature<P> = Feature<P, Schemas["Point"]>;

// The definition has no property required, since `fields` may leave any out; the page never asks with `fields`.
type Always = "source" | "title" | "category" | "openings" | "employer" | "precision" | "expires_at";
export type Job = Schemas["JobProperties"] & Required<Pick<Schemas["JobProperties"], Always>>;
export type JobPage = Omit<Schemas["JobCollection"], "features"> & {
  features: Feature<Job>[];
  next: string | null; // absolute URL of the next page
};
export type Leg = Schemas["Leg"];
export type Nearby = Schemas["NearServicePoint"] & Partial<Schemas["NearStation"]>;
export type Method = Schemas["Method"];

export type Station = Schemas["StationProperties"];
export type Line = Schemas["LineProperties"];
export type District = Schemas["DistrictProperties"];
export type Site = Schemas["SiteProperties"];

export type Facets = Partial<Record<string, Schemas["Facet"]>>;

// The planner's answers.
export type CoverageAnswer = Schemas["Coverage"];
export type CoverageRow = Schemas["CoverageRow"];
export type Plan = Schemas["CoverageChange"];
export type SitingQuestion = Schemas["SitingQuestion"];
export type WhatIfAnswer = Schemas["CoverageEffect"];
export type SitingAnswer = Schemas["Siting"];
