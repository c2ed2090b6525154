// Pictures of the page's main states, for docs/screens/:
//
//   node tests/browser/screens.mjs http://127.0.0.1:8080/ docs/screens
import { MapPage, startBrowser } from "./page.mjs";

const [base, folder] = process.argv.slice(2);
const desktop = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };
const screens = [
  ["city", "", desktop],
  ["station", "station=longxiangqiao&radius=1500", desktop],
  ["card", "station=longxiangqiao", desktop, async (page) => page.locator("#list .job button").first().click()],
  ["from-two-places", "from=120.16,30.25;120.21,30.21&minutes=40&mode=metro", desktop],
  ["dark-english", "station=longxiangqiao&circle=1&theme=dark&lang=en", desktop],
  ["coverage", "page=plan", desktop],
  ["what-if", "page=plan&added=120.02,30.21;120.235,30.145&view=11/30.22/120.12", desktop],
  ["phone", "station=longxiangqiao", phone],
];
const browser = await startBrowser();
for (const [name, fragment, size, act] of screens) {
  const map = await MapPage.open(browser, base, fragment, size);
  await act?.(map.page);
  await map.page.waitForTimeout(1500);
  await map.rest();
  await map.page.screenshot({ path: `${folder}/${name}.png` });
  await map.page.context().close();
}
await browser.close();
