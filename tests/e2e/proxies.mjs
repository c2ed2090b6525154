// nginx and haproxy on free ports of 127.0.0.1, each by the file that the package brings as an example. Only ports,
// paths and the account are changed; a change that finds nothing to change is an error.
//
//   const proxy = await nginxByExample(server.port);
//   const { status, headers, body } = await askTls(proxy, "/v1/jobs", {}, { from: "127.0.0.2" }); await proxy.stop();
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";

import { freePort, startNginxBy } from "./nginx.mjs";
import { scratch, until } from "./server.mjs";

process.setMaxListeners(0); // each server and each scratch directory listens for the exit

export const haproxy = ["/usr/sbin/haproxy", "/usr/bin/haproxy"].find(existsSync);
export const publicName = "jobs.example.org"; // as in the examples
// The settings that the examples ask of jobmapd.
export const behindProxy = ["--public-base-url", `https://${publicName}`, "--trusted-proxies", "127.0.0.1"];

const example = (name) => readFileSync(new URL(`../../tools/package.d/${name}`, import.meta.url), "utf8");

function changed(text, changes) {
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the example has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

let made;
// A certificate of the public name, signed by itself; made once a test file.
function certificate() {
  if (!made) {
    const directory = scratch(), key = join(directory, "key"), cert = join(directory, "cert"), both = join(directory, "both");
    const { status, stderr } = spawnSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "2", "-subj", `/CN=${publicName}`, "-addext", `subjectAltName=DNS:${publicName}`, "-keyout", key, "-out", cert], { encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    made = { key, cert, both, ca: readFileSync(cert) };
    writeFileSync(both, readFileSync(cert, "utf8") + readFileSync(key, "utf8"));
  }
  return made;
}

export async function nginxByExample(upstream) {
  const { key, cert } = certificate();
  const directory = scratch(), [plain, port] = [await freePort(), await freePort()];
  const site = changed(example("nginx.conf"), [
    ["server 127.0.0.1:8080;", `server 127.0.0.1:${upstream};`],
    ["  listen [::]:80;\n", ""], ["  listen [::]:443 ssl http2;\n", ""], // a machine may have no IPv6
    ["listen 80;", `listen 127.0.0.1:${plain};`], ["listen 443 ", `listen 127.0.0.1:${port} `],
    ["/var/cache/jobmap", join(directory, "cache")], ["/etc/ssl/jobs.pem", cert], ["/etc/ssl/private/jobs.key", key]]);
  return { plain, ...await startNginxBy(site, port) };
}

// The first upstream is the example's server; a second one is the line that the example has as a comment.
export async function haproxyByExample(...upstreams) {
  const directory = scratch(), [plain, port] = [await freePort(), await freePort()];
  const account = process.getuid() ? [["  user haproxy\n", ""], ["  group haproxy\n", ""]] : [];
  const second = upstreams.length > 1 ? [["# server two 10.0.0.2:8080", `server two 127.0.0.1:${upstreams[1]}`]] : [];
  const file = join(directory, "haproxy.cfg");
  writeFileSync(file, changed(example("haproxy.cfg"), [...account, ...second,
    ["server one 127.0.0.1:8080", `server one 127.0.0.1:${upstreams[0]}`],
    ["bind :80\n", `bind 127.0.0.1:${plain}\n`], ["bind :443 ", `bind 127.0.0.1:${port} `], ["/etc/haproxy/jobs.pem", certificate().both]]));
  const child = spawn(haproxy, ["-db", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "", over = false;
  child.stderr.on("data", (data) => (errors += data));
  const ended = new Promise((done) => child.on("close", () => done((over = true))));
  process.on("exit", () => over || child.kill("SIGKILL"));
  await until("haproxy to listen", () => new Promise((done) => {
    if (over) throw new Error(`haproxy ended: ${errors}`);
    const socket = net.connect(port, "127.0.0.1", () => done(socket.destroy() && true)).on("error", () => done(false));
  }));
  return { port, plain, errors: () => errors, stop: () => (child.kill("SIGKILL"), ended) };
}

// One request over TLS, whose certificate is checked, on a connection of its own from an address of one's own.
export const askTls = (proxy, path, headers = {}, { from = "127.0.0.1", method = "GET", body } = {}) => new Promise((done, fail) => {
  https.request({
    host: "127.0.0.1", port: proxy.port, path, method, agent: false, localAddress: from,
    ca: certificate().ca, servername: publicName, headers: { host: publicName, ...headers },
  }, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("error", fail);
    response.on("end", () => done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
  }).on("error", fail).end(body);
});
