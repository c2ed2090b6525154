// One request on a connection of its own, with whatever Host, and its answer as text.
//
//   const { status, headers, text, json } = await ask(server.port, "/v1/jobs?limit=1", { host: "localhost" });
import { request } from "node:http";

export const ask = (port, path, headers = {}, { method = "GET", body } = {}) => new Promise((done, fail) => {
  const sent = request({ host: "127.0.0.1", port, path, headers, method, agent: false }, (response) => {
    const parts = [];
    response.on("data", (part) => parts.push(part)).on("error", fail);
    response.on("end", () => {
      const text = Buffer.concat(parts).toString();
      done({ status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) });
    });
  }).on("error", fail);
  sent.end(body);
});
