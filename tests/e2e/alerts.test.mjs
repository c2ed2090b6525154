// The alerts that the package brings: promtool reads and tries them, and jobmapd tells all that they ask about.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { get, start, talk } from "./server.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const rules = path("../../tools/package.d/alerts.yml");
const promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].find(existsSync);
if (!promtool) console.log("skipped: no promtool");

for (const [what, file] of [["check", rules], ["test", path("alerts_test.yml")]])
  test(`promtool ${what} rules`, { skip: promtool ? false : "no promtool" }, () => {
    const { status, stdout, stderr } = spawnSync(promtool, [what, "rules", file], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });

const text = readFileSync(rules, "utf8");
// The expression of each alert, which goes on until the next key of the rule.
const expressions = text.split("- alert: ").slice(1).map((rule) => [/^\w+/.exec(rule)[0], /expr:([^]*?)\n {8}\w+:/.exec(rule)[1]]);

test("each alert is tried, and fires in a scenario of its own", () => {
  const tried = readFileSync(path("alerts_test.yml"), "utf8");
  for (const [alert] of expressions) assert.ok(tried.includes(`alertname="${alert}"`), alert);
});

test("jobmapd tells each metric that an alert asks about, a counter where growth is asked for", async () => {
  const server = await start();
  const { responses } = await talk(server, get("/metrics") + get("/v1/jobs?limit=0") + get("/metrics", "Connection: close\r\n"));
  const told = responses.at(-1).body.toString();
  const labels = new Set([...told.matchAll(/^jobmap_requests_total\{(.*)\}/gm)].flatMap(([, all]) => [...all.matchAll(/(\w+)=/g)].map(([, label]) => label)));
  let asked = 0;
  for (const [alert, expression] of expressions) {
    for (const [, grows, name, selected] of expression.matchAll(/(rate\(|increase\()?\b(jobmap_\w+)(?:\{([^}]*)\})?/g)) {
      ++asked;
      assert.match(told, new RegExp(`^# TYPE ${name} ${grows ? "counter" : "gauge"}$`, "m"), `${alert}: ${name}`);
      assert.match(told, new RegExp(`^${name}[ {]`, "m"), `${alert}: ${name}`);
      for (const [, label] of (selected ?? "").matchAll(/(\w+)[=!~]+"/g)) assert.ok(labels.has(label), `${alert}: ${label}`);
    }
  }
  assert.ok(asked >= expressions.length - 1, "all but up are jobmapd's");
  await server.stop();
});
