// The settings of tools/bench, and how programs are run: one-shot ones and our server.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const { env } = process;
export const build = env.BENCH_BUILD, data = env.BENCH_DATA, temp = env.BENCH_TEMP;
export const jobs = Number(env.BENCH_JOBS), rounds = Number(env.BENCH_ROUNDS), seconds = Number(env.BENCH_SECONDS);
export const category = env.BENCH_CATEGORY, now = env.BENCH_NOW;
export const only = env.BENCH_ONLY ? env.BENCH_ONLY.split(",") : [];
export const growth = env.BENCH_GROWTH ? env.BENCH_GROWTH.split(",").map(Number) : [];
export const redisPort = env.BENCH_REDIS_PORT, nginxPort = env.BENCH_NGINX_PORT, nginxRoot = env.BENCH_NGINX_ROOT;

export const linesOf = (name) => readFileSync(`${data}/${name}`, "utf8").trimEnd().split("\n");

export const categories = ["full_time", "gig", "internship"];

// Of each a category's jobs: queries-C.txt, members-C.txt; queries.txt is that of the category asked about.
export const radiusOf = (one) => ({ prefix: "/v1/jobs?near=", suffix: `&radius=1000&category=${one}&limit=50&sort=distance` });
export const path = {
  radius: radiusOf(category),
  nearest: { prefix: "/v1/jobs?near=", suffix: `&radius=50000&category=${category}&limit=50&sort=distance` },
  tile: { prefix: "/tiles/jobs/", suffix: ".mvt" },
};

// Standard output of a program that must succeed within the time. `fine` allows other exit statuses.
export function run(program, args, { input = "", timeout = 600, env: more = {}, fine = [0] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...env, ...more }, timeout: timeout * 1000 });
    let out = "", err = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8");
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (err += text));
    child.on("error", reject);
    child.on("close", (status, signal) => {
      if (fine.includes(status)) return resolve(out);
      const why = signal ? `stopped by ${signal} (${timeout} s at most)` : `exit ${status}`;
      reject(new Error(`${program} ${args.join(" ")}: ${why}\n${out.slice(-2000)}${err.slice(-2000)}`));
    });
    child.stdin.on("error", () => {}); // it ended without reading
    child.stdin.end(input);
  });
}

// Our server on a free port, which keeps no answers unless told to: { url, port, pid, readyAfter (seconds), event(name), stop() }.
export async function startJobmapd(db = `${data}/jobs.sqlite`, timeout = 120, cacheMb = 0) {
  const began = performance.now();
  const child = spawn(`${build}/jobmapd`, ["--db", db, "--port", "0", "--threads", "2", "--rate-limit", "0", "--cache-mb", String(cacheMb)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = new Promise((resolve) => child.on("close", resolve));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const waiting = [], seen = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    seen.push(JSON.parse(line));
    for (const look of waiting.splice(0)) look();
  });
  // The nth log line of that event.
  const event = async (name, nth = 1) => {
    const until = performance.now() + timeout * 1000;
    for (;;) {
      const found = seen.filter((line) => line.event === name);
      if (found.length >= nth) return found[nth - 1];
      const left = until - performance.now();
      if (left <= 0) throw new Error(`jobmapd: no ${name} within ${timeout} s`);
      let timer;
      const more = new Promise((resolve) => waiting.push(resolve));
      const late = new Promise((resolve) => (timer = setTimeout(resolve, left)));
      await Promise.race([more, late, exit.then((status) => Promise.reject(new Error(`jobmapd: exit ${status}`)))]);
      clearTimeout(timer);
    }
  };
  const { port } = await event("listening");
  const url = `http://127.0.0.1:${port}`;
  let readyAfter;
  for (;;) {
    const answer = await fetch(`${url}/ready`);
    await answer.arrayBuffer();
    if (answer.ok) break;
    if (performance.now() - began > timeout * 1000) throw new Error(`jobmapd: not ready after ${timeout} s`);
    if (child.exitCode !== null) throw new Error(`jobmapd: exit ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  readyAfter = (performance.now() - began) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 100)); // each thread has its own word that the data is there
  const stop = async () => {
    child.kill("SIGTERM");
    await exit;
    process.off("exit", kill);
  };
  return { url, port, pid: child.pid, readyAfter, event, stop };
}

// VmRSS, VmHWM and the like, in MiB.
export function memory(pid, field) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(text.match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"))[1]) / 1024;
}

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// The name that the repositories of figures give a machine.
export function machine() {
  const cpu = readFileSync("/proc/cpuinfo", "utf8").match(/^model name\s*:\s*(.*)$/m);
  const cores = readFileSync("/proc/cpuinfo", "utf8").match(/^processor/gm).length;
  const kb = Number(readFileSync("/proc/meminfo", "utf8").match(/^MemTotal:\s+(\d+)/)[1]);
  return `${cores} cores${cpu ? ` (${cpu[1].trim()})` : ""}, ${Math.round(kb / 1048576)} GiB`;
}
