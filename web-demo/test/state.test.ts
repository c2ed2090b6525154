// The state and its URL: every state comes back from the fragment it was written as, and no fragment, however
// mangled, keeps the page from opening.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  categories,
  educations,
  format,
  initial,
  languages,
  layers,
  measures,
  modes,
  parse,
  payUnits,
  radii,
  sorts,
  type State,
  themes,
} from "../src/state";

// mulberry32: small, seeded, good enough to vary states.
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

function arbitrary(next: () => number): State {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const some = <T>(from: readonly T[]): T[] => from.filter(() => next() < 0.4);
  const degrees = (most: number) => Math.round((next() * 2 - 1) * most * 1e5) / 1e5 + 0;
  const place = () => [degrees(180), degrees(90)] as const;
  const texts = [null, "龙翔桥", "a&b=c#d", "100%", "a+b c", "“quoted”/,;", "C++ node.js"];
  const anchor = Math.floor(next() * 4);
  const payUnit = pick([null, ...payUnits]);
  return {
    page: pick(["seek", "plan"] as const),
    q: pick(texts),
    categories: some(categories),
    stations: anchor === 1 ? ["longxiangqiao", "龙翔桥", "a&b"].slice(0, 1 + Math.floor(next() * 3)) : [],
    lines: anchor === 2 ? ["1", "1号线"] : [],
    from: anchor === 3 ? [place(), place()].slice(0, 1 + Math.floor(next() * 2)) : [],
    radius: next() < 0.7 ? pick(radii) : 1 + Math.floor(next() * 50000),
    minutes: 1 + Math.floor(next() * 120),
    mode: pick(modes),
    circle: next() < 0.5,
    districts: some(["330102", "330105", "西湖区"]),
    payUnit,
    payMin: payUnit && next() < 0.5 ? Math.round(next() * 1e6) / 100 : null,
    education: pick([null, ...educations]),
    shift: pick([null, "18:00-21:00", "22:00-06:00"]),
    area: next() < 0.5 ? null : [degrees(180), degrees(90), degrees(180), degrees(90)],
    cell: pick([null, "12/3412/1687/3/9"]),
    sort: pick([null, ...sorts]),
    job: pick([null, "synthetic:1", "人:1&2"]),
    layers: some(layers),
    of: pick(measures),
    circleMinutes: 1 + Math.floor(next() * 60),
    speed: 2 + Math.round(next() * 280) / 10,
    detour: 1 + Math.round(next() * 100) / 100,
    added: next() < 0.5 ? [] : [place(), place(), place()],
    removed: some(["p1", "点,".replace(",", "")]),
    view: next() < 0.5 ? null : [Math.round(next() * 2200) / 100, degrees(85), degrees(180)],
    lang: pick(languages),
    theme: pick([null, ...themes]),
  };
}

test(`every state survives its URL (SEED=${seed})`, () => {
  const next = random(seed);
  for (let i = 0; i < 5000; ++i) {
    const state = arbitrary(next);
    const fragment = new URL(`http://host/#${format(state)}`).hash;
    assert.deepEqual(parse(fragment), state, fragment);
  }
});

test(`equal states have equal URLs (SEED=${seed})`, () => {
  const next = random(seed + 1);
  for (let i = 0; i < 1000; ++i) {
    const fragment = format(arbitrary(next));
    assert.equal(format(parse(fragment)), fragment);
  }
});

test("what is default is not written", () => {
  assert.equal(format(initial), "");
  assert.deepEqual(parse(""), initial);
  assert.deepEqual(parse("#"), initial);
});

test("a link stays readable", () => {
  const state: State = {
    ...initial,
    stations: ["longxiangqiao", "fengqilu"],
    categories: ["gig", "full_time"],
    job: "synthetic:7",
    view: [13, 30.25, 120.16],
  };
  assert.equal(
    format(state),
    "station=longxiangqiao,fengqilu&category=full_time,gig&job=synthetic:7&view=13/30.25/120.16",
  );
  assert.equal(format({ ...initial, from: [[120.16, 30.25], [120.21, 30.21]] }), "from=120.16,30.25;120.21,30.21");
});

test("a mangled link opens the map with what is left of it", () => {
  const mangled = [
    "%", "=&=&", "radius=", "radius=-1", "radius=1e9", "radius=nan", "radius=800.5", "minutes=0", "minutes=121",
    "from=", "from=1", "from=181,0", "from=1,2;3,4;5,6", "from=a,b", "pay_min=5", "pay_unit=year", "shift=25:00-26:00",
    "area=1,2,3", "view=//", "view=1/2", "view=a/b/c", "view=1/91/0", "view=Infinity/0/0", "category=cook",
    "sort=worst", "lang=fr", "circle=yes", "station=", "station=,,", "mode=fly", "education=phd", "page=admin",
    "of=money", "circle_minutes=61", "speed_kmh=1", "detour=2.1", "added=1,2,3", "theme=pink", "<script>",
  ];
  for (const fragment of mangled) assert.deepEqual(parse(fragment), initial, fragment);
  assert.deepEqual(parse("category=gig,cook&radius=abc&station=x"), {
    ...initial,
    categories: ["gig"],
    stations: ["x"],
  });
});

test("a link has one anchor, the first of its kinds", () => {
  assert.deepEqual(parse("station=x&line=1&from=1,2"), { ...initial, stations: ["x"] });
  assert.deepEqual(parse("line=1&from=1,2"), { ...initial, lines: ["1"] });
});

test("pay needs its unit", () => {
  assert.equal(parse("pay_min=8000").payMin, null);
  assert.equal(parse("pay_min=8000&pay_unit=month").payMin, 8000);
});
