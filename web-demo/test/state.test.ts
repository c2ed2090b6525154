// The state and its URL: every state comes back from the fragment it was written as, and no fragment, however
// mangled, keeps the page from opening.
import assert from "node:assert/strict";
import { test } from "node:test";
import { categories, format, initial, languages, parse, radii, sorts, type State } from "../src/state";

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
  const ids = [null, "longxiangqiao", "龙翔桥", "a&b=c#d", "synthetic:1", "100%", "a+b c", "“quoted”/,"];
  return {
    station: pick(ids),
    categories: categories.filter(() => next() < 0.5),
    radius: next() < 0.7 ? pick(radii) : 1 + Math.floor(next() * 50000),
    circle: next() < 0.5,
    sort: pick([null, ...sorts]),
    job: pick(ids),
    view: next() < 0.5 ? null : [Math.round(next() * 2200) / 100, Math.round(next() * 80e5) / 1e5, -Math.round(next() * 180e5) / 1e5],
    lang: pick(languages),
  };
}

test(`every state survives its URL (SEED=${seed})`, () => {
  const next = random(seed);
  for (let i = 0; i < 5000; ++i) {
    const state = arbitrary(next);
    const fragment = new URL(`http://host/#${format(state)}`).hash;
    // -0 is written 0.
    assert.deepEqual(parse(fragment), { ...state, view: state.view && state.view.map((n) => n + 0) }, fragment);
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
  const state: State = { ...initial, station: "longxiangqiao", categories: ["gig", "full_time"], job: "synthetic:7", view: [13, 30.25, 120.16] };
  assert.equal(format(state), "station=longxiangqiao&category=full_time,gig&job=synthetic:7&view=13/30.25/120.16");
});

test("a mangled link opens the map with what is left of it", () => {
  for (const fragment of ["%", "=&=&", "radius=", "radius=-1", "radius=1e9", "radius=nan", "radius=800.5", "view=//", "view=1/2", "view=a/b/c", "view=1/91/0", "view=Infinity/0/0", "category=cook", "sort=worst", "lang=fr", "circle=yes", "station=", "<script>"])
    assert.deepEqual(parse(fragment), initial, fragment);
  assert.deepEqual(parse("category=gig,cook&radius=abc&station=x"), { ...initial, categories: ["gig"], station: "x" });
});
