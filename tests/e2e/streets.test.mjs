// An extract of OpenStreetMap as its operator loads it: import, isochrone, jobs by minutes, and what is refused
// and leaves the database as it was.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { done, extracts, run, scratch, start } from "./server.mjs";

const extract = join(extracts, "monaco.osm.pbf");
const skip = extracts && existsSync(extract) ? false : "skipped: no extract";
if (skip) console.log(skip);
const directory = scratch();
const file = (name, content) => {
  writeFileSync(join(directory, name), content);
  return join(directory, name);
};

const jobs = `id,source,title,category,openings,employer,expires_at,lon,lat,precision
near,t,Cook,full_time,2,Cafe,2099-01-01,7.4205,43.7315,exact
far,t,Clerk,full_time,1,Bank,2099-01-01,7.4270,43.7390,exact
guide,t,Guide,gig,5,Museum,2099-01-01,7.4254,43.7311,exact
sea,t,Sailor,full_time,1,Boat,2099-01-01,7.4400,43.7250,exact
`;

test("the streets of Monaco", { skip }, async () => {
  const db = join(directory, "monaco.sqlite");
  done("init", "--db", db, "--city", "none");
  assert.match(done("import-osm", "--db", db, extract), /streets: \d+ nodes, \d+ edges.*ODbL/s);
  done("import", "--db", db, "--layer", "jobs", "--datum", "wgs84", "--region", "any", file("jobs.csv", jobs));
  done("import", "--db", db, "--layer", "service-points", "--datum", "wgs84", "--region", "any",
    file("points.csv", "id,name,kind,lon,lat,source\np1,Point,就业驿站,7.4189,43.7310,t\n"));

  const before = readFileSync(db);
  const refused = (path, reason) => {
    const { status, stderr } = run("import-osm", "--db", db, path);
    assert.notEqual(status, 0);
    assert.match(stderr, reason);
    assert.ok(readFileSync(db).equals(before), `${path} changed the database`);
  };
  refused(file("cut.osm.pbf", readFileSync(extract).subarray(0, 60_000)), /cut off/);
  refused(file("foreign.osm.pbf", "no extract"), /no OpenStreetMap extract/);
  refused(file("house.osm", `<?xml version="1.0"?><osm version="0.6"><node id="1" lat="43.7" lon="7.4"/>
    <node id="2" lat="43.71" lon="7.41"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="building" v="yes"/></way></osm>`),
  /no street/);
  const hangzhou = join(directory, "hangzhou.sqlite");
  done("init", "--db", hangzhou);
  assert.match(run("import-osm", "--db", hangzhou, extract).stderr, /outside the region/);

  const server = await start([], { db });
  const ask = async (target) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${target}`);
    return { status: answer.status, body: await answer.json() };
  };
  const { body: areas } = await ask("/v1/isochrone?from=7.4189,43.7310&minutes=5,10,15&mode=walk");
  assert.equal(areas.method.name, "network");
  assert.equal(areas.features.length, 3);
  for (const { geometry } of areas.features) assert.ok(geometry.coordinates.length > 0);

  const ids = ({ body }) => body.features.map(({ id }) => id);
  const found = await ask("/v1/jobs?reach=7.4189,43.7310&minutes=60");
  assert.equal(found.body.method.name, "network");
  assert.equal(found.body.method.listed_places, "network");
  assert.ok(ids(found).includes("t:near"), JSON.stringify(found.body));
  assert.ok(!ids(found).includes("t:sea"), "a job in the sea has no minutes");
  const minutes = found.body.features.map(({ properties }) => properties.minutes);
  assert.deepEqual(minutes, [...minutes].sort((a, b) => a - b));
  const circle = (of) => ask(`/v1/jobs?circle=${of}&circle_minutes=60`);
  assert.deepEqual(ids(await circle("p1")), ids(await circle("service")), "the only point is every point");
  for (const wrong of ["0", "-1", "121"])
    for (const target of ["isochrone?from", "jobs?reach"]) {
      const { status, body } = await ask(`/v1/${target}=7.4189,43.7310&minutes=${wrong}`);
      assert.equal(status, 400);
      assert.equal(body.parameter, "minutes");
    }
  const beyond = await ask("/v1/jobs?reach=7.46,43.72&minutes=20");
  assert.equal(beyond.status, 200, "beyond the extract");
  assert.equal(beyond.body.method.name, "straight_line");
  await server.stop();
});
