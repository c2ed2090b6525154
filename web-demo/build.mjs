// Bundles src/ into dist/: one script and one stylesheet, named by their content so that a cache may keep them for
// ever, and the index.html that names them. `--out DIR` builds elsewhere than dist/; `--tests` bundles the unit tests
// into .test/ instead.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join, resolve } from "node:path";

const root = fileURLToPath(new URL(".", import.meta.url));
const common = { absWorkingDir: root, bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

async function buildTests() {
  await rm(join(root, ".test"), { recursive: true, force: true });
  const entries = (await readdir(join(root, "test"))).filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: entries.map((name) => join("test", name)),
    outdir: ".test",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    sourcemap: "inline",
  });
}

async function buildPage(dist) {
  const result = await build({
    ...common,
    entryPoints: { app: "src/main.ts", style: "src/style.css" },
    outdir: dist,
    minify: true,
    legalComments: "none",
    loader: { ".svg": "dataurl" },
    write: false,
  });
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  let page = await readFile(join(root, "src/index.html"), "utf8");
  for (const { path, contents } of result.outputFiles) {
    const name = path.slice(dist.length + 1);
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
    const [stem, extension] = name.split(".");
    const hashed = `${stem}-${hash}.${extension}`;
    page = page.replace(name, hashed);
    await writeFile(join(dist, hashed), contents);
  }
  await writeFile(join(dist, "index.html"), page);
  await writeFile(join(dist, "licences.txt"), await licences());
}

// The notices of what is bundled: every package that the page itself depends on, directly or not.
async function licences() {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const texts = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === "" || entry.dev || entry.optional) continue;
    const folder = join(root, path);
    const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    texts.push(`${path.replace(/^.*node_modules\//, "")} ${entry.version} (${entry.license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

const out = process.argv.indexOf("--out") + 1;
if (process.argv.includes("--tests")) await buildTests();
else await buildPage(out ? resolve(process.argv[out]) : join(root, "dist"));
