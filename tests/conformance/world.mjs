// The world that the conformance tests run against: jobs in each place the official suite asks about, and the sample of the city.
//
//   const world = await fixture();        // { url, server, stop }
//   const { status, headers, body } = await get(world, "/ogc/collections");
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { database, jobmap, scratch, start } from "../e2e/server.mjs";

// minx, miny, maxx, maxy: what the suite asks for, whatever the data.
export const boxes = [[-1.5, 50, 1.5, 53], [-80, -5, -70, 5], [177, 65, -177, 70], [-180, 85, 180, 90], [-180, -90, 180, -85]];

const places = [[0, 51.5], [-75, 0], [179.5, 67], [-179.5, 68], [10, 87], [170, -88], [120.16, 30.25], [120.17, 30.25],
  [-1.5, 50], [1.5, 53], [180, 66], [-180, 66], [2, 48], [-60, -60]];

export async function serve(db) {
  const server = await start([], { db });
  return { server, url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() };
}

export async function fixture() {
  const directory = scratch(), csv = join(directory, "jobs.csv"), db = join(directory, "fixture.sqlite");
  const rows = places.map(([lon, lat], i) =>
    [i, "fixture", `Job <b>${i}</b> & more`, ["full_time", "gig", "internship"][i % 3], i + 1, "Employer", lon, lat, "exact",
      i % 4 ? `2026-0${1 + (i % 6)}-01T00:00:00Z` : "", `20${40 + i}-01-01T00:00:00Z`].join(","));
  writeFileSync(csv, ["id,source,title,category,openings,employer,lon,lat,precision,published_at,expires_at", ...rows].join("\n"));
  const done = spawnSync(jobmap, ["import", "--db", db, "--layer", "jobs", "--datum", "wgs84", "--region", "any", csv], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`jobmap import: exit ${done.status}\n${done.stdout}${done.stderr}`);
  return serve(db);
}

export const sample = () => serve(database(3000));

export async function get({ url }, target, headers = {}) {
  const response = await fetch(target.startsWith("http") ? target : url + target, { headers });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, headers: response.headers, type, text, body: type.includes("json") ? JSON.parse(text) : null };
}

// Every page of a list, by its next links.
export async function pages(world, target) {
  const all = [];
  for (let next = target; next; ) {
    const { status, body } = await get(world, next);
    if (status !== 200) throw new Error(`${next}: ${status}`);
    all.push(body);
    next = body.links.find((l) => l.rel === "next")?.href;
  }
  return all;
}

export const ids = (lists) => [lists].flat().flatMap((list) => list.features.map((f) => f.id));
