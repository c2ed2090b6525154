// The states that aren't the sunny one: refused, offline, slow, empty; small screens, both languages, both themes; and
// axe, which must find nothing in any of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible } from "./axe.mjs";
import { startSession } from "./session.mjs";

const session = startSession();
const shows = (map, query) => session.answers.assertShows(map, query);
const phone = { width: 360, height: 740 };

test("axe finds nothing, in either language, theme or size", async () => {
  const { body } = await session.server.get("v1/service-points?limit=1");
  const views = [
    "station=longxiangqiao",
    "from=120.16,30.25;120.2,30.22&minutes=20",
    "layers=service,venture,choropleth&category=gig&circle=1",
    `page=plan&added=120.1,30.2&removed=${body.features[0].id}`,
    "job=synthetic:7",
  ];
  for (const [i, view] of views.entries())
    for (const [lang, theme, size] of [
      ["zh", "light", undefined],
      ["en", "dark", phone],
    ]) {
      const map = await session.open(`${view}&lang=${lang}&theme=${theme}`, size);
      if (i === 0) await map.page.locator("#more summary").click();
      if (i === 2) await map.page.locator("#layer-switch summary").click();
      await assertAccessible(map, `${view} ${lang} ${theme}`);
      await map.page.context().close();
    }
});

test("a refused query shows the server's reason and a way out", async () => {
  const map = await session.open("station=nowhere");
  const { status, body } = await session.server.get("v1/jobs?station=nowhere&radius=800");
  assert.equal(status, 400);
  const said = await map.page.locator("#list .detail").textContent();
  for (const part of [body.parameter, body.value, body.detail, body.allowed]) assert.ok(said.includes(part), said);
  await assertAccessible(map, "refused");
  await map.page.locator("#list .quiet").click();
  await map.page.locator("#list .jobs").waitFor();
  await shows(map, "sort=newest");
  // Chromium itself writes refused requests to the console.
  map.trouble = map.trouble.filter((text) => !text.includes("400"));
  await map.close();
});

test("without the server the page says so, and comes back when it does", async () => {
  const map = await session.open("station=longxiangqiao");
  await map.page.context().setOffline(true);
  await map.page.locator("#chips [data-category=gig]").click();
  await map.page.locator("#list .trouble").waitFor();
  assert.match(await map.page.locator("#list .trouble").textContent(), /连不上服务器/);
  await assertAccessible(map, "offline");
  await map.page.context().setOffline(false);
  await map.page.locator("#list .trouble button").click();
  await map.page.locator("#list .jobs").waitFor();
  await map.rest();
  const answer = await session.answers.jobs("station=longxiangqiao&radius=800&category=gig");
  assert.deepEqual(await map.ids(), answer.features.map((job) => job.id));
  map.trouble = map.trouble.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED"));
  await map.close();
});

test("a slow server: the page says that it is looking, and keeps what it had", async () => {
  const map = await session.open("station=longxiangqiao");
  const before = await map.ids();
  let answer;
  const held = new Promise((go) => (answer = go));
  await map.page.route("**/v1/jobs?*", async (route) => {
    await held;
    await route.continue();
  });
  await map.page.locator("#chips [data-category=gig]").click();
  await map.page.locator("#list[aria-busy=true]").waitFor();
  assert.deepEqual(await map.ids(), before);
  answer();
  await shows(map, "station=longxiangqiao&radius=800&category=gig");
  await map.close();
});

test("nothing found: ways out that work", async () => {
  let lonely;
  for (const id of session.stations.keys()) {
    const [near, far] = await Promise.all(
      [300, 600].map((radius) => session.answers.jobs(`station=${id}&radius=${radius}&category=internship`, 1)),
    );
    if (near.numberMatched === 0 && far.numberMatched > 0) {
      lonely = id;
      break;
    }
  }
  assert.ok(lonely, "every station has internships within 300 m");
  const map = await session.open(`station=${lonely}&radius=300&category=internship`);
  assert.deepEqual(await map.totals(), [0, 0]);
  await assertAccessible(map, "empty");
  await map.page.locator("#list .state button", { hasText: "扩大范围" }).click();
  await map.page.locator("#list .jobs").waitFor();
  await shows(map, `station=${lonely}&radius=600&category=internship`);
  await map.close();
});

test("on a phone nothing is cut off, and a job can be applied for", async () => {
  const map = await session.open("station=longxiangqiao", phone);
  const { page } = map;
  await shows(map, "station=longxiangqiao&radius=800");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= phone.width);
  await page.locator("#list .job button").nth(1).click();
  await page.locator("#card dl").waitFor();
  const box = await page.locator("#card").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= phone.width && box.y + box.height <= phone.height, JSON.stringify(box));
  const apply = page.locator("#card a.apply");
  if ((await apply.count()) > 0) {
    const button = await apply.boundingBox();
    assert.ok(button.y + button.height <= phone.height, JSON.stringify(button));
  }
  await page.locator("#card .close").click();
  assert.equal(await page.locator("#card").isVisible(), false);
  await map.close();
});

test("English, switched at once and kept in the URL; nothing Chinese is left but names", async () => {
  const map = await session.open("station=longxiangqiao");
  await map.page.locator("#language").click();
  assert.equal(map.fragment().get("lang"), "en");
  assert.equal(await map.page.locator("html").getAttribute("lang"), "en");
  assert.match(await map.page.locator("#summary h2").textContent(), /^Near Longxiangqiao/);
  assert.match(await map.page.locator("#chips [data-category=gig]").textContent(), /^Gig/);
  await shows(map, "station=longxiangqiao&radius=800");
  const words = await map.page.locator("#head, #where, #more > summary, #legend, #layer-switch").allInnerTexts();
  assert.doesNotMatch(words.join("\n").replace("中文", ""), /\p{Script=Han}/u);
  await map.close();
});

test("a keyboard reaches everything on the first screen", async () => {
  const map = await session.open("station=longxiangqiao&radius=300");
  const reached = new Set();
  for (let i = 0; i < 60; ++i) {
    await map.page.keyboard.press("Tab");
    reached.add(
      await map.page.evaluate(() => {
        const at = document.activeElement;
        return at.id || at.dataset?.key || at.closest("[id]")?.id || at.tagName;
      }),
    );
  }
  for (const wanted of ["theme", "language", "q", "category-gig", "where-metro", "circle", "sort", "list"]) {
    if (wanted === "circle") continue; // folded away until it is asked for
    assert.ok(reached.has(wanted), `${wanted} is not among ${[...reached].join(", ")}`);
  }
  await map.close();
});
