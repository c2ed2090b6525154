// The planner's paths: coverage by district as table and map, what a point tried would gain, the best sites, files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startSession } from "./session.mjs";

const session = startSession();

async function coverage(query = "of=openings&circle_minutes=15") {
  const { status, body } = await session.server.get(`v1/coverage?by=district&gaps=true&f=geojson&${query}`);
  assert.equal(status, 200, body.detail);
  return body;
}

async function post(path, plan) {
  const response = await fetch(session.server.base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(plan),
  });
  const body = await response.json();
  assert.equal(response.status, 200, body.detail);
  return body;
}

const percent = (share) => (share === null ? "–" : `${(share * 100).toFixed(1)}%`);
const number = (n) => Math.round(n).toLocaleString("en-US");

// Every district's total, covered and share, with its band, as the API has them.
async function assertTable(map, answer, of) {
  const rows = answer.features.filter(({ properties }) => !("gap" in properties) && properties.district !== undefined);
  assert.ok(rows.length > 5);
  for (const { district, name, [of]: covered } of [...rows.map((row) => row.properties), { district: "all", ...answer.all }]) {
    const cells = await map.page.locator(`#coverage [data-district="${district}"]`).locator("th, td").allInnerTexts();
    const [head, total, part, share] = cells.map((text) => text.trim());
    if (name) assert.equal(head, name);
    if (of !== "area") assert.deepEqual([total, part], [number(covered.total), number(covered.covered)], district);
    assert.ok(share.startsWith(percent(covered.share)), `${district}: ${share}`);
    if (covered.share !== null) assert.ok(share.includes(`${percent(covered.low)}–${percent(covered.high)}`), share);
  }
}

test("coverage by district, for each measure", async () => {
  const map = await session.open("page=plan");
  await assertTable(map, await coverage(), "openings");
  for (const of of ["ads", "area"]) {
    await map.page.locator(`#measure-${of}, [data-key=measure-${of}]`).first().check({ force: true });
    await map.page.waitForFunction((name) => location.hash.includes(`of=${name}`), of);
    await map.rest();
    await assertTable(map, await coverage(`of=${of}&circle_minutes=15`), of);
  }
  await map.page.locator("#circle-minutes").selectOption("30");
  await map.rest();
  await assertTable(map, await coverage("of=area&circle_minutes=30"), "area");
  await map.close();
});

test("what lies in no district is called so, and leads nowhere", async () => {
  const map = await session.open();
  await map.page.route("**/v1/coverage?*", async (route) => {
    const body = await (await route.fetch()).json();
    const { openings } = body.all;
    body.features.push({ type: "Feature", geometry: null, properties: { district: "outside", openings, unlocated: { ads: 0, openings: 0 } } });
    await route.fulfill({ json: body, contentType: "application/geo+json" });
  });
  await map.page.locator("#page-plan").check({ force: true });
  await map.rest();
  const head = map.page.locator("#coverage [data-district=outside] th");
  assert.equal((await head.innerText()).trim(), "不在任何城区");
  assert.equal(await head.locator("button").count(), 0);
  await map.close();
});

test("the table sorts by any column, either way", async () => {
  const map = await session.open("page=plan");
  const shares = async () =>
    (await map.page.locator("#coverage tbody .share").allInnerTexts()).map(parseFloat).filter((n) => !Number.isNaN(n));
  const rising = await shares();
  assert.deepEqual(rising, [...rising].sort((a, b) => a - b));
  await map.page.locator("#coverage [data-column=share]").click();
  const falling = await shares();
  assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
  assert.equal(await map.page.locator("#coverage th[aria-sort=descending]").count(), 1);
  await map.close();
});

test("a point tried on the map gains what the API says; taken back, nothing is left", async () => {
  const map = await session.open("page=plan&view=12/30.2/120.1");
  await map.clickMap([120.1, 30.2]);
  await map.page.waitForFunction(() => location.hash.includes("added="));
  const added = map.fragment().get("added").split(";").map((at) => at.split(",").map(Number));
  const answer = await post("v1/coverage", { add: added, remove: [], of: ["openings"], circle_minutes: 15 });
  await map.page.locator("#plan .total-gain").waitFor();
  const said = await map.page.locator("#plan .tried .far").first().innerText();
  assert.ok(said.includes(number(answer.add[0].gain.openings)), said);
  await map.page.locator("[data-key=untry-0]").click();
  await map.page.locator("#plan .total-gain").waitFor({ state: "detached" });
  assert.equal(map.fragment().get("added"), null);
  await map.close();
});

const placesOf = (text) => text.split(";").map((at) => at.split(",").map(Number));
const near = ([x1, y1], [x2, y2], degrees) => Math.abs(x1 - x2) < degrees && Math.abs(y1 - y2) < degrees;

test("a point tried is dragged elsewhere; its gain follows", async () => {
  const map = await session.open("page=plan&view=12/30.2/120.1&added=120.1,30.2");
  await map.dragMap([120.1, 30.2], [120.14, 30.22]);
  const [at] = placesOf(await map.changed("added", "120.1,30.2"));
  assert.ok(near(at, [120.14, 30.22], 0.001), String(at));
  const answer = await post("v1/coverage", { add: [at], of: ["openings"], circle_minutes: 15 });
  await map.page.locator("#plan .total-gain", { hasText: number(answer.add[0].gain.openings) }).waitFor();
  await map.clickMap([120.14, 30.22]); // means the point that is there, not one more
  assert.equal(placesOf(map.fragment().get("added")).length, 1);
  await map.close();
});

// One that no other is near, so that it is the one a pointer finds.
async function lonelyPoint() {
  const { body } = await session.server.get("v1/service-points?limit=1000");
  const found = body.features.find(({ id, geometry: { coordinates } }) =>
    body.features.every((other) => other.id === id || !near(other.geometry.coordinates, coordinates, 0.004)));
  assert.ok(found, "all service points are close together");
  return found;
}

test("a service point moved is one left out and one tried; one clicked can be left out and put back", async () => {
  const { properties: { id, name }, geometry: { coordinates: [x, y] } } = await lonelyPoint();
  const to = [x + 0.004, y + 0.002];
  const map = await session.open(`page=plan&view=14.5/${y}/${x}`);
  await map.dragMap([x, y], to);
  assert.equal(await map.changed("removed", null), id);
  const [at] = placesOf(map.fragment().get("added"));
  assert.ok(near(at, to, 0.0005), String(at));
  const answer = await post("v1/coverage", { add: [at], remove: [id], of: ["openings"], circle_minutes: 15 });
  const change = answer.after.openings - answer.before.openings;
  await map.page.locator("#plan .total-gain", { hasText: number(Math.abs(change)) }).waitFor();
  assert.match(await map.page.locator("#plan .without").innerText(), new RegExp(name));
  const loss = -answer.remove[0].gain.openings;
  assert.match(await map.page.locator("#plan .without .far").innerText(), new RegExp(`${loss < 0 ? "多" : "[多少]"}覆盖 ${number(Math.abs(loss))}`));

  await map.page.locator("[data-key=untry-0]").click();
  await map.page.locator(`[data-key="put-back-${id}"]`).click();
  await map.page.locator("#plan .without").waitFor({ state: "detached" });
  await map.rest();
  await map.clickMap([x, y]);
  await map.page.locator("[data-key=site-action]").click();
  assert.equal(await map.changed("removed", null), id);
  assert.equal(map.fragment().get("added"), null);
  await map.close();
});

test("the legend tells what the ground of the planner's map means", async () => {
  const map = await session.open("page=plan");
  assert.match(await map.page.locator("#legend").innerText(), /0–100%/);
  await map.close();
});

test("the best five sites, and all of them tried at once", async () => {
  const map = await session.open("page=plan");
  await map.page.locator("[data-key=best-sites]").click();
  await map.page.locator("[data-key=adopt]").waitFor();
  const answer = await post("v1/siting", { sites: 5, of: "openings", circle_minutes: 15 });
  const gains = await map.page.locator("#plan ol.tried .far").allInnerTexts();
  assert.deepEqual(gains.map((text) => text.match(/[\d,]+/)[0]), answer.features.map(({ properties }) => number(properties.gain)));
  await map.page.locator("[data-key=adopt]").click();
  await map.page.locator("#plan .total-gain").waitFor();
  const total = await map.page.locator("#plan .total-gain").innerText();
  assert.ok(total.includes(number(answer.gain)), `${total} for ${answer.gain}`);
  await map.close();
});

test("the gaps are ranked, and shown when asked for", async () => {
  const map = await session.open("page=plan");
  const answer = await coverage();
  const gaps = answer.features.filter(({ properties }) => "gap" in properties);
  assert.equal(await map.page.locator("#plan .gaps li").count(), Math.min(8, gaps.length));
  const view = map.fragment().get("view");
  await map.page.locator("[data-key=gap-0]").click();
  await map.page.waitForFunction((old) => new URLSearchParams(location.hash.slice(1)).get("view") !== old, view);
  await map.close();
});

test("the curve of jobs by minute, from a chosen place", async () => {
  const map = await session.open("page=plan&from=120.16,30.25&mode=metro");
  const { body } = await session.server.get("v1/facets?by=minutes&reach=120.16,30.25&minutes=60&mode=metro");
  const all = body.facets.minutes.values.reduce((sum, { ads }) => sum + ads, 0);
  const bars = await map.page.locator(".histogram li .visually-hidden").allTextContents();
  assert.equal(bars.length, body.facets.minutes.values.length);
  assert.ok(bars.at(-1).includes(all.toLocaleString("en-US")), bars.at(-1));
  await map.close();
});

test("the figures as files, with their assumptions inside", async () => {
  const map = await session.open("page=plan");
  for (const [format, type] of [["csv", "text/csv"], ["geojson", "application/geo+json"]]) {
    const href = await map.page.locator(`#plan a[download="coverage.${format}"]`).getAttribute("href");
    const response = await fetch(href);
    assert.equal(response.status, 200);
    assert.ok(response.headers.get("content-type").startsWith(type));
    assert.match(await response.text(), /detour/);
  }
  await map.close();
});
