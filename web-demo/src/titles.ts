// What places and searches are called, in the language of the page.
import type { City } from "./city";
import { distance } from "./format";
import { metresBetween } from "./geodesy";
import type { Language, LonLat, State } from "./state";
import { t } from "./strings";
import type { Station } from "./types";

export function stationName(station: { name: string; name_en?: string }, language: Language): string {
  return language === "en" ? station.name_en || station.name : station.name;
}

// What an answer calls a station, in the language of the page where the city knows it.
export function placeName(place: { id: string; name: string }, city: City | null, language: Language): string {
  const station = city?.stations.get(place.id)?.properties;
  return station && station.name === place.name ? stationName(station, language) : place.name;
}

// A place by the station nearest to it, since nobody reads degrees; far from all of them there is nothing else to say.
export function whereabouts(at: LonLat, city: City | null, language: Language): string {
  const near = [...(city?.stations.values() ?? [])]
    .map(({ properties, geometry }) => ({ properties, metres: metresBetween(at, geometry.coordinates) }))
    .reduce<{ properties: Station; metres: number } | null>((best, one) => (best && best.metres <= one.metres ? best : one), null);
  if (near && near.metres < 5000) return t().fromStation(stationName(near.properties, language), distance(near.metres));
  return t().place(at[0].toFixed(4), at[1].toFixed(4));
}

const separator = (language: Language) => (language === "en" ? ", " : "、");

export function stationsTitle(state: State, city: City | null): string {
  const names = state.stations.map((id) => {
    const station = city?.stations.get(id)?.properties;
    return station ? stationName(station, state.lang) : id;
  });
  return names.join(separator(state.lang));
}

export function linesTitle(state: State, city: City | null): string {
  return state.lines.map((id) => t().line(city?.lines.get(id)?.name ?? id)).join(separator(state.lang));
}

export function districtName(adcode: string, city: City | null): string {
  return city?.districts.find(({ properties }) => properties.adcode === adcode)?.properties.name ?? adcode;
}

// The heading over the list.
export function searchTitle(state: State, city: City | null): string {
  if (state.stations.length > 0) return t().near(stationsTitle(state, city));
  if (state.lines.length > 0) return t().ofLine(linesTitle(state, city));
  if (state.from.length > 0) return t().reachable(String(state.minutes), t().modes[state.mode]);
  if (state.cell) return t().cluster;
  if (state.area) return t().area;
  if (state.districts.length > 0) return state.districts.map((d) => districtName(d, city)).join(separator(state.lang));
  return t().allJobs;
}
