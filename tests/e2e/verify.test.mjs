// jobmap verify on data that lie where its own SQL could be wrong: across the antimeridian, on a line of many stops,
// and nowhere at all.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { done, get, jobmap, scratch, start, talk } from "./server.mjs";

const verify = (db, ...args) => spawnSync(jobmap, ["verify", "--db", db, ...args], { encoding: "utf8" });

// Numbers that are the same at every run.
function random(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const lon = (east) => (east > 180 ? east - 360 : east).toFixed(7);

// Jobs, service points and a line of 200 stations on either side of the antimeridian.
function fiji() {
  const directory = scratch();
  const db = join(directory, "fiji.sqlite");
  done("init", "--db", db, "--city", "none");
  const next = random(41);
  const put = (layer, header, rows) => {
    const file = join(directory, `${layer}.csv`);
    writeFileSync(file, `${header}\n${rows.join("\n")}\n`);
    done("import", "--db", db, "--layer", layer, "--datum", "wgs84", "--region", "any", file);
  };
  const place = () => `${lon(180 + (next() - 0.5) * 0.2)},${(-17 + (next() - 0.5) * 0.1).toFixed(7)}`;
  put("jobs", "id,source,title,category,openings,employer,expires_at,precision,lon,lat",
    Array.from({ length: 600 }, (_, i) => `${i},test,Cook ${i % 7},gig,${1 + (i % 5)},Inn,2105-06-30,exact,${place()}`));
  put("service-points", "id,name,kind,lon,lat", Array.from({ length: 9 }, (_, i) => `p${i},Point ${i},office,${place()}`));
  const stops = Array.from({ length: 200 }, (_, i) => [`S${i}`, lon(179.9 + i * 0.001)]);
  put("stations", "id,name,pinyin,lon,lat", stops.map(([id, x]) => `${id},Stop ${id},,${x},-17`));
  put("lines", "id,name,color,stations", [`1,Line 1,#0a84ff,${stops.map(([id]) => id).join(";")}`]);
  return db;
}

test("across the antimeridian, on a line of 200 stops, index and SQL agree", async () => {
  const db = fiji();
  const { status, stdout, stderr } = verify(db, "--queries", "200", "--seed", "3");
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^200 queries, [1-9][0-9]* jobs found, 0 differences$/m);

  // And the list, explain and the facets of the whole line say the same of each job.
  const server = await start([], { db });
  const json = async (path) => JSON.parse((await talk(server, get(path), { answers: 1 })).responses[0].body);
  for (const query of ["near=179.9995,-17&radius=4000", "near=-179.9995,-17&radius=4000", "station=S100&radius=3000",
    "line=1&radius=500", "reach=180,-17&minutes=40", "bbox=179.98,-17.02,-179.98,-16.98", "bbox=539.98,-17.02,540.02,-16.98"]) {
    const list = await json(`/v1/jobs?${query}&limit=1000`);
    const listed = new Set(list.features.map((f) => f.id));
    assert.equal(listed.size, list.numberMatched, query);
    const sides = new Set(list.features.map((f) => f.geometry.coordinates[0] > 0));
    assert.equal(sides.size, 2, `${query} finds jobs on both sides`);
    assert.equal((await json(`/v1/facets?by=category&${query}`)).numberMatched, listed.size, query);
    for (let i = 0; i < 600; i += 20) {
      const { matches } = await json(`/v1/jobs/test:${i}/explain?${query}`);
      assert.equal(matches, listed.has(`test:${i}`), `test:${i} by ${query}`);
    }
  }
  // Isochrones and their circles lie on the one world, on both sides.
  const { features } = await json("/v1/isochrone?from=179.9995,-17&minutes=20,40&mode=metro");
  for (const feature of features) {
    const longitudes = feature.geometry.coordinates.flat(2).map(([x]) => x);
    assert.ok(Math.min(...longitudes) === -180 && Math.max(...longitudes) === 180);
    assert.ok(longitudes.every((x) => Math.abs(x) > 179), "no sheet goes round the earth");
  }
  assert.equal((await server.stop()).code, 0);
});

test("of a database in which no job is shown it says that nothing was checked", () => {
  const db = join(scratch(), "empty.sqlite");
  done("init", "--db", db);
  const empty = verify(db, "--queries", "20");
  assert.equal(empty.status, 0, empty.stderr);
  assert.match(empty.stdout, /^20 queries, 0 jobs found, 0 differences$/m);
  assert.match(empty.stdout, /^nothing was checked: no job is shown/m);
});
