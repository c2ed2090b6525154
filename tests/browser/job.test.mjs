// A job on the map and opened as a card: what the card says is what the API says of it, and text stays text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hostile } from "./server.mjs";
import { startSession } from "./session.mjs";

const session = startSession();

const day = (time) =>
  new Date(time).toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric", timeZone: "Asia/Shanghai" }); // the city's
const number = (n) => n.toLocaleString("en-US", { maximumFractionDigits: 2 });
const jobOf = async (id) => (await session.server.get(`v1/jobs/${encodeURIComponent(id)}`)).body;

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

test("a job opened from the list; Escape closes it and gives the focus back", async () => {
  const map = await session.open("station=longxiangqiao&radius=2000");
  const { page } = map;
  const ids = await map.ids();
  for (const at of [0, 7, 15]) {
    await page.locator("#list .job button").nth(at).click();
    await page.waitForFunction((id) => decodeURIComponent(location.hash).includes(`job=${id}&`), ids[at]);
    const job = await jobOf(ids[at]);
    await page.locator("#card h2", { hasText: job.properties.title }).waitFor();
    await assertCard(page, job);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#card").isVisible(), false);
    assert.ok(await page.locator("#list .job button").nth(at).evaluate((button) => button === document.activeElement));
  }
  await map.close();
});

test("the way to a job, leg by leg, in words of the page's language", async () => {
  const query = "reach=120.16,30.25&minutes=45&mode=metro";
  const { features } = await session.answers.jobs(query, 1000);
  const far = features.findLast(({ properties }) => properties.legs.length > 5);
  assert.ok(far, "no job needs a change of lines");
  const { title, legs } = far.properties;
  for (const [lang, words] of [
    ["zh", { walk: "步行", board: "进站", metro: "乘", transfer: "换乘", exit: "出站" }],
    ["en", { walk: "on foot", board: "waiting", metro: " on ", transfer: "changing", exit: "out of" }],
  ]) {
    const map = await session.open(`from=120.16,30.25&minutes=45&mode=metro&lang=${lang}&q=${encodeURIComponent(title)}`);
    const entry = map.page.locator(`.job[data-id="${far.id}"] button`);
    for (let pages = 0; pages < 30 && (await entry.count()) === 0; ++pages) await map.page.locator("#list .more").click();
    await entry.click();
    await map.page.locator("#card .legs li").first().waitFor();
    const said = await map.page.locator("#card .legs li").allTextContents();
    assert.equal(said.length, legs.length);
    legs.forEach(({ mode, minutes }, i) => {
      assert.ok(said[i].includes(words[mode]) && said[i].includes(String(Math.max(1, Math.round(minutes)))), `${mode} ${minutes}: ${said[i]}`);
      assert.ok(!said[i].includes("undefined"), said[i]);
    });
    await map.close();
  }
});

const metresBetween = ([x1, y1], [x2, y2]) => Math.hypot((x1 - x2) * 96_300, (y1 - y2) * 110_900);

// A job that nothing else on the map is near, at a zoom where it is drawn by itself.
async function lonelyJob() {
  const { features } = await session.answers.jobs("station=longxiangqiao&radius=5000", 1000);
  const { features: points } = (await session.server.get("v1/service-points")).body;
  const marks = [...session.stations.values(), ...points, ...features];
  const alone = features.find(({ id, geometry }) =>
    marks.every((mark) => mark.id === id || metresBetween(mark.geometry.coordinates, geometry.coordinates) > 60),
  );
  assert.ok(alone, "no job stands alone");
  return alone;
}

test("a job clicked on the map", async () => {
  const alone = await lonelyJob();
  const [longitude, latitude] = alone.geometry.coordinates;
  const map = await session.open(`view=16/${latitude + 0.001}/${longitude}`);
  await map.clickMap(alone.geometry.coordinates);
  await map.page.waitForFunction(() => location.hash.includes("job="));
  assert.equal(map.fragment().get("job"), alone.id);
  await assertCard(map.page, await jobOf(alone.id));
  await map.close();
});

test("pointed at on the map a job is marked in the list; pointed at in the list it is ringed on the map", async () => {
  const alone = await lonelyJob();
  const [longitude, latitude] = alone.geometry.coordinates;
  const around = `area=${longitude - 0.002},${latitude - 0.002},${longitude + 0.002},${latitude + 0.002}`;
  const map = await session.open(`${around}&view=16/${latitude}/${longitude}`);
  const { page } = map;
  assert.ok((await map.ids()).includes(alone.id));
  const { x, y } = await map.pixel(alone.geometry.coordinates);
  await page.mouse.move(x - 30, y - 30);
  await page.mouse.move(x, y);
  await page.locator(`.job.pointed[data-id="${alone.id}"]`).waitFor();
  assert.ok(await page.locator(`.job[data-id="${alone.id}"]`).isVisible());
  await page.mouse.move(x + 40, y + 40);
  await page.locator(".job.pointed").waitFor({ state: "detached" });

  // The ring is on the canvas: its picture changes round the job and, when the pointer leaves, is as it was.
  const clip = { x: Math.round(x) - 14, y: Math.round(y) - 14, width: 28, height: 28 };
  const picture = async () => (await map.rest(), (await page.screenshot({ clip })).toString("base64"));
  const settled = async (condition) => {
    for (let i = 0; i < 60; ++i) {
      const seen = await picture();
      if (condition(seen)) return seen;
    }
    return assert.fail("the picture round the job didn't change");
  };
  await page.mouse.move(2, 2);
  const before = await picture();
  await page.locator(`.job[data-id="${alone.id}"] button`).hover();
  await settled((seen) => seen !== before);
  await page.mouse.move(2, 2);
  await settled((seen) => seen === before);
  await map.close();
});

test("a posting's text is text", async () => {
  const map = await session.open("station=longxiangqiao&radius=300&category=gig");
  const { page } = map;
  const entry = page.locator('.job[data-id="hostile:1"]');
  assert.equal(await entry.locator(".job-title").textContent(), hostile.title);
  assert.equal(await entry.locator(".employer").textContent(), hostile.employer);
  await entry.locator("button").click();
  await page.locator("#card dl").waitFor();
  assert.equal(await page.locator("#card h2").textContent(), hostile.title);
  const text = await page.locator("#card").innerText();
  for (const part of [hostile.employer, hostile.address, hostile.description]) assert.ok(text.includes(part), text);
  assert.equal(await page.locator("#panel img, #panel script, #panel svg, #card img, #card script, #card svg").count(), 0);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  await map.close();
});

test("a job that is gone says so", async () => {
  const map = await session.open("job=synthetic:999999999");
  await map.page.locator("#card [role=alert]").waitFor();
  assert.match(await map.page.locator("#card").textContent(), /已过期或不存在/);
  map.trouble = map.trouble.filter((text) => !text.includes("404"));
  await map.close();
});
