// The example of the search box is of the city that is loaded, whichever that is.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { City } from "../src/city";
import { exampleOf } from "../src/example";

type Given = Partial<{ name: string; name_en: string; initials: string; lines: string[] }>;
const cityOf = (stations: Given[], districts: string[] = []) =>
  ({
    stations: new Map(stations.map((one, i) => [String(i), { properties: { lines: [], ...one } }])),
    districts: districts.map((name) => ({ properties: { name } })),
  }) as unknown as City;

test("a hub with a short name, in the page's language", () => {
  const city = cityOf([
    { name: "近江", name_en: "Jinjiang", initials: "jj", lines: ["1"] },
    { name: "奥体中心", name_en: "Olympic Sports Center", initials: "atzx", lines: ["6", "7"] },
    { name: "钱江路", name_en: "Qianjiang Road", initials: "qjl", lines: ["2", "4"] },
  ]);
  assert.equal(exampleOf(city, "zh"), "钱江路、qjl");
  assert.equal(exampleOf(city, "en"), "Qianjiang Road");
});

test("names of other scripts, districts alone, and nothing at all", () => {
  assert.equal(exampleOf(cityOf([{ name: "Gare", initials: "" }]), "zh"), "Gare");
  assert.equal(exampleOf(cityOf([{ name: "Gare" }]), "en"), "Gare");
  assert.equal(exampleOf(cityOf([], ["Monte-Carlo", "Fontvieille"]), "zh"), "Monte-Carlo");
  assert.equal(exampleOf(cityOf([], ["Monte-Carlo"]), "en"), "Monte-Carlo");
  assert.equal(exampleOf(cityOf([]), "en"), "");
  assert.equal(exampleOf(null, "zh"), "");
});
