// A real nginx on a free port of 127.0.0.1.
//
//   const proxy = await startNginx(`location / { proxy_pass http://127.0.0.1:${server.port}; }`);
//   proxy.port; await proxy.stop();
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

import { scratch, until } from "./server.mjs";

export const nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].find(existsSync);

export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

// `http` goes into the http block; its %d is a directory to write in.
export async function startNginx(server, { http = "", port } = {}) {
  port ??= await freePort();
  return startNginxBy(`${http} server { listen 127.0.0.1:${port}; ${server} }`, port);
}

// `site` is what goes into the http block, all of it; it listens on the port.
export async function startNginxBy(site, port) {
  const directory = scratch();
  for (const name of ["cache", "temp"]) mkdirSync(join(directory, name));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((n) => `${n}_temp_path ${directory}/temp/${n};`).join(" ");
  writeFileSync(join(directory, "conf"), `${process.getuid() ? "" : "user root;"} daemon off; worker_processes 1;
pid ${directory}/pid; error_log ${directory}/log;
events {}
http {
access_log off; ${temporary}
${site.replaceAll("%d", directory)}
}
`);
  const child = spawn(nginx, ["-c", join(directory, "conf"), "-e", join(directory, "log")], { stdio: "ignore" });
  let over = false;
  const ended = new Promise((done) => child.on("close", () => done((over = true))));
  process.on("exit", () => over || child.kill("SIGKILL"));
  await until("nginx to listen", () => new Promise((done) => {
    if (over) throw new Error(`nginx ended: ${readFileSync(join(directory, "log"), "utf8")}`);
    const socket = net.connect(port, "127.0.0.1", () => done(socket.destroy() && true)).on("error", () => done(false));
  }));
  return { port, stop: () => (child.kill(), ended) };
}
