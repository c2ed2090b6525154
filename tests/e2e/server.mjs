// The real jobmapd on a free port, and raw sockets to talk to it.
//
//   const server = await start(["--access-log"]);
//   const { text, closed } = await talk(server, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
//   await server.stop();
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export const jobmapd = needed("JOBMAPD");
export const jobmap = needed("JOBMAP");
// Where extracts of OpenStreetMap lie. Of the tests alone: jobmapd refuses settings that it doesn't know.
export const extracts = process.env.JOBMAP_OSM_DIR ?? "";
delete process.env.JOBMAP_OSM_DIR;
// How often a loop goes round: once, or as often as is asked by hand.
export const rounds = Number(process.env.JOBMAP_ROUNDS ?? 1);
delete process.env.JOBMAP_ROUNDS;

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by ctest, or name the program in the environment`);
  return value;
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function until(what, condition, ms = 30_000) {
  for (const deadline = Date.now() + ms; ; await sleep(10)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`);
  }
}

// A directory that is gone when the tests are.
export function scratch() {
  const directory = mkdtempSync(join(tmpdir(), "jobmap-e2e-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let made;
// A database of synthetic postings on the real map; made once a test file.
export function database(jobs = 300) {
  if (!made) {
    made = join(scratch(), "sample.sqlite");
    const done = spawnSync(jobmap, ["sample", "--db", made, "--jobs", String(jobs), "--seed", "7"], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`jobmap sample: exit ${done.status}\n${done.stdout}${done.stderr}`);
  }
  return made;
}

export async function start(args = [], { command = jobmapd, before = [], db = database(), ready = true, account = {} } = {}) {
  // Tests ask more than a person does; those of the rate itself say which.
  const rate = args.includes("--rate-limit") ? [] : ["--rate-limit", "0"];
  const all = [...before, "--db", db, "--port", "0", "--threads", "2", ...rate, ...args];
  const child = spawn(command, all, { stdio: ["ignore", "pipe", "pipe"], ...account });
  const log = [];
  let errors = "";
  const ended = new Promise((done) => child.on("close", (code, signal) => done({ code, signal })));
  // A test that fails before it stops its server must not wait for it: it is waited for only where its end is asked for.
  const parts = [child, child.stdout, child.stderr];
  for (const part of parts) part.unref();
  const end = () => {
    for (const part of parts) part.ref();
    return ended;
  };
  process.on("exit", () => over || child.kill("SIGKILL"));
  createInterface({ input: child.stdout }).on("line", (line) => log.push(JSON.parse(line)));
  child.stderr.on("data", (data) => (errors += data));
  let over = false;
  ended.then(() => (over = true));
  const event = (name) =>
    until(`the log to say ${name}`, () => {
      const found = log.find((line) => line.event === name);
      if (!found && over) throw new Error(`jobmapd ended before it said ${name}: ${errors}`);
      return found;
    });
  const { port, pid } = await event("listening");
  if (ready) await event("ready");
  return {
    port, pid, log, event, child,
    get ended() { return end(); },
    errors: () => errors,
    signal: (name) => process.kill(pid, name),
    async stop() {
      if (!over) process.kill(pid, "SIGTERM");
      return end();
    },
  };
}

// What has come over a socket, and the whole answers in it. A byte is copied a fixed number of times on average and an
// answer is read once, however often they are asked for.
export class Received {
  #buffer = Buffer.alloc(4096);
  #size = 0;
  #responses = [];
  #at = 0; // where the next answer begins
  append(part) {
    if (this.#size + part.length > this.#buffer.length) {
      const grown = Buffer.alloc(2 * (this.#size + part.length));
      this.#buffer.copy(grown, 0, 0, this.#size);
      this.#buffer = grown;
    }
    this.#size += part.copy(this.#buffer, this.#size);
  }
  get data() {
    return this.#buffer.subarray(0, this.#size);
  }
  // Those to HEAD can't be told apart from others, so don't ask for them here.
  responses() {
    for (let next; (next = response(this.data, this.#at)); this.#at = next.end) this.#responses.push(next);
    return this.#responses;
  }
}

// The whole answer that begins at this byte, and where it ends; null where it isn't whole.
function response(data, at) {
  const head = data.indexOf("\r\n\r\n", at);
  if (head < 0) return null;
  const [line, ...fields] = data.subarray(at, head).toString("latin1").split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
  if (!status) throw new Error(`not a status line: ${line}`);
  const headers = Object.fromEntries(fields.map((f) => [f.slice(0, f.indexOf(":")).toLowerCase(), f.slice(f.indexOf(":") + 2)]));
  const end = head + 4 + Number(headers["content-length"] ?? 0);
  return data.length < end ? null : { status, headers, body: data.subarray(head + 4, end), end };
}

// A socket whose answers can be waited for.
export function connect(server, { from = "127.0.0.1" } = {}) {
  const socket = net.connect({ port: server.port, host: "127.0.0.1", localAddress: from, allowHalfOpen: true });
  const received = new Received();
  const client = { socket, closed: false, get data() { return received.data; } };
  socket.on("data", (data) => received.append(data));
  const close = () => (client.closed = true);
  socket.on("end", close).on("close", close).on("error", close);
  client.send = (bytes) => new Promise((done) => socket.write(bytes, () => done()));
  client.text = () => client.data.toString("latin1");
  client.responses = () => received.responses();
  client.answered = (count) => until(`${count} answers`, () => client.responses().length >= count);
  client.end = () => until("the server to close", () => client.closed);
  return client;
}

// Sends the bytes, waits for the server to close (or for so many answers), and gives what came.
export async function talk(server, bytes, { answers, from } = {}) {
  const client = connect(server, { from });
  await client.send(bytes);
  await (answers ? client.answered(answers) : client.end());
  const closed = client.closed;
  client.socket.destroy();
  return { text: client.text(), responses: client.responses(), closed };
}

export const get = (path, fields = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;

export async function metric(server, name) {
  const { responses } = await talk(server, get("/metrics", "Connection: close\r\n"));
  const line = responses[0].body.toString().split("\n").find((l) => l.startsWith(`${name} `));
  return Number(line?.split(" ")[1]);
}

export const descriptors = (server) => readdirSync(`/proc/${server.pid}/fd`).length;

// Hundredths of a second of processor time since its start.
export function ticks(server) {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "latin1").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

// The jobmap command to its end; done() wants it to succeed and gives what it said.
export function run(...args) {
  const { status, stdout, stderr } = spawnSync(jobmap, args, { encoding: "utf8", timeout: 60_000 });
  return { status, stdout, stderr };
}
export function done(...args) {
  const { status, stdout, stderr } = run(...args);
  assert.equal(status, 0, stderr);
  return stdout + stderr;
}
