// One server and one browser for a file of tests.
//
//   const session = startSession();               // registers node:test's before() and after()
//   test("...", async () => { const map = await session.open("station=longxiangqiao"); ... });
import { after, before } from "node:test";
import { Answers } from "./answers.mjs";
import { MapPage, startBrowser } from "./page.mjs";
import { startServer } from "./server.mjs";

export function startSession(...flags) {
  const session = {
    open: (fragment, viewport, more) => MapPage.open(session.browser, session.server.base, fragment, viewport, more),
  };
  before(async () => {
    session.server = await startServer(...flags);
    session.browser = await startBrowser();
    session.answers = new Answers(session.server);
    const { body } = await session.server.get("v1/stations");
    session.stations = new Map(body.features.map((station) => [station.properties.id, station]));
  });
  after(async () => {
    await session.browser?.close();
    await session.server?.stop();
  });
  return session;
}
