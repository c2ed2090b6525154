// What the page shows decides what it asks: the list and the tiles with the same filter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf, listQuery, sameFilter, sameList } from "../src/query";
import { initial } from "../src/state";

const near = { ...initial, station: "longxiangqiao" };

test("no station, no radius", () => {
  assert.deepEqual(filterOf(initial), {});
  assert.deepEqual(filterOf({ ...initial, radius: 300 }), {});
});

test("station, categories and circle become the API's parameters", () => {
  assert.deepEqual(filterOf({ ...near, radius: 500, categories: ["full_time", "gig"], circle: true }), {
    station: "longxiangqiao",
    radius: "500",
    category: "full_time,gig",
    circle: "service",
  });
});

test("an order by pay asks for one unit, in list and tiles alike", () => {
  const state = { ...near, sort: "pay_hour" as const };
  assert.equal(filterOf(state).pay_unit, "hour");
  assert.deepEqual(listQuery(state), { ...filterOf(state), sort: "pay" });
});

test("an order by distance needs a station", () => {
  assert.equal(listQuery({ ...initial, sort: "distance" }).sort, undefined);
  assert.equal(listQuery({ ...near, sort: "distance" }).sort, "distance");
});

test("what changes no query asks nothing", () => {
  const same = { ...near, job: "synthetic:1", view: [1, 2, 3] as const, lang: "en" as const };
  assert.ok(sameList(near, same));
  assert.ok(sameList(initial, { ...initial, radius: 2000 }));
  assert.ok(!sameList(near, { ...near, radius: 2000 }));
  assert.ok(sameFilter(near, { ...near, sort: "newest" }));
  assert.ok(!sameList(near, { ...near, sort: "newest" }));
});
