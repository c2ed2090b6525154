// What the search box gives as an example: a place of the city that is loaded, so that it finds something there.
import type { City } from "./city";
import type { Language } from "./state";

const shortest = (names: readonly string[]) =>
  names.reduce((best, name) => (name !== "" && (best === "" || [...name].length < [...best].length) ? name : best), "");

// The station where most lines meet, of them the one with the shortest name, in Chinese with its initials; where there
// are no stations a district; nothing where there is neither.
export function exampleOf(city: Pick<City, "stations" | "districts"> | null, language: Language): string {
  const stations = [...(city?.stations.values() ?? [])].map(({ properties }) => properties);
  const most = Math.max(0, ...stations.map(({ lines }) => lines.length));
  const hubs = stations.filter(({ lines }) => lines.length === most);
  if (language === "en" && hubs.length > 0) return shortest(hubs.map((one) => one.name_en || one.name));
  const name = shortest(hubs.map((one) => one.name));
  const initials = hubs.find((one) => one.name === name)?.initials;
  if (name !== "") return initials && initials !== name ? `${name}、${initials}` : name;
  return shortest((city?.districts ?? []).map(({ properties }) => properties.name));
}
