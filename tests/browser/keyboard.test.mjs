// The main paths without a mouse: Tab, Enter, the arrows and Escape, and where the focus is afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startSession } from "./session.mjs";

const session = startSession();
const shows = (map, query) => session.answers.assertShows(map, query);

// Tab by Tab, as far as an element that a selector means.
async function tabTo({ page }, selector) {
  for (let i = 0; i < 150; ++i) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`150 Tabs didn't reach ${selector}`);
}

test("from a station's name to a job's card, and back to where one was", async () => {
  const map = await session.open();
  const { page } = map;
  await tabTo(map, "#q");
  await page.keyboard.type("longx");
  await page.locator("#suggestions [aria-selected=true]", { hasText: "龙翔桥" }).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await map.changed("station", null), "longxiangqiao");
  await shows(map, "station=longxiangqiao&radius=800");
  await tabTo(map, "[data-category=gig]");
  await page.keyboard.press("Space");
  await shows(map, "station=longxiangqiao&radius=800&category=gig");
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-category=gig]")), "the chip lost the focus");

  await tabTo(map, ".job button");
  await page.keyboard.press("Tab");
  const [, id] = await map.ids();
  await page.keyboard.press("Enter");
  await page.locator("#card dl").waitFor();
  assert.equal(map.fragment().get("job"), id);
  assert.ok(await page.evaluate(() => document.querySelector("#card").contains(document.activeElement)), "the card has no focus");
  await tabTo(map, "#card a.apply, #card .close");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#card").isVisible(), false);
  const focused = await page.evaluate(() => document.activeElement.closest(".job")?.dataset.id);
  assert.equal(focused, id);
  await map.close();
});

test("minutes, a way to go, and a place picked with the arrows", async () => {
  const map = await session.open("view=13/30.25/120.16");
  const { page } = map;
  await tabTo(map, "#where-everywhere");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await tabTo(map, "[data-key=pick-0]");
  await page.keyboard.press("Enter");
  assert.ok(await page.evaluate(() => document.activeElement.matches(".maplibregl-canvas")), "the map has no focus");
  const view = map.fragment().get("view");
  await page.keyboard.press("ArrowUp");
  const [, latitude, longitude] = (await map.changed("view", view)).split("/").map(Number);
  assert.ok(latitude > 30.25);
  await page.keyboard.press("Enter");
  const from = await map.changed("from", null);
  from.split(",").forEach((value, i) => assert.ok(Math.abs(value - [longitude, latitude][i]) < 1e-4, `${from} for ${longitude},${latitude}`));
  await shows(map, `reach=${from}&minutes=30&mode=walk`);

  await tabTo(map, "#minutes");
  await page.keyboard.press("ArrowRight");
  await shows(map, `reach=${from}&minutes=35&mode=walk`);
  await tabTo(map, "#mode-walk");
  await page.keyboard.press("ArrowRight");
  await shows(map, `reach=${from}&minutes=35&mode=bike`);
  await map.close();
});

test("the planner: a point at the centre of the map, and taken away again", async () => {
  const map = await session.open("page=plan&view=12/30.2/120.1");
  await tabTo(map, "[data-key=try-centre]");
  await map.page.keyboard.press("Enter");
  assert.equal(await map.changed("added", null), "120.1,30.2");
  await map.page.locator("#plan .total-gain").waitFor();
  await tabTo(map, "[data-key=untry-0]");
  await map.page.keyboard.press("Enter");
  assert.equal(await map.changed("added", "120.1,30.2"), null);
  await map.close();
});
