// The page driven as its users drive it, against the real server: whatever it shows must be what the API answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { MapPage, startBrowser } from "./page.mjs";
import { hostile, startServer } from "./server.mjs";

const pageSize = 30;
let server, browser, stations;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
  const { body } = await server.get("v1/stations");
  stations = new Map(body.features.map((station) => [station.properties.id ?? station.id, station]));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = (fragment, viewport) => MapPage.open(browser, server.base, fragment, viewport);

async function jobs(query, limit = pageSize) {
  const { status, body } = await server.get(`v1/jobs?${query}&limit=${limit}`);
  assert.equal(status, 200, body.detail);
  return body;
}

// The list on the screen is the API's answer: the same ids in the same order, the same totals.
async function assertShows(map, query, limit = pageSize) {
  await map.rest();
  const answer = await jobs(query, limit);
  assert.deepEqual(await map.ids(), answer.features.map((job) => job.id), query);
  assert.deepEqual(await map.totals(), [answer.numberMatched, answer.openings], query);
  return answer;
}

// The tiles asked for since `from` come to ask that query, and from then on no other: what was asked before may still
// have been on its way.
async function assertTilesAsk(map, from, expected) {
  const same = (query) => isDeepStrictEqual(query, expected);
  const deadline = Date.now() + 10_000;
  let asked;
  do {
    await map.rest();
    asked = map.jobTiles(from);
  } while (!asked.some(same) && Date.now() < deadline);
  assert.ok(asked.some(same), `no tile of jobs was asked for ${JSON.stringify(expected)}, but ${JSON.stringify(asked)}`);
  for (const query of asked.slice(asked.findIndex(same))) assert.deepEqual(query, expected);
}

test("the first screen: the whole city, the newest jobs, every layer from our own tiles", async () => {
  const map = await open();
  await assertShows(map, "sort=newest");
  for (const layer of ["districts", "lines", "stations", "jobs"])
    assert.ok(map.requests.some((url) => url.startsWith(`${server.base}tiles/${layer}/`)), layer);
  await assertTilesAsk(map, 0, {});
  assert.match(await map.page.locator("#banner").textContent(), /synthetic/);
  await map.close();
});

test("a station searched by pinyin and taken by keyboard", async () => {
  const map = await open();
  const { page } = map;
  await page.locator("#station").focus();
  await page.keyboard.type("longx");
  const options = page.locator("#stations [role=option]");
  await options.first().waitFor();
  const suggested = (await server.get("v1/stations?q=longx")).body.features.slice(0, 8);
  assert.deepEqual(await options.locator(".name").allTextContents(), suggested.map((s) => s.properties.name));
  const wanted = suggested.findIndex((s) => s.properties.id === "longxiangqiao");
  assert.ok(wanted >= 0);
  for (let i = 0; i < wanted; ++i) await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#stations [aria-selected=true] .name").textContent(), "龙翔桥");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("station=longxiangqiao"));
  assert.equal(await page.locator("#station").inputValue(), "龙翔桥");
  const answer = await assertShows(map, "station=longxiangqiao&radius=800");
  assert.ok(answer.features.length > 5, "too few jobs near the station for this test to mean anything");
  const shown = await page.locator("#list .job-where").allTextContents();
  shown.forEach((text, i) => {
    const metres = answer.features[i].properties.distance_m;
    assert.ok(text.endsWith("米") && Math.abs(parseInt(text) - metres) <= 0.5, `${text} for ${metres}`);
  });
  await map.close();
});

test("the Chinese name and the initials find the station too; Escape leaves things as they were", async () => {
  const map = await open();
  const { page } = map;
  for (const text of ["龙翔", "lxq"]) {
    await page.locator("#station").fill(text);
    await page.locator("#stations [role=option]", { hasText: "龙翔桥" }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#stations").isVisible(), false);
  }
  await page.locator("#station").fill("没有这个站");
  await page.locator("#stations .none").waitFor();
  assert.equal(map.fragment().get("station"), null);
  await map.close();
});

test("a station clicked on the map", async () => {
  for (const id of ["longxiangqiao", "fengqilu"]) {
    const map = await open("view=14/30.25698/120.15937");
    const from = map.requests.length;
    await map.clickMap(stations.get(id).geometry.coordinates);
    await map.page.waitForFunction((station) => location.hash.includes(`station=${station}&`), id);
    await assertShows(map, `station=${id}&radius=800`);
    assert.equal(await map.page.locator("#station").inputValue(), stations.get(id).properties.name);
    await assertTilesAsk(map, from, { station: id, radius: "800" });
    await map.close();
  }
});

test("categories change list and map alike", async () => {
  const map = await open("station=longxiangqiao&radius=2000");
  const place = "station=longxiangqiao&radius=2000";
  for (const [press, categories] of [
    ["gig", "gig"],
    ["internship", "gig,internship"],
    ["gig", "internship"],
    ["all", ""],
  ]) {
    const from = map.requests.length;
    await map.page.locator(`[data-category=${press}]`).click();
    await assertShows(map, categories ? `${place}&category=${categories}` : place);
    const expected = { station: "longxiangqiao", radius: "2000", ...(categories && { category: categories }) };
    await assertTilesAsk(map, from, expected);
    assert.equal(map.fragment().get("category"), categories || null);
  }
  await map.close();
});

test("radius, order and the service circle", async () => {
  const map = await open("station=longxiangqiao");
  await map.page.locator("#radius").selectOption("3000");
  await assertShows(map, "station=longxiangqiao&radius=3000");
  await map.page.locator("#sort").selectOption("newest");
  await assertShows(map, "station=longxiangqiao&radius=3000&sort=newest");
  await map.page.locator("#sort").selectOption("pay_month");
  const paid = await assertShows(map, "station=longxiangqiao&radius=3000&sort=pay&pay_unit=month");
  assert.ok(paid.features.every((job) => job.properties.pay_unit === "month"));
  await map.page.locator("#sort").selectOption("distance");
  const from = map.requests.length;
  await map.page.locator("#circle").check();
  const served = await assertShows(map, "station=longxiangqiao&radius=3000&circle=service");
  await assertTilesAsk(map, from, { station: "longxiangqiao", radius: "3000", circle: "service" });
  const note = await map.page.locator("#summary").textContent();
  assert.ok(note.includes(`${Math.round(served.method.circle_m)} 米`), note);
  assert.ok(note.includes(String(served.method.speed_kmh)) && note.includes(String(served.method.detour)), note);
  if (served.unlocated > 0) assert.ok(note.includes(served.unlocated.toLocaleString("en-US")), note);
  await map.page.locator("#circle").uncheck();
  await assertShows(map, "station=longxiangqiao&radius=3000");
  await map.close();
});

test("more jobs by the next link, in the API's order", async () => {
  const map = await open("station=longxiangqiao&radius=5000");
  await map.page.locator(".more").click();
  await map.page.waitForFunction((n) => document.querySelectorAll("#list .job").length === n, 2 * pageSize);
  await assertShows(map, "station=longxiangqiao&radius=5000", 2 * pageSize);
  await map.close();
});

const day = (time) =>
  new Date(time).toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" });
const number = (n) => n.toLocaleString("en-US", { maximumFractionDigits: 2 });

async function assertCard(page, { id, properties: job }) {
  const card = page.locator("#card");
  await card.locator("dl").waitFor();
  const text = await card.innerText();
  const said = [job.title, job.employer, `${number(job.openings)} 人`, day(job.expires_at), id];
  for (const amount of [job.pay_min, job.pay_max]) if (amount !== undefined) said.push(number(amount));
  if (job.address) said.push(job.address);
  for (const place of [...(job.stations ?? []), job.service_point].filter(Boolean)) said.push(place.name);
  const far = (metres) => (metres < 999.5 ? `${Math.round(metres)} 米` : "公里");
  for (const station of job.stations ?? []) said.push(far(station.distance_m));
  const precision = { exact: "精确位置", address: "按门牌地址定位", street: "按街道定位", community: "只知社区", district: "只知所在区" };
  said.push(precision[job.precision]);
  for (const part of said) assert.ok(text.includes(part), `"${part}" is missing in:\n${text}`);
  if (!job.apply_url) return;
  const apply = card.locator("a.apply");
  assert.equal(await apply.getAttribute("href"), job.apply_url);
  assert.match(await apply.getAttribute("rel"), /noopener/);
}

test("a job opened from the list shows what the API says of it; Escape closes it and gives the focus back", async () => {
  const map = await open("station=longxiangqiao&radius=2000");
  const { page } = map;
  const ids = await map.ids();
  for (const at of [0, 7, 15]) {
    await page.locator("#list .job button").nth(at).click();
    await page.waitForFunction((id) => decodeURIComponent(location.hash).includes(`job=${id}&`), ids[at]);
    const job = (await server.get(`v1/jobs/${encodeURIComponent(ids[at])}`)).body;
    await page.locator("#card h2", { hasText: job.properties.title }).waitFor();
    await assertCard(page, job);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#card").isVisible(), false);
    assert.ok(await page.locator("#list .job button").nth(at).evaluate((button) => button === document.activeElement));
  }
  await map.close();
});

const metresBetween = ([x1, y1], [x2, y2]) => Math.hypot((x1 - x2) * 96_300, (y1 - y2) * 110_900);

test("a job clicked on the map", async () => {
  const { features } = await jobs("station=longxiangqiao&radius=5000", 1000);
  const { features: points } = (await server.get("v1/service-points")).body;
  const marks = [...stations.values(), ...points, ...features];
  const alone = features.find(({ id, geometry }) =>
    marks.every((mark) => mark.id === id || metresBetween(mark.geometry.coordinates, geometry.coordinates) > 60),
  );
  assert.ok(alone, "no job stands alone");
  const [longitude, latitude] = alone.geometry.coordinates;
  const map = await open(`view=16/${latitude + 0.001}/${longitude}`);
  await map.clickMap(alone.geometry.coordinates);
  await map.page.waitForFunction(() => location.hash.includes("job="));
  assert.equal(map.fragment().get("job"), alone.id);
  await assertCard(map.page, (await server.get(`v1/jobs/${encodeURIComponent(alone.id)}`)).body);
  await map.close();
});

test("the URL holds the state: a reload restores it, back and forward walk through it", async () => {
  const map = await open("station=longxiangqiao&radius=2000");
  const { page } = map;
  await page.locator("[data-category=full_time]").click();
  await assertShows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await page.locator("#circle").check();
  const shown = "station=longxiangqiao&radius=2000&category=full_time&circle=service";
  await assertShows(map, shown);
  await page.locator("#list .job button").first().click();
  await page.locator("#card dl").waitFor();
  await map.rest();
  const url = page.url();
  const title = await page.locator("#card h2").textContent();

  await page.reload();
  await assertShows(map, shown);
  assert.equal(page.url(), url);
  assert.equal(await page.locator("#station").inputValue(), "龙翔桥");
  assert.equal(await page.locator("#radius").inputValue(), "2000");
  assert.ok(await page.locator("#circle").isChecked());
  assert.equal(await page.locator("[data-category=full_time]").getAttribute("aria-pressed"), "true");
  assert.equal(await page.locator("#card h2").textContent(), title);

  await page.goBack();
  await page.locator("#card").waitFor({ state: "hidden" });
  await page.goBack();
  await assertShows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await page.goBack();
  await assertShows(map, "station=longxiangqiao&radius=2000");
  await page.goForward();
  await assertShows(map, "station=longxiangqiao&radius=2000&category=full_time");
  await map.close();
});

test("a posting's text is text", async () => {
  const map = await open("station=longxiangqiao&radius=300&category=gig");
  const { page } = map;
  const entry = page.locator('.job[data-id="hostile:1"]');
  assert.equal(await entry.locator(".job-title").textContent(), hostile.title);
  assert.equal(await entry.locator(".employer").textContent(), hostile.employer);
  await entry.locator("button").click();
  await page.locator("#card dl").waitFor();
  assert.equal(await page.locator("#card h2").textContent(), hostile.title);
  const text = await page.locator("#card").innerText();
  for (const part of [hostile.employer, hostile.address, hostile.description]) assert.ok(text.includes(part), text);
  assert.equal(await page.locator("#list img, #list script, #list svg, #card img, #card script, #card svg").count(), 0);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  await map.close();
});

test("a refused query shows the server's reason and a way out", async () => {
  const map = await open("station=nowhere");
  const { status, body } = await server.get("v1/jobs?station=nowhere&radius=800");
  assert.equal(status, 400);
  const said = await map.page.locator("#list .detail").textContent();
  for (const part of [body.parameter, body.value, body.detail, body.allowed]) assert.ok(said.includes(part), said);
  await map.page.locator("#list .quiet").click();
  await map.page.locator("#list .jobs").waitFor();
  await assertShows(map, "sort=newest");
  // Chromium itself writes refused requests to the console: the list and the address of the tiles, no more.
  assert.equal(map.trouble.filter((text) => text.includes("400")).length, 2, map.trouble.join("\n"));
  map.trouble = map.trouble.filter((text) => !text.includes("400"));
  await map.close();
});

test("without the server the page says so, and comes back when it does", async () => {
  const map = await open("station=longxiangqiao");
  await map.page.context().setOffline(true);
  await map.page.locator("[data-category=gig]").click();
  await map.page.locator("#list .trouble").waitFor();
  assert.match(await map.page.locator("#list .trouble").textContent(), /连不上服务器/);
  await map.page.context().setOffline(false);
  await map.page.locator("#list .trouble button").click();
  await map.page.locator("#list .jobs").waitFor();
  await assertShows(map, "station=longxiangqiao&radius=800&category=gig");
  map.trouble = map.trouble.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED"));
  await map.close();
});

test("nothing found: ways out that work", async () => {
  // The outermost station is the likeliest to be lonely; the test looks for one that is.
  let lonely;
  for (const id of stations.keys()) {
    const [near, far] = await Promise.all([jobs(`station=${id}&radius=300&category=internship`, 1), jobs(`station=${id}&radius=600&category=internship`, 1)]);
    if (near.numberMatched === 0 && far.numberMatched > 0) {
      lonely = id;
      break;
    }
  }
  assert.ok(lonely, "every station has internships within 300 m");
  const map = await open(`station=${lonely}&radius=300&category=internship`);
  assert.deepEqual(await map.totals(), [0, 0]);
  await map.page.locator("#list .state button", { hasText: "扩大范围" }).click();
  await map.page.locator("#list .jobs").waitFor();
  await assertShows(map, `station=${lonely}&radius=600&category=internship`);
  await map.close();
});

test("on a phone nothing is cut off, and a job can be applied for", async () => {
  const map = await open("station=longxiangqiao", { width: 390, height: 844 });
  const { page } = map;
  await assertShows(map, "station=longxiangqiao&radius=800");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
  await page.locator("#list .job button").nth(1).click();
  await page.locator("#card dl").waitFor();
  const box = await page.locator("#card").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, JSON.stringify(box));
  const apply = page.locator("#card a.apply");
  if ((await apply.count()) > 0) {
    const button = await apply.boundingBox();
    assert.ok(button.y + button.height <= 844, JSON.stringify(button));
  }
  await page.locator("#card .close").click();
  assert.equal(await page.locator("#card").isVisible(), false);
  await map.close();
});

test("English, switched at once and kept in the URL", async () => {
  const map = await open("station=longxiangqiao");
  await map.page.locator("#language").click();
  assert.equal(map.fragment().get("lang"), "en");
  assert.equal(await map.page.locator("html").getAttribute("lang"), "en");
  assert.equal(await map.page.locator("#station").inputValue(), stations.get("longxiangqiao").properties.name_en);
  assert.match(await map.page.locator("#summary h2").textContent(), /^Near /);
  assert.equal(await map.page.locator("[data-category=gig]").textContent(), "Gig");
  await assertShows(map, "station=longxiangqiao&radius=800");
  await map.close();
});
