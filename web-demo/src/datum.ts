// From WGS84, which browsers tell, to the datum of a basemap of China's. The published approximations of GCJ-02 and of
// BD-09 over it; the server's own are the same (geo/datum.cpp), and its tests measure them.
//
//   shifted([120.15937, 30.25698], "gcj02") is [120.16405, 30.25464], half a kilometre off
const a = 6378245; // Krasovsky 1940
const e2 = 0.00669342162296594323;
const radians = Math.PI / 180;

// Waves of 20, 6 and others of a degree that both terms share.
const waves = (value: number, terms: [amplitude: number, frequency: number][]) =>
  terms.reduce((sum, [amplitude, frequency]) => sum + amplitude * Math.sin(value * frequency * Math.PI), 0) * (2 / 3);

function gcj02(longitude: number, latitude: number): [number, number] {
  const [x, y] = [longitude - 105, latitude - 35];
  const common = waves(x, [[20, 6], [20, 2]]);
  const root = Math.sqrt(Math.abs(x));
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + waves(x, [[20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + waves(y, [[20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]]);
  const w2 = 1 - e2 * Math.sin(latitude * radians) ** 2;
  return [
    longitude + east / ((a / Math.sqrt(w2)) * Math.cos(latitude * radians) * radians),
    latitude + north / (((a * (1 - e2)) / w2 ** 1.5) * radians),
  ];
}

function bd09([x, y]: [number, number]): [number, number] {
  const turns = (Math.PI * 3000) / 180;
  const radius = Math.hypot(x, y) + 2e-5 * Math.sin(y * turns);
  const angle = Math.atan2(y, x) + 3e-6 * Math.cos(x * turns);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

export function shifted([longitude, latitude]: [number, number], datum: string): [number, number] {
  if (datum === "gcj02") return gcj02(longitude, latitude);
  return datum === "bd09" ? bd09(gcj02(longitude, latitude)) : [longitude, latitude];
}
