// The main paths in both languages and at both sizes, each against the API's answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { startSession } from "./session.mjs";

const session = startSession();
const shows = (map, query) => session.answers.assertShows(map, query);
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

// Nothing wider than the screen, and no words of a control beyond it or its own box.
async function assertUncut({ page }, where) {
  const cut = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const visible = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
    const scrolls = (element) => element && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const bad = [];
    if (document.documentElement.scrollWidth > wide) bad.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    for (const element of document.querySelectorAll("button, label.segment, summary, h2, .totals, .job-title, #legend li, dt, dd, th, td")) {
      if (!visible(element) || element.closest(".maplibregl-map, .visually-hidden") || scrolls(element.parentElement)) continue;
      const box = element.getBoundingClientRect();
      if (box.left < -1 || box.right > wide + 1) bad.push(`${element.textContent} reaches from ${box.left} to ${box.right}`);
      const clips = getComputedStyle(element).overflowX !== "visible";
      if (clips && element.scrollWidth > element.clientWidth + 1) bad.push(`${element.textContent} is cut`);
    }
    return bad;
  });
  assert.deepEqual(cut, [], where);
}

const words = {
  zh: { typed: "龙翔", near: /^龙翔桥附近/, minutes: /^\d+ 分钟$/, gap: /^空白 1/ },
  en: { typed: "longxiangq", near: /^Near Longxiangqiao/, minutes: /^\d+ min$/, gap: /^Gap 1/ },
};

for (const [lang, said] of Object.entries(words))
  for (const [size, viewport] of Object.entries(sizes)) {
    const open = (fragment) => session.open(`${fragment}&lang=${lang}`, viewport);
    const where = `${lang}, ${size}`;

    test(`a station sought, a kind chosen, a job opened and closed (${where})`, async () => {
      const map = await open("");
      const { page } = map;
      await shows(map, "sort=newest");
      await page.locator("#q").fill(said.typed);
      await page.locator("#suggestions .station").first().click();
      assert.equal(await map.changed("station", null), "longxiangqiao");
      await page.locator("#chips [data-category=full_time]").click();
      await shows(map, "station=longxiangqiao&radius=800&category=full_time");
      assert.match(await page.locator("#summary h2").innerText(), said.near);
      await assertUncut(map, where);
      await page.locator("#list .job button").first().click();
      await page.locator("#card dl").waitFor();
      const { body } = await session.server.get(`v1/jobs/${encodeURIComponent(map.fragment().get("job"))}`);
      assert.equal(await page.locator("#card h2").innerText(), body.properties.title);
      await assertUncut(map, where);
      await assertAccessible(map, where);
      await page.locator("#card .close").click();
      assert.equal(map.fragment().get("job"), null);
      await map.close();
    });

    test(`a place picked on the map, metro, minutes (${where})`, async () => {
      const map = await open("view=12/30.25/120.17");
      const { page } = map;
      await page.locator("#where-here").check({ force: true });
      await page.locator("[data-key=pick-0]").click();
      await page.locator("#map").scrollIntoViewIfNeeded();
      await map.clickMap([120.16, 30.245]);
      const from = await map.changed("from", null);
      await page.locator("#mode-metro").check({ force: true });
      const { features } = await shows(map, `reach=${from}&minutes=30&mode=metro`);
      const minutes = await page.locator("#list .job-where").allInnerTexts();
      minutes.forEach((text, i) => {
        assert.match(text, said.minutes);
        assert.equal(parseInt(text), Math.ceil(features[i].properties.minutes));
      });
      await assertUncut(map, where);
      await map.close();
    });

    test(`coverage, a point tried, a gap looked at (${where})`, async () => {
      const map = await open("page=plan&view=11/30.2/120.1");
      const { page } = map;
      const { body } = await session.server.get("v1/coverage?by=district&of=openings&circle_minutes=15&f=geojson");
      const total = await page.locator("#coverage [data-district=all] td").first().innerText();
      assert.equal(total, body.all.openings.total.toLocaleString("en-US"));
      await page.locator("#map").scrollIntoViewIfNeeded();
      await map.clickMap([120.1, 30.2]);
      await map.changed("added", null);
      await page.locator("#plan .total-gain").waitFor();
      await assertUncut(map, where);
      assert.match(await page.locator("#plan .gaps li").first().innerText(), said.gap);
      const view = map.fragment().get("view");
      await page.locator("[data-key=gap-0]").click();
      await map.changed("view", view);
      await assertAccessible(map, where);
      await map.close();
    });
  }
