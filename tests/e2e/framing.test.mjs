// Whatever two parties could read differently is refused, answered, and the last thing read: a canary request behind
// it is neither answered nor logged.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, start, talk } from "./server.mjs";

let server;
before(async () => (server = await start(["--access-log", "--linger-timeout", "0.3"])));
after(() => server.stop());

const canary = (n) => get(`/canary-${n}`);
const post = (fields, body = "") => `POST /v1/stations HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;

const table = [
  ["chunked", 501, post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")],
  ["xchunked", 501, post("Transfer-Encoding: xchunked\r\n")],
  ["identity", 501, post("Transfer-Encoding: identity\r\n")],
  ["chunked, identity", 501, post("Transfer-Encoding: chunked, identity\r\n")],
  ["chunked twice", 501, post("Transfer-Encoding: chunked, chunked\r\n")],
  ["an empty encoding", 501, post("Transfer-Encoding:\r\n")],
  ["gzip, then a length", 501, post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "12345")],
  ["a length, then chunked", 501, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")],
  ["chunked under HTTP/1.0", 501, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["a trailer of authority", 501, post("Transfer-Encoding: chunked\r\n", "0\r\nAuthorization: x\r\nX-Forwarded-For: y\r\n\r\n")],
  ["a tab before the coding", 501, post("Transfer-Encoding:\tchunked\r\n", "0\r\n\r\n")],
  ["a space before the colon", 400, post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")],
  ["a folded coding", 400, post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")],
  ["two lengths", 400, post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd")],
  ["one length twice", 400, post("Content-Length: 4\r\nContent-Length: 4\r\n", "abcd")],
  ["a list of lengths", 400, post("Content-Length: 4, 4\r\n", "abcd")],
  ["a length with a sign", 400, post("Content-Length: +4\r\n", "abcd")],
  ["a length in hex", 400, post("Content-Length: 0x4\r\n", "abcd")],
  ["a length of nothing", 400, post("Content-Length:\r\n", "abcd")],
  ["a length of 2^64", 400, post("Content-Length: 18446744073709551616\r\n", "abcd")],
  ["no host", 400, "GET / HTTP/1.1\r\n\r\n"],
  ["two hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
  ["a list of hosts", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"],
  ["an empty host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"],
  ["a user in the host", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"],
  ["a folded field", 400, get("/", "X: a\r\n b\r\n")],
  ["bare line feeds", 400, "GET / HTTP/1.1\nHost: a\n\n"],
  ["a NUL in a field", 400, get("/", "X: a\0b\r\n")],
  ["HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ["HTTP/3.7", 505, "GET / HTTP/3.7\r\nHost: a\r\n\r\n"],
  ["no HTTP", 400, "GET /\r\n\r\n"],
  ["an unknown method", 501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["TRACE", 501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a relative target", 400, "GET health HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["an expectation", 417, post("Expect: tea\r\nContent-Length: 4\r\n", "abcd")],
  ["TLS", 400, Buffer.from("16030100c8010000c40303", "hex").toString("latin1")],
];

table.forEach(([name, status, bytes], n) =>
  test(`${name}: ${status}, and no more`, async () => {
    const { responses, text, closed } = await talk(server, Buffer.from(bytes + canary(n), "latin1"));
    assert.deepEqual(responses.map((r) => r.status), [status], text);
    assert.equal(closed, true);
    assert.equal(responses[0].headers.connection, "close");
    assert.equal(responses[0].headers["content-type"], "application/problem+json");
    const problem = JSON.parse(responses[0].body);
    assert.equal(problem.status, status);
    assert.match(problem.request_id, /^[0-9a-f]{16}$/);
    assert.ok(!server.log.some((line) => line.target?.includes("canary")), "the canary was read");
  }),
);

test("a body of its length is read over, and the request behind it answered", async () => {
  const { responses } = await talk(server, post("Content-Length: 30\r\n", "GET /inner HTTP/1.1\r\nHost: a\r\n") + get("/health"), { answers: 2 });
  assert.deepEqual(responses.map((r) => r.status), [405, 200]);
  assert.equal(responses[0].headers.allow, "GET, HEAD, OPTIONS");
  assert.ok(!server.log.some((line) => line.target === "/inner"));
});

test("a host the server never heard of shows up nowhere", async () => {
  const { text } = await talk(server, "GET /v1/jobs?limit=1 HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: worse.example\r\nConnection: close\r\n\r\n");
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.doesNotMatch(text, /evil\.example|worse\.example/);
});

test("what a client sends can't forge a line of the log", async () => {
  await talk(server, get("/%0d%0a{\"event\":\"forged\"}?\u00ff", "Connection: close\r\n"));
  const line = server.log.findLast((l) => l.event === "request");
  assert.match(line.target, /forged/);
  assert.ok(!server.log.some((l) => l.event === "forged"));
});

test("the log doesn't say where a person is", async () => {
  for (const [asked, logged] of [
    ["near=120.15937,30.25698&radius=800", "near=120.16,30.26&radius=800"],
    ["reach=120.15937%2C30.25698;120.2149,30.2101&minutes=40;15", "reach=120.16,30.26;120.21,30.21&minutes=40;15"],
    ["near=here:120.15937,30.25698", "near=-"],
  ]) {
    await talk(server, get(`/v1/jobs?${asked}&q=120.15937`, "Connection: close\r\n"));
    assert.equal(server.log.findLast((l) => l.event === "request").target, `/v1/jobs?${logged}&q=120.15937`);
  }
  assert.doesNotMatch(JSON.stringify(server.log.map(({ target }) => target?.split("&q=")[0])), /120\.1593|30\.2569/);
});
