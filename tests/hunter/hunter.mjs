// Hunts for requests that cost more than they may, by the processor time that the server itself measures: above 250 ms for
// what isn't admitted as heavy, or above ten times its estimate. Each is printed, to be asked again; so are 5xx answers.
//
//   const found = await hunt(server, { seed: 1, requests: 2000 });   // { asked, refused, faults, worst }
//
// By hand: JOBMAPD=… node tests/hunter/hunter.mjs --db FILE [--seed N] [--requests N]
import { spawn } from "node:child_process";
import http from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { maker } from "./requests.mjs";

export const timeout_ms = 10_000; // of a query, by default
const most_ms = 250, times = 10;
const little_ms = 10; // below this a first touch of memory weighs more than the work

export function client(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  return ({ method, path, headers = {}, body }) => new Promise((done, fail) => {
    const request = http.request({ host: "127.0.0.1", port, method, path, headers: { ...headers, ...(body ? { "content-length": Buffer.byteLength(body) } : {}) }, agent }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part)).on("error", fail);
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.on("error", fail).end(body);
  });
}

// "cpu=1.2, estimate=0.1, heavy=0", in milliseconds.
export function cost(headers) {
  const [, cpu, estimate, heavy] = /cpu=([\d.]+), estimate=([\d.]+), heavy=([01])/.exec(headers["jobmap-cost"] ?? "") ?? [];
  if (cpu === undefined) throw new Error("the answer doesn't say what it cost: is --debug-cost on?");
  return { cpu: Number(cpu), estimate: Number(estimate), heavy: heavy === "1" };
}

const line = (q) => `${q.method} ${q.path}${q.headers?.["accept-encoding"] ? ` (${q.headers["accept-encoding"]})` : ""}${q.body ? ` ${q.body.length > 3000 ? `${q.body.slice(0, 300)}… ${q.body.length} bytes` : q.body}` : ""}`;

// With `again` each GET is asked for packed too, which a server that keeps answers makes of the kept one.
export async function hunt(port, { seed, requests, parallel = 2, again = false }) {
  const ask = client(port);
  const make = await maker(ask, seed);
  const result = { asked: 0, refused: 0, statuses: {}, faults: [], worst: [] };
  const one = async () => {
    let twice;
    while (result.asked < requests) {
      const q = twice ?? make();
      twice = again && !twice && q.method === "GET" ? { ...q, headers: { "accept-encoding": "gzip" } } : undefined;
      ++result.asked;
      const asked = performance.now();
      const { status, headers, body } = await ask(q);
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      const c = cost(headers);
      const said = `${c.cpu.toFixed(1)} ms, estimated ${c.estimate.toFixed(1)}${c.heavy ? ", heavy" : ""}, ${status}: ${line(q)}`;
      if (status >= 400 && status < 500) ++result.refused;
      // A dear request may run into its deadline; it is told so.
      const late = status === 503 && c.heavy && performance.now() - asked > timeout_ms && c.cpu < timeout_ms * 1.1;
      if (late) result.late = (result.late ?? 0) + 1;
      else if (status >= 500) result.faults.push(`${said}\n  ${body.toString().slice(0, 300)}`);
      else if (!c.heavy && c.cpu > most_ms) result.faults.push(said);
      else if (c.cpu > Math.max(times * c.estimate, little_ms)) result.faults.push(said);
      result.worst.push({ ...c, said, q });
      if (result.worst.length > 4000) result.worst = rank(result.worst);
    }
  };
  await Promise.all(Array.from({ length: parallel }, one));
  result.worst = rank(result.worst);
  return result;
}
// The dearest, and the dearest of those that aren't heavy.
function rank(all) {
  const by_cpu = [...all].sort((a, b) => b.cpu - a.cpu);
  return [...new Set([...by_cpu.slice(0, 200), ...by_cpu.filter((c) => !c.heavy).slice(0, 200)])];
}

export async function serve(jobmapd, db, { cacheMb = 0 } = {}) {
  return run(jobmapd, ["--db", db, "--debug-cost", "--rate-limit", "0", "--cache-mb", String(cacheMb), "--max-wait", "60"]);
}
// With these settings and no others.
export async function run(jobmapd, settings) {
  const child = spawn(jobmapd, [...settings, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => child.on("close", done));
  let port;
  for await (const text of createInterface({ input: child.stdout })) {
    const said = JSON.parse(text);
    if (said.event === "listening") port = said.port;
    if (said.event === "ready") break;
  }
  if (!port) throw new Error("jobmapd ended before it was ready");
  child.stdout.resume();
  return { port, pid: child.pid, stop: () => (child.kill("SIGTERM"), ended) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const option = (name, standard) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : standard);
  const server = await serve(process.env.JOBMAPD, option("--db"));
  const found = await hunt(server.port, { seed: Number(option("--seed", 1)), requests: Number(option("--requests", 2000)) });
  console.log(`${found.asked} asked, ${found.refused} refused, ${found.late ?? 0} past their deadline:`, found.statuses);
  for (const fault of found.faults.slice(0, 60)) console.log("FAULT", fault.slice(0, 1200));
  console.log("dearest:");
  for (const c of found.worst.slice(0, 10)) console.log(" ", c.said.slice(0, 400));
  console.log("dearest of those that aren't heavy:");
  for (const c of found.worst.filter((w) => !w.heavy).slice(0, 10)) console.log(" ", c.said.slice(0, 400));
  console.log(`${found.faults.length} faults`);
  await server.stop();
  process.exitCode = found.faults.length ? 1 : 0;
}
