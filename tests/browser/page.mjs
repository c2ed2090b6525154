// The page in Debian's Chromium, with what a test asks of it: what the list shows, where a place is on the map, what
// the page sent and said. Without a graphics card WebGL is drawn by SwiftShader.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../../web-demo/package.json", import.meta.url))("playwright-core");

export function startBrowser(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...more,
    ],
  });
}

const patience = 30_000; // ms; software rendering on a busy machine is slow

export class MapPage {
  constructor(page, base) {
    this.page = page;
    this.base = base;
    this.requests = [];
    this.trouble = [];
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) this.trouble.push(message.text());
    });
    page.on("pageerror", (error) => this.trouble.push(String(error)));
  }

  static async open(browser, base, fragment = "", viewport = { width: 1280, height: 800 }, more = {}) {
    const context = await browser.newContext({ viewport, locale: "zh-CN", reducedMotion: "reduce", ...more });
    context.setDefaultTimeout(patience);
    const opened = new MapPage(await context.newPage(), base);
    await opened.page.goto(`${base}#${fragment}`);
    await opened.rest();
    return opened;
  }

  // Until list and map have come to rest.
  async rest() {
    await this.page.waitForFunction(
      () =>
        !document.querySelector("#list[aria-busy], #map[aria-busy]") &&
        document.querySelector(".maplibregl-canvas") &&
        !document.querySelector("#chips[aria-busy], #plan[aria-busy]") &&
        document.querySelector("#list .jobs, #list .state, #plan table, #plan .state"),
      null,
      { timeout: patience },
    );
  }

  // No request but to our own server, nothing on the console; then the page is done with.
  async close() {
    const away = this.requests.filter((url) => !url.startsWith(this.base) && !/^(data|blob):/.test(url));
    assert.deepEqual(away, [], "requests that left the host");
    assert.deepEqual(this.trouble, [], "console");
    await this.page.context().close();
  }

  ids() {
    return this.page.locator("#list .job").evaluateAll((jobs) => jobs.map((job) => job.dataset.id));
  }

  async totals() {
    const text = await this.page.locator("#summary .totals").textContent();
    return text.match(/\d[\d,]*/g).map((number) => Number(number.replaceAll(",", "")));
  }

  // The ads on each chip of a category.
  async chips() {
    const counts = {};
    for (const name of ["all", "full_time", "gig", "internship"]) {
      const text = await this.page.locator(`#chips [data-category=${name}] .count`).textContent();
      counts[name] = Number(text.replaceAll(",", ""));
    }
    return counts;
  }

  fragment() {
    return new URLSearchParams(new URL(this.page.url()).hash.slice(1));
  }

  // Where a place is on the screen, from the view in the URL and Web Mercator with 512-pixel tiles.
  async pixel([longitude, latitude]) {
    const [zoom, centerLatitude, centerLongitude] = this.fragment().get("view").split("/").map(Number);
    const box = await this.page.locator("#map").boundingBox();
    const world = 512 * 2 ** zoom;
    const x = (degrees) => ((degrees + 180) / 360) * world;
    const y = (degrees) => (0.5 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI)) * world;
    return {
      x: box.x + box.width / 2 + x(longitude) - x(centerLongitude),
      y: box.y + box.height / 2 + y(latitude) - y(centerLatitude),
    };
  }

  async dragMap(from, to) {
    const [start, end] = [await this.pixel(from), await this.pixel(to)];
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: 6 });
    await this.page.mouse.up();
  }

  async clickMap(place) {
    const { x, y } = await this.pixel(place);
    await this.page.mouse.click(x, y);
  }

  // Until the fragment's field is other than it was; then all has come to rest.
  async changed(field, before) {
    const now = ([name, old]) => new URLSearchParams(location.hash.slice(1)).get(name) !== old;
    await this.page.waitForFunction(now, [field, before]);
    await this.rest();
    return this.fragment().get(field);
  }

  // The query strings of the job tiles asked for since `from`, without the generation.
  jobTiles(from = 0) {
    const tiles = this.requests.slice(from).filter((url) => url.includes("/tiles/jobs/"));
    return tiles.map((url) => {
      const { v, ...query } = Object.fromEntries(new URL(url).searchParams);
      return query;
    });
  }
}
