// The seeker's paths, driven as a person drives them: search, chips, metro, "from here", filters, and the URL that
// holds it all. Whatever the page shows must be what the API answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startSession } from "./session.mjs";

const session = startSession();
const shows = (map, query, limit) => session.answers.assertShows(map, query, limit);
const asks = (map, from, expected) => session.answers.assertTilesAsk(map, from, expected);

test("the first screen: the whole city, the newest jobs, every layer from our own tiles", async () => {
  const map = await session.open();
  await shows(map, "sort=newest");
  for (const layer of ["districts", "lines", "stations", "jobs"])
    assert.ok(map.requests.some((url) => url.startsWith(`${session.server.base}tiles/${layer}/`)), layer);
  await asks(map, 0, {});
  assert.match(await map.page.locator("#banner").textContent(), /synthetic/);
  await map.close();
});

test("a station searched by pinyin and taken by keyboard", async () => {
  const map = await session.open();
  const { page } = map;
  await page.locator("#q").focus();
  await page.keyboard.type("longx");
  const option = page.locator("#suggestions [role=option]", { hasText: "龙翔桥" });
  await option.waitFor();
  while ((await option.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("station=longxiangqiao"));
  assert.match(await page.locator("#pills").textContent(), /龙翔桥/);
  const answer = await shows(map, "station=longxiangqiao&radius=800");
  assert.ok(answer.features.length > 5, "too few jobs near the station for this test to mean anything");
  const shown = await page.locator("#list .job-where").allTextContents();
  shown.forEach((text, i) => {
    const metres = answer.features[i].properties.distance_m;
    assert.ok(text.endsWith("米") && Math.abs(parseInt(text) - metres) <= 0.5, `${text} for ${metres}`);
  });
  await map.close();
});

test("the search box's example is of this city and finds something, in either language", async () => {
  const names = [...session.stations.values()].flatMap(({ properties }) => [properties.name, properties.name_en]);
  for (const [lang, before] of [["zh", "如 "], ["en", "e.g. "]]) {
    const map = await session.open(`lang=${lang}`);
    const hint = await map.page.locator("#q").getAttribute("placeholder");
    const examples = hint.slice(hint.indexOf(before) + before.length).split("、");
    assert.ok(names.includes(examples[0]), hint);
    for (const example of examples) {
      await map.page.locator("#q").fill(example);
      await map.page.locator("#suggestions [role=option]:has(.station)").first().waitFor();
    }
    await map.close();
  }
});

test("Chinese and initials find the station too; Escape leaves things as they were", async () => {
  const map = await session.open();
  const { page } = map;
  for (const text of ["龙翔", "lxq"]) {
    await page.locator("#q").fill(text);
    await page.locator("#suggestions [role=option]", { hasText: "龙翔桥" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#suggestions").isVisible(), false);
  }
  assert.equal(map.fragment().get("station"), null);
  await map.close();
});

test("words searched for: the list, the chips and the tiles follow; cleared, they come back", async () => {
  const map = await session.open();
  const { page } = map;
  const from = map.requests.length;
  await page.locator("#q").fill("工程师");
  await page.locator("#suggestions [role=option]").first().click();
  await page.waitForFunction(() => location.hash.includes("q="));
  const found = await shows(map, "q=工程师");
  assert.ok(found.numberMatched > 0, "no engineer in the sample");
  for (const { properties: job } of found.features)
    assert.ok([job.title, job.employer, job.description].some((text) => text?.includes("工程师")), job.title);
  await asks(map, from, { q: "工程师" });
  await page.locator("#search .clear").click();
  await shows(map, "sort=newest");
  await map.close();
});

test("a district suggested and taken", async () => {
  const map = await session.open();
  await map.page.locator("#q").fill("西湖区");
  await map.page.locator("#suggestions [role=option]", { has: map.page.locator(".district") }).first().click();
  await map.page.waitForFunction(() => location.hash.includes("district=330106"));
  await shows(map, "district=330106");
  await map.close();
});

test("chips change list and map alike", async () => {
  const map = await session.open("station=longxiangqiao&radius=2000");
  const place = "station=longxiangqiao&radius=2000";
  for (const [press, categories] of [
    ["gig", "gig"],
    ["internship", "gig,internship"],
    ["gig", "internship"],
    ["all", ""],
  ]) {
    const from = map.requests.length;
    await map.page.locator(`#chips [data-category=${press}]`).click();
    await shows(map, categories ? `${place}&category=${categories}` : place);
    await asks(map, from, { station: "longxiangqiao", radius: "2000", ...(categories && { category: categories }) });
    assert.equal(map.fragment().get("category"), categories || null);
  }
  await map.close();
});

test("a metro line, and stations picked along it", async () => {
  const map = await session.open();
  const { page } = map;
  await page.locator("#where-metro").check({ force: true });
  await page.locator("[data-key=line-1]").click();
  await page.locator("[data-key=whole-line]").click();
  await shows(map, "line=1&radius=800");
  await page.locator("[data-key=stop-longxiangqiao]").click();
  await page.locator("[data-key=stop-fengqilu]").click();
  await shows(map, "station=longxiangqiao,fengqilu&radius=800");
  await page.locator("#radius").selectOption("3000");
  await shows(map, "station=longxiangqiao,fengqilu&radius=3000");
  await page.locator("#where-everywhere").check({ force: true });
  await shows(map, "sort=newest");
  await map.close();
});

test("from a place picked on the map: minutes, a way to go, the ground within reach; then a second place", async () => {
  const map = await session.open("view=12.5/30.25/120.17");
  const { page } = map;
  await page.locator("#where-here").check({ force: true });
  await page.locator("[data-key=pick-0]").click();
  await map.clickMap([120.16, 30.255]);
  await page.waitForFunction(() => location.hash.includes("from="));
  const place = () => map.fragment().get("from");
  const first = place();
  let answer = await shows(map, `reach=${first}&minutes=30&mode=walk`);
  const minutes = await page.locator("#list .job-where").allTextContents();
  minutes.forEach((text, i) => assert.equal(parseInt(text), Math.ceil(answer.features[i].properties.minutes)));
  assert.ok(map.requests.some((url) => url.includes("/v1/isochrone?") && url.includes("minutes=30")), "no reachable area");

  await page.locator("#mode-metro").check({ force: true });
  answer = await shows(map, `reach=${first}&minutes=30&mode=metro`);
  await page.locator("#minutes").fill("45");
  await page.locator("#minutes").dispatchEvent("change");
  const more = await shows(map, `reach=${first}&minutes=45&mode=metro`);
  assert.ok(more.numberMatched >= answer.numberMatched);
  await page.locator("#list .job button").first().click();
  await page.locator("#card .legs li").first().waitFor();
  await page.keyboard.press("Escape");

  await page.locator("[data-key=pick-1]").click();
  const [, latitude, longitude] = map.fragment().get("view").split("/").map(Number);
  await map.clickMap([longitude + 0.01, latitude - 0.01]);
  await page.waitForFunction(() => location.hash.includes(";"));
  await shows(map, `reach=${place()}&minutes=45&mode=metro`);
  await page.locator("[data-key=forget-1]").click();
  await shows(map, `reach=${first}&minutes=45&mode=metro`);
  await map.close();
});

test("the further filters: circle, district, pay, education, shift", async () => {
  const map = await session.open("station=longxiangqiao&radius=3000");
  const { page } = map;
  let query = "station=longxiangqiao&radius=3000";
  const then = async (more) => shows(map, (query += more));
  await page.locator("#more summary").click();
  await page.locator("#circle").check();
  const served = await then("&circle=service");
  const note = await page.locator("#summary").textContent();
  assert.ok(note.includes(`${Math.round(served.method.circle_m)} 米`), note);
  assert.ok(note.includes(String(served.method.speed_kmh)) && note.includes(String(served.method.detour)), note);
  await page.locator("[data-key=district-330102]").click();
  await then("&district=330102");
  await page.locator("#pay-unit").selectOption("month");
  await then("&pay_unit=month");
  await page.locator("#pay-min").fill("6000");
  await page.locator("#pay-min").press("Enter");
  await then("&pay_min=6000");
  await page.locator("#sort").selectOption("pay");
  const paid = await shows(map, `${query}&sort=pay`);
  assert.ok(paid.features.every((job) => job.properties.pay_unit === "month"));
  await page.locator("#education").selectOption("bachelor");
  await shows(map, `${(query += "&education=bachelor")}&sort=pay`);
  await page.locator("#pills [data-pill=pay]").click();
  await shows(map, "station=longxiangqiao&radius=3000&circle=service&district=330102&education=bachelor");
  await page.locator("[data-key=reset]").click();
  await page.locator("#shift").selectOption("18:00-23:00");
  await shows(map, "shift=18:00-23:00");
  await map.close();
});

test("the URL holds the state: a reload restores it, back and forward walk through it", async () => {
  const map = await session.open("station=longxiangqiao&radius=2000");
  const { page } = map;
  await page.locator("#chips [data-category=full_time]").click();
  await shows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await page.locator("#more summary").click();
  await page.locator("#circle").check();
  const shown = "station=longxiangqiao&radius=2000&category=full_time&circle=service";
  await shows(map, shown);
  await page.locator("#list .job button").first().click();
  await page.locator("#card dl").waitFor();
  await map.rest();
  const url = page.url();
  const title = await page.locator("#card h2").textContent();

  await page.reload();
  await shows(map, shown);
  assert.equal(page.url(), url);
  assert.ok(await page.locator("#circle").isChecked());
  assert.equal(await page.locator("#chips [data-category=full_time]").getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator("#card h2").textContent(), title);

  await page.goBack();
  await page.locator("#card").waitFor({ state: "hidden" });
  await page.goBack();
  await shows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await page.goBack();
  await shows(map, "station=longxiangqiao&radius=2000");
  await page.goForward();
  await shows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await map.close();
});

test("more jobs by the next link, in the API's order", async () => {
  const map = await session.open("station=longxiangqiao&radius=5000");
  await map.page.locator(".more").click();
  await map.page.waitForFunction(() => document.querySelectorAll("#list .job").length === 60);
  await shows(map, "station=longxiangqiao&radius=5000", 60);
  await map.close();
});
