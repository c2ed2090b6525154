// Where one starts from: the browser's own position, given or denied, and the two anchors dragged on the map.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { startSession } from "./session.mjs";

const session = startSession();
const shows = (map, query) => session.answers.assertShows(map, query);
const here = { longitude: 120.1612, latitude: 30.2514 };

test("the browser's position becomes the place, and the jobs are sorted by the minutes from it", async () => {
  const map = await session.open("", undefined, { permissions: ["geolocation"], geolocation: here });
  await map.page.locator("#where-here").check({ force: true });
  await map.page.locator("[data-key=locate-0]").click();
  assert.equal(await map.changed("from", null), `${here.longitude},${here.latitude}`);
  const { features } = await shows(map, `reach=${here.longitude},${here.latitude}&minutes=30&mode=walk`);
  const minutes = features.map((job) => job.properties.minutes);
  assert.deepEqual(minutes, [...minutes].sort((a, b) => a - b));
  assert.match(await map.page.locator(".place-name small").first().innerText(), /^距.+ \d+ 米$/);
  await map.close();
});

test("a position that is denied: the page says what to do, in either language, and nothing else changes", async () => {
  for (const [lang, said] of [["zh", /允许定位.*地图上点选/], ["en", /Allow it.*pick the place on the map/]]) {
    const map = await session.open(`lang=${lang}`);
    await map.page.locator("#where-here").check({ force: true });
    await map.page.locator("[data-key=locate-0]").click();
    const note = map.page.locator("#where [role=status]", { hasText: said });
    await note.waitFor();
    await assertAccessible(map, `denied ${lang}`);
    assert.equal(map.fragment().get("from"), null);
    await map.close();
  }
});

const placesOf = (text) => text.split(";").map((at) => at.split(",").map(Number));
const assertNear = (at, expected) => at.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) < 0.001, `${at} for ${expected}`));

test("home and school are dragged, each by itself", async () => {
  const from = "120.16,30.25;120.21,30.21";
  const map = await session.open(`from=${from}&minutes=45&mode=metro&view=12/30.23/120.185`);
  await map.dragMap([120.16, 30.25], [120.15, 30.265]);
  const first = await map.changed("from", from);
  const [home, school] = placesOf(first);
  assertNear(home, [120.15, 30.265]);
  assert.deepEqual(school, [120.21, 30.21]);
  await shows(map, `reach=${first}&minutes=45&mode=metro`);
  await map.dragMap([120.21, 30.21], [120.22, 30.2]);
  const second = await map.changed("from", first);
  assert.deepEqual(placesOf(second)[0], home);
  assertNear(placesOf(second)[1], [120.22, 30.2]);
  await shows(map, `reach=${second}&minutes=45&mode=metro`);
  await map.page.goBack();
  await shows(map, `reach=${first}&minutes=45&mode=metro`);
  await map.close();
});

test("a finger drags as well", async () => {
  const map = await session.open("from=120.16,30.25&view=12/30.25/120.16", { width: 360, height: 740 }, { hasTouch: true });
  const [start, end] = [await map.pixel([120.16, 30.25]), await map.pixel([120.175, 30.255])];
  const client = await map.page.context().newCDPSession(map.page);
  const touch = (type, ...touchPoints) => client.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", start);
  for (const share of [0.3, 0.6, 1])
    await touch("touchMove", { x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y) });
  await touch("touchEnd");
  const [at] = placesOf(await map.changed("from", "120.16,30.25"));
  assertNear(at, [120.175, 30.255]);
  await map.close();
});
