// What colour alone tells apart on the page is told apart by colour-blind eyes too, by simulation: Machado, Oliveira and
// Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009, their matrices of full
// severity in linear RGB; differences by CIEDE2000 (Sharma, Wu, Dalal 2005, whose test pairs are checked below).
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Palette, palettes } from "../src/palette";

type Triple = [number, number, number];
type Matrix = [Triple, Triple, Triple];

const eyes: Record<string, Matrix> = {
  "of most": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};
const xyzOf: Matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]];
const white: Triple = [0.95047, 1, 1.08883];

const times = (m: Matrix, v: Triple) => m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Triple;
const each = (v: Triple, f: (value: number, i: number) => number) => v.map(f) as Triple;
const linear = (hex: string) =>
  each([1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255) as Triple, (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
const luminance = (hex: string) => times(xyzOf, linear(hex))[1];
const contrast = (a: string, b: string) => {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

function lab(hex: string, eye: Matrix): Triple {
  const seen = each(times(eye, linear(hex)), (c) => Math.min(1, Math.max(0, c)));
  const [x, y, z] = each(times(xyzOf, seen), (c, i) => {
    const t = c / (white[i] ?? 1);
    return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const degrees = 180 / Math.PI;
const sin = (angle: number) => Math.sin(angle / degrees);
const cos = (angle: number) => Math.cos(angle / degrees);

function ciede2000([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 1 + (1 - Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7))) / 2;
  const [p1, p2] = [a1 * g, a2 * g];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (a: number, b: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) * degrees + 360) % 360);
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  let turn = c1 * c2 === 0 ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  else if (turn < -180) turn += 360;
  let h = h1 + h2;
  if (c1 * c2 !== 0) h = Math.abs(h1 - h2) <= 180 ? h / 2 : h < 360 ? (h + 360) / 2 : (h - 360) / 2;
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const spread = 30 * Math.exp(-(((h - 275) / 25) ** 2));
  const lightness = (l2 - l1) / (1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2));
  const chroma = (c2 - c1) / (1 + 0.045 * c);
  const hues = (2 * Math.sqrt(c1 * c2) * sin(turn / 2)) / (1 + 0.015 * c * t);
  const rotation = -sin(2 * spread) * 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  return Math.sqrt(lightness ** 2 + chroma ** 2 + hues ** 2 + rotation * chroma * hues);
}

test("CIEDE2000 by the pairs of Sharma and others", () => {
  const pairs: [Triple, Triple, number][] = [
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ];
  for (const [a, b, expected] of pairs) assert.ok(Math.abs(ciede2000(a, b) - expected) < 5e-5, `${a} ${b}: ${ciede2000(a, b)}`);
});

// Pairs that lie side by side on the map, where nothing but colour tells them apart, and how far apart they must be:
// 15 for dots a few pixels wide and for the ends of a ramp, less for ground that has an outline as well (2.3 is just noticeable).
function pairs({ categories, cluster, paper, land, served, outside, ramp, share, accent }: Palette): [string, string, string, number][] {
  const { full_time, gig, internship } = categories;
  return [
    ["full-time and gig", full_time, gig, 15],
    ["full-time and internship", full_time, internship, 15],
    ["gig and internship", gig, internship, 15],
    ["few jobs and many", ...ramp, 15],
    ["nothing covered and all", ...share, 15],
    ["a cluster and its number", cluster, paper, 20],
    ["inside a service circle and outside", served, land, 4], // and a line round it
    ["the city and beyond", land, outside, 4], // and a line round it
    ["what was chosen and the ground", accent, land, 20],
  ];
}

for (const [theme, palette] of Object.entries(palettes))
  for (const [eye, matrix] of Object.entries(eyes))
    test(`the colours of the ${theme} theme to the eye ${eye}`, () => {
      for (const [what, a, b, least] of pairs(palette)) {
        const apart = ciede2000(lab(a, matrix), lab(b, matrix));
        assert.ok(apart >= least, `${what} (${a}, ${b}) are ${apart.toFixed(1)} apart, not ${least}`);
      }
    });

test("dots and lines have 3:1 against the ground of their theme, names 4.5:1", () => {
  for (const { categories, cluster, service, venture, reach, gap, ink, soft, accent, paper, land } of Object.values(palettes)) {
    for (const color of [...Object.values(categories), cluster, service, venture, reach, gap])
      for (const ground of [paper, land]) assert.ok(contrast(color, ground) >= 3, `${color} on ${ground}: ${contrast(color, ground).toFixed(2)}`);
    for (const color of [ink, soft, accent]) assert.ok(contrast(color, land) >= 4.5, `${color} on ${land}`);
  }
});
