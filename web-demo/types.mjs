// Writes generated/openapi.ts: the types of the API's requests and answers, from the server's own definition. As
// `npm run types` it reads the definition's parts in server/api/openapi/, so it needs no server; given a URL or a file
// it reads a whole document, such as /openapi.json. Both give the same text, which tests/browser checks.
//
//   import { typesOf, parts } from "./types.mjs"; const source = await typesOf(await parts());
import openapiTs, { astToString } from "openapi-typescript";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const beside = (path) => fileURLToPath(new URL(path, import.meta.url));
const json = async (path) => JSON.parse(await readFile(path, "utf8"));

export const target = beside("generated/openapi.ts");

// The definition of everything but /ogc, as server/api/openapi/document.cpp joins it.
export async function parts() {
  const [v1, parameters, schemas] = await Promise.all(
    ["v1", "parameters", "schemas"].map((name) => json(beside(`../server/api/openapi/${name}.json`))),
  );
  return { ...v1, components: { ...schemas, parameters } };
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

// What a caller of /v1, /tiles and the server itself sends and gets where all goes well; a refusal is a Problem.
function trimmed({ openapi, info, paths, components }) {
  const kept = {};
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith("/ogc")) continue;
    for (const [method, operation] of Object.entries(item)) {
      // The server derives these from their GET, and the page's queries all fit a URL.
      if (operation.operationId.endsWith("ByPost")) continue;
      const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
      (kept[path] ??= {})[method] = { ...operation, responses: Object.fromEntries(answers) };
    }
  }
  const used = new Set();
  const collect = (value) => {
    if (typeof value !== "object" || value === null) return;
    if (typeof value.$ref === "string" && !used.has(value.$ref)) {
      used.add(value.$ref);
      const [, , kind, name] = value.$ref.split("/");
      collect(components[kind][name]);
    } else Object.values(value).forEach(collect);
  };
  used.add("#/components/schemas/Problem");
  collect(kept);
  collect(components.schemas.Problem);
  const of = (kind) =>
    sorted(Object.fromEntries(Object.entries(components[kind]).filter(([name]) => used.has(`#/components/${kind}/${name}`))));
  return { openapi, info: { ...info, version: "" }, paths: sorted(kept), components: { schemas: of("schemas"), parameters: of("parameters") } };
}

export async function typesOf(document) {
  const nodes = await openapiTs(trimmed(document), { arrayLength: true, alphabetize: true, silent: true });
  return `// Made from the server's definition of its API by types.mjs (npm run types); not edited by hand.\n${astToString(nodes)}`;
}

const read = async (from) => (/^https?:/.test(from) ? (await fetch(from)).json() : json(from));

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await mkdir(beside("generated"), { recursive: true });
  await writeFile(target, await typesOf(process.argv[2] ? await read(process.argv[2]) : await parts()));
}
