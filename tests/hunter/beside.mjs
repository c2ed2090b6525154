// Measures what others get while 64 clients, each of an address of its own, send the dearest requests (worst.mjs) as fast as they are
// answered: /health 100 times a second and light lists 50 times a second, by the wall clock from when each was due. The
// server has its default settings; crowd, probe and server share this machine.
//
// By hand: JOBMAPD=… node tests/hunter/beside.mjs --db FILE [--seconds N]
import { fork } from "node:child_process";
import http from "node:http";
import { fileURLToPath } from "node:url";

import { run } from "./hunter.mjs";
import { worst } from "./worst.mjs";

const file = fileURLToPath(import.meta.url);
const option = (name, standard) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : standard);
const seconds = Number(option("--seconds", 20)), clients = 64;

const asker = (port, localAddress, maxSockets) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets });
  return ({ method, path, headers = {}, body }) => new Promise((done) => {
    const request = http.request({ host: "127.0.0.1", port, localAddress, agent, method, path, headers: { ...headers, ...(body ? { "content-length": Buffer.byteLength(body) } : {}) } }, (response) => {
      response.resume().on("end", () => done(response.statusCode)).on("error", () => done(0));
    });
    request.on("error", () => done(0)).end(body);
  });
};
const count = (statuses, status) => (statuses[status] = (statuses[status] ?? 0) + 1);

async function crowd(port) {
  const named = await worst(async (path) => JSON.parse(await text(port, path)));
  const statuses = {};
  const end = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: clients }, async (_, i) => {
    const ask = asker(port, `127.0.1.${1 + i}`, 1);
    for (let n = i; performance.now() < end; ++n) count(statuses, await ask(named[n % named.length]));
  }));
  process.send(statuses);
}
const text = (port, path) => new Promise((done, fail) => {
  http.get({ host: "127.0.0.1", port, path }, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("end", () => done(Buffer.concat(parts).toString()));
  }).on("error", fail);
});

async function probe(port) {
  const ask = asker(port, "127.0.0.1", Infinity);
  const kinds = [
    { name: "/health", every: 10, path: () => "/health" },
    { name: "a light list", every: 20, path: (i) => `/v1/jobs?near=${(120.1 + (i % 100) * 0.001).toFixed(4)},${(30.2 + (i % 97) * 0.001).toFixed(4)}&radius=1000&limit=20` },
  ];
  return Promise.all(kinds.map(async ({ name, every, path }) => {
    const waits = [], statuses = {}, answers = [];
    const began = performance.now();
    for (let i = 0; i * every < seconds * 1000; ++i) {
      const due = began + i * every;
      const early = due - performance.now();
      if (early > 0) await new Promise((done) => setTimeout(done, early));
      answers.push(ask({ method: "GET", path: path(i) }).then((status) => (count(statuses, status), waits.push(performance.now() - due))));
    }
    await Promise.all(answers);
    waits.sort((a, b) => a - b);
    const at = (share) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))].toFixed(1);
    return `${name}: ${waits.length} asked, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms, ${JSON.stringify(statuses)}`;
  }));
}

if (process.argv.includes("--crowd")) {
  await crowd(Number(option("--crowd")));
  process.disconnect();
} else {
  const server = await run(process.env.JOBMAPD, ["--db", option("--db")]);
  const { port } = server;
  console.log("alone:");
  for (const said of await probe(port)) console.log(" ", said);
  const others = fork(file, ["--crowd", String(port), "--seconds", String(seconds + 2)]);
  const theirs = new Promise((done) => others.on("message", done));
  await new Promise((done) => setTimeout(done, 1000));
  console.log(`beside ${clients} clients with the dearest requests:`);
  for (const said of await probe(port)) console.log(" ", said);
  console.log("  the answers to those:", JSON.stringify(await theirs));
  await server.stop();
}
