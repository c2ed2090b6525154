// Slow heads, slow bodies and slow readers, 1,000 of each in turn, at jobmapd and at nginx: how much memory they hold, and
// how long another client waits meanwhile. Both with their standard timeouts and two threads; the share of connections that
// one address may hold is raised, as all come from this machine. A measurement, not a test.
//
// By hand: JOBMAP=… JOBMAPD=… node tests/torture/slow.mjs [--connections N] [--seconds N]
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import { scratch, sleep, start, until } from "../e2e/server.mjs";

const option = (name, standard) => Number(process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : standard);
const connections = option("--connections", 1000), seconds = option("--seconds", 10);

const web = join(scratch(), "web");
mkdirSync(web);
writeFileSync(join(web, "large.bin"), Buffer.alloc(40_000_000, "x"));
writeFileSync(join(web, "small.txt"), "small\n");

const head = "GET /small.txt HTTP/1.1\r\nHost: a\r\nX-Long: ";
const post = (path) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n`;
// A byte a tick: 5 a second.
const kinds = {
  "slow heads": { first: () => head, tick: "a" },
  "slow bodies": { first: post, tick: "b".repeat(1000) },
  "slow readers": { first: () => "GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n", tick: "", reads: false },
};

const processes = (pid) => [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number)];
const resident = (pid) => processes(pid).reduce((sum, p) => sum + Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${p}/status`, "utf8"))?.[1] ?? 0), 0) / 1024;

async function free_port() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

async function nginx() {
  const directory = scratch(), [port, behind] = [await free_port(), await free_port()];
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((n) => `${n}_temp_path ${directory}/${n};`).join(" ");
  writeFileSync(join(directory, "conf"), `${process.getuid() ? "" : "user root;"} daemon off; worker_processes 2; pid ${directory}/pid; error_log ${directory}/log;
events { worker_connections 8192; }
http { access_log off; ${temporary} sendfile on;
  server { listen 127.0.0.1:${behind}; location / { return 204; } }
  server { listen 127.0.0.1:${port}; root ${web}; location /post { client_max_body_size 1m; proxy_pass http://127.0.0.1:${behind}; } } }
`);
  const child = spawn("/usr/sbin/nginx", ["-c", join(directory, "conf"), "-e", join(directory, "log")], { stdio: "inherit" });
  await until("nginx to listen", () => new Promise((done) => {
    const socket = net.connect(port, "127.0.0.1", () => done(socket.destroy() && true)).on("error", () => done(false));
  }));
  return { name: "nginx", port, pid: child.pid, post: "/post", stop: () => new Promise((done) => child.on("close", done).kill()) };
}
async function ours() {
  const server = await start(["--web", web, "--max-connections", "8192", "--max-connections-per-client", "8000"]);
  return { name: "jobmapd", port: server.port, pid: server.pid, post: "/v1/areas", stop: () => server.stop() };
}

async function measure(server, { first, tick, reads = true }) {
  const agent = new http.Agent({ keepAlive: true });
  const ask = () => new Promise((done, fail) => {
    const asked = performance.now();
    http.get({ host: "127.0.0.1", port: server.port, path: "/small.txt", agent }, (response) => {
      response.resume().on("end", () => (response.statusCode === 200 ? done(performance.now() - asked) : fail(new Error(String(response.statusCode)))));
    }).on("error", fail);
  });
  await ask();
  const before = resident(server.pid);
  let closed = 0;
  const slow = Array.from({ length: connections }, (_, i) => {
    const socket = net.connect({ port: server.port, host: "127.0.0.1", localAddress: `127.0.0.${2 + (i % 200)}` });
    socket.on("error", () => {}).on("close", () => ++closed);
    if (reads) socket.resume();
    else socket.pause();
    socket.write(first(server.post));
    return socket;
  });
  const waits = [];
  let most = 0;
  const end = performance.now() + seconds * 1000;
  for (let n = 0; performance.now() < end; ++n) {
    if (tick && n % 20 === 0) for (const socket of slow) socket.write(tick);
    waits.push(await ask());
    most = Math.max(most, resident(server.pid));
    await sleep(10);
  }
  waits.sort((a, b) => a - b);
  const let_go = closed;
  for (const socket of slow) socket.destroy();
  agent.destroy();
  return `holds ${(most - before).toFixed(1)} MiB; others: p50 ${waits[waits.length >> 1].toFixed(2)} ms, p99 ${waits[Math.floor(waits.length * 0.99)].toFixed(2)} ms; ${let_go} of ${connections} let go within ${seconds} s`;
}

for (const make of [ours, nginx]) {
  for (const [name, kind] of Object.entries(kinds)) {
    const server = await make();
    console.log(`${server.name}, ${name}: ${await measure(server, kind)}`);
    await server.stop();
  }
}
