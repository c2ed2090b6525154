// What the page shows decides what it asks: the list, the counts and the tiles with the same filter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { filterOf, listQuery, ordersOf, sameFilter, sameList } from "../src/query";
import { initial, type State } from "../src/state";

const near: State = { ...initial, stations: ["longxiangqiao"] };

test("no anchor, no radius and no minutes", () => {
  assert.deepEqual(filterOf(initial), {});
  assert.deepEqual(filterOf({ ...initial, radius: 300, minutes: 45, mode: "metro" }), {});
});

test("every condition becomes the API's parameter", () => {
  const asked: State = {
    ...near,
    radius: 500,
    q: "工程师",
    categories: ["full_time", "gig"],
    circle: true,
    districts: ["330106", "330102"],
    payUnit: "month",
    payMin: 8000,
    education: "bachelor",
    shift: "18:00-21:00",
    area: [120, 30, 120.5, 30.5],
    cell: "12/3412/1687/3/9",
  };
  assert.deepEqual(filterOf(asked), {
    station: "longxiangqiao",
    radius: "500",
    q: "工程师",
    category: "full_time,gig",
    circle: "service",
    district: "330106,330102",
    pay_unit: "month",
    pay_min: "8000",
    education: "bachelor",
    shift: "18:00-21:00",
    bbox: "120,30,120.5,30.5",
    cell: "12/3412/1687/3/9",
  });
});

test("two places to start from, with minutes and a mode", () => {
  const asked = { ...initial, from: [[120.16, 30.25], [120.21, 30.21]], minutes: 40, mode: "metro" } satisfies State as State;
  assert.deepEqual(filterOf(asked), { reach: "120.16,30.25;120.21,30.21", minutes: "40", mode: "metro" });
});

test("only the orders that the query allows are asked for", () => {
  assert.deepEqual(ordersOf(initial), ["newest"]);
  assert.deepEqual(ordersOf(near), ["distance", "newest"]);
  assert.deepEqual(ordersOf({ ...initial, from: [[1, 2]], q: "x", payUnit: "day" }), ["relevance", "minutes", "newest", "pay"]);
  assert.equal(listQuery({ ...initial, sort: "distance" }).sort, undefined);
  assert.equal(listQuery({ ...near, sort: "distance" }).sort, "distance");
  assert.equal(listQuery({ ...initial, sort: "pay" }).sort, undefined);
});

test("what changes no query asks nothing", () => {
  const same: State = { ...near, job: "synthetic:1", view: [1, 2, 3], lang: "en", layers: [], theme: "dark" };
  assert.ok(sameList(near, same));
  assert.ok(sameList(initial, { ...initial, radius: 2000 }));
  assert.ok(!sameList(near, { ...near, radius: 2000 }));
  assert.ok(sameFilter(near, { ...near, sort: "newest" }));
  assert.ok(!sameList(near, { ...near, sort: "newest" }));
});
