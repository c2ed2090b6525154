// The real jobmapd on a free port, over sample data and a few postings that mean harm.
//
//   const server = await startServer(); await server.get("v1/jobs?limit=1"); await server.stop();
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by ctest, or name the file in the environment`);
  return value;
}

export const hostile = {
  title: '<img src=x onerror="window.pwned=1">',
  employer: "</span><script>window.pwned=2</script>",
  address: '"><svg onload=window.pwned=3>',
  description: "{{constructor.constructor('window.pwned=4')()}} &lt;b&gt;",
  at: [120.15937, 30.25698],
};

function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: "utf8" });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${done.status}\n${done.stdout}${done.stderr}`);
}

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

function makeDatabase(directory) {
  const db = join(directory, "map.sqlite");
  // Far in the future, so that no posting expires between what the page asks and what the test asks.
  run(needed("JOBMAP"), "sample", "--db", db, "--jobs", "5000", "--seed", "7", "--valid-until", "2090-01-01T00:00:00Z");
  const csv = join(directory, "hostile.csv");
  const columns = "id,source,title,employer,address,description,category,openings,lon,lat,precision,expires_at";
  const texts = [hostile.title, hostile.employer, hostile.address, hostile.description].map(quoted).join(",");
  writeFileSync(csv, `${columns}\n1,hostile,${texts},gig,3,${hostile.at.join(",")},exact,2099-01-01T00:00:00+08:00\n`);
  run(needed("JOBMAP"), "import", "--db", db, "--layer", "jobs", "--datum", "wgs84", csv);
  return db;
}

// The port, once the log says "listening"; the log is one JSON object a line, on either stream.
function listening(child) {
  return new Promise((resolve, reject) => {
    const log = [];
    const read = (line) => {
      log.push(line);
      if (!line.includes('"listening"')) return;
      const port = /"port":(\d+)/.exec(line);
      if (port) resolve(Number(port[1]));
    };
    createInterface({ input: child.stdout }).on("line", read);
    createInterface({ input: child.stderr }).on("line", read);
    child.on("exit", (code) => reject(new Error(`jobmapd ended with ${code} before it listened:\n${log.join("\n")}`)));
  });
}

export async function startServer(...flags) {
  const directory = mkdtempSync(join(tmpdir(), "jobmap-browser-"));
  const args = ["--db", makeDatabase(directory), "--port", "0", "--web", needed("JOBMAP_WEB"), "--rate-limit", "0", ...flags];
  const child = spawn(needed("JOBMAPD"), args, { stdio: ["ignore", "pipe", "pipe"] });
  const port = await listening(child);
  const base = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + 60_000;
  while (!(await fetch(`${base}ready`).then((r) => r.ok, () => false))) {
    if (Date.now() > deadline) throw new Error("jobmapd was not ready within a minute");
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    base,
    async get(path) {
      const response = await fetch(base + path);
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      const ended = new Promise((done) => child.on("exit", done));
      child.kill("SIGTERM");
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}
