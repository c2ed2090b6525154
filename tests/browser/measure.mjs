// How quickly the map stands, and how smoothly it moves, against a running server:
//
//   node tests/browser/measure.mjs http://127.0.0.1:8080/ [fragment]
//
// The first map: from the start of the navigation to the first frame in which every tile of the view is drawn. Moving:
// eight drags and eight turns of the wheel; the main thread's own time (script, style and layout, by Chromium's
// counters), its tasks over 50 ms, and the time between frames. Where WebGL is drawn by SwiftShader the frames wait for
// the processor, not for us: so the same drags over a map without our jobs are given beside, as the floor.
import { startBrowser } from "./page.mjs";

const [base, fragment = ""] = process.argv.slice(2);
if (!base) throw new Error("usage: node measure.mjs URL [fragment]");
const size = { width: 1280, height: 800 };
const rounds = 5;

// Before any script of the page: keeps its long tasks and, once asked, its frames.
function watch() {
  window.seen = { tasks: [], frames: [] };
  new PerformanceObserver((list) => window.seen.tasks.push(...list.getEntries().map((task) => [task.startTime, task.duration]))).observe({
    type: "longtask",
    buffered: true,
  });
  let last = 0;
  const frame = (now) => {
    if (last) window.seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  window.watchFrames = () => requestAnimationFrame(frame);
}

const drawn = (page) =>
  page.waitForFunction(() => performance.getEntriesByName("map-drawn").length > 0, null, { timeout: 60_000, polling: 20 });
const still = (page) => page.waitForFunction(() => !document.querySelector("#map[aria-busy]"), null, { timeout: 60_000 });

async function open(browser, { block } = {}) {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.addInitScript(watch);
  if (block) await page.route("**/tiles/jobs/**", (route) => route.fulfill({ status: 204 }));
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(`${base}#${fragment}`);
  await drawn(page);
  return { page, session, close: () => context.close() };
}

const times = ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
async function counters({ session }) {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.filter(({ name }) => times.includes(name)).map(({ name, value }) => [name, value * 1000]));
}

async function drag(page, [dx, dy]) {
  const box = await page.locator("#map").boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx, y + dy, { steps: 12 });
  await page.mouse.up();
}

const east = [-300, 0], south = [0, -220], west = [300, 0], north = [0, 220];
const ways = [east, south, west, north, east, south, west, north];

async function move(page) {
  const box = await page.locator("#map").boundingBox();
  for (const way of ways) await drag(page, way);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const turn of [-240, -240, -240, -240, 240, 240, 240, 240]) {
    await page.mouse.wheel(0, turn);
    await page.waitForTimeout(250);
  }
}

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
const ms = (value) => `${value.toFixed(0)} ms`;

async function measureMoves(browser, how) {
  const opened = await open(browser, how);
  const { page } = opened;
  await still(page);
  const before = await counters(opened);
  let asked = 0, dropped = 0;
  page.on("request", () => ++asked);
  page.on("requestfailed", () => ++dropped);
  await page.evaluate(() => ((window.seen = { tasks: [], frames: [] }), window.watchFrames()));
  const start = Date.now();
  await move(page);
  await still(page);
  const wall = Date.now() - start;
  const after = await counters(opened);
  const { tasks, frames } = await page.evaluate(() => window.seen);
  const long = tasks.map(([, duration]) => duration);
  await opened.close();
  const spent = times.map((name) => `${name.replace("Duration", "").toLowerCase()} ${ms(after[name] - before[name])}`).join(", ");
  console.log(`  ${ms(wall)} in all; ${frames.length} frames, between them ${ms(quantile(frames, 0.5))}, 95th ${ms(quantile(frames, 0.95))}, longest ${ms(Math.max(...frames))}`);
  console.log(`  main thread: ${spent}; ${long.length} tasks over 50 ms${long.length ? `, longest ${ms(Math.max(...long))}` : ""}`);
  console.log(`  ${asked} requests, of which ${dropped} were given up`);
}

const browser = await startBrowser();
const first = [];
for (let i = 0; i <= rounds; ++i) {
  const opened = await open(browser);
  const marks = await opened.page.evaluate(() => {
    const at = (name) => performance.getEntriesByName(name)[0]?.startTime ?? 0;
    const busy = window.seen.tasks.reduce((sum, [, duration]) => sum + duration, 0);
    return { drawn: at("map-drawn"), listed: at("jobs-listed"), busy, longest: Math.max(0, ...window.seen.tasks.map(([, d]) => d)) };
  });
  const { ScriptDuration } = await counters(opened);
  if (i > 0) first.push({ ...marks, script: ScriptDuration }); // the first opens the server's caches and the fonts
  await opened.close();
}
const of = (name) => first.map((one) => one[name]);
console.log(`first map, ${rounds} visits: ${ms(quantile(of("drawn"), 0.5))} (${of("drawn").map(ms).join(", ")})`);
console.log(`  script ${ms(quantile(of("script"), 0.5))}, longest task ${ms(quantile(of("longest"), 0.5))}, tasks over 50 ms together ${ms(quantile(of("busy"), 0.5))}`);
console.log("moving, with jobs:");
await measureMoves(browser);
console.log("moving, without jobs:");
await measureMoves(browser, { block: true });
await browser.close();
