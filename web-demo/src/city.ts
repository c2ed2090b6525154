// What the page knows of the city, fetched once: stations by id, lines with their colours, districts, service points.
import * as api from "./api";
import type { Box } from "./state";
import type { Areas, District, Feature, Line, PointFeature, Site, Station } from "./types";

export interface City {
  stations: Map<string, PointFeature<Station>>;
  lines: Map<string, Line>;
  districts: Feature<District, Areas>[];
  servicePoints: PointFeature<Site>[];
  extent: Box; // of the jobs
}

export async function loadCity(): Promise<City> {
  const [stations, lines, districts, servicePoints, extent] = await Promise.all([
    api.allStations(),
    api.allLines(),
    api.allDistricts(),
    api.allServicePoints(),
    api.extentOfJobs(),
  ]);
  return {
    stations: new Map(stations.map((station) => [station.properties.id, station])),
    lines: new Map(lines.map((line) => [line.id, line])),
    districts,
    servicePoints,
    extent,
  };
}
