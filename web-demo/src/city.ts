// What the page knows of the city, fetched once: stations by id, lines with their colours, districts, service points.
import * as api from "./api";

export interface City {
  stations: Map<string, api.PointFeature<api.Station>>;
  lines: Map<string, api.Line>;
  districts: api.Feature<api.District, api.Areas>[];
  servicePoints: api.PointFeature<api.Site>[];
}

export async function loadCity(): Promise<City> {
  const [stations, lines, districts, servicePoints] = await Promise.all([
    api.allStations(),
    api.allLines(),
    api.allDistricts(),
    api.allServicePoints(),
  ]);
  return {
    stations: new Map(stations.map((station) => [station.properties.id ?? station.id, station])),
    lines: new Map(lines.map((line) => [line.properties.id ?? line.id, line.properties])),
    districts,
    servicePoints,
  };
}
