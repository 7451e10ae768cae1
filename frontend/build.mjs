// Compiles styles and scripts into the static directory of shaar.ui; fonts get hashed names.
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(here, "../src/shaar/ui/static/build");
const fresh = `${target}.${process.pid}`;
const browsers = ["chrome100", "firefox100", "safari15"];
const common = { bundle: true, minify: true, logLevel: "warning", target: browsers, sourcemap: false };

// One bundle a line: `main` is on every page and fetches the others where a page needs them.
const SCRIPTS = [
  "main",
  "live",
  "passkey",
  "work",
  "sw",
  "monitor",
];

const sassOptions = {
  loadPaths: [join(here, "styles"), join(here, "node_modules")],
  quietDeps: true,
  style: "compressed",
};

// A component keeps its styles in its own file: src/shaar/<module>/components/<name>.html, <style lang="scss">.
async function componentStyles() {
  const modules = resolve(here, "../src/shaar");
  const found = [];
  for (const module of (await readdir(modules)).sort()) {
    const directory = join(modules, module, "components");
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(".html")).sort()) {
      const text = await readFile(join(directory, name), "utf8");
      for (const match of text.matchAll(/^<style lang="scss">\n([\s\S]*?)^<\/style>$/gm)) found.push(match[1]);
    }
  }
  return sass.compileString(`@use "base" as *;\n${found.join("\n")}`, sassOptions).css;
}

async function compileStyles() {
  return sass.compile(join(here, "styles/shaar.scss"), sassOptions).css + (await componentStyles());
}

async function buildStyles() {
  await esbuild.build({
    ...common,
    stdin: { contents: await compileStyles(), loader: "css", resolveDir: join(here, "styles") },
    outfile: join(fresh, "shaar.css"),
    assetNames: "fonts/[name]-[hash]",
    loader: { ".woff2": "file" },
    legalComments: "none",
  });
}

async function buildScripts() {
  await esbuild.build({
    ...common,
    entryPoints: SCRIPTS.map((name) => join(here, `scripts/${name}.ts`)),
    outdir: fresh,
    format: "iife",
    entryNames: "[name]",
    legalComments: "linked",
  });
}

// Pages fetch the fonts of their language early: this says under which hashed name each font stands.
async function listFonts() {
  const found = {};
  for (const name of (await readdir(join(fresh, "fonts"))).sort()) {
    const match = /^golos-text-(.+)-(\d+)-normal-[A-Z0-9]+\.woff2$/.exec(name);
    if (match) found[`${match[1]}-${match[2]}`] = `build/fonts/${name}`;
  }
  await writeFile(join(fresh, "fonts.json"), JSON.stringify(found));
}

// Charts and maps: modules of their own, so that a page loads one once and only where it has something to draw.
async function buildPanels() {
  const maplibre = join(here, "node_modules/maplibre-gl/dist");
  await esbuild.build({
    ...common,
    entryPoints: ["charts", "map"].map((name) => join(here, `scripts/${name}.ts`)),
    outdir: fresh,
    format: "esm",
    entryNames: "[name]",
    legalComments: "linked",
  });
  await copyFile(join(maplibre, "maplibre-gl-csp-worker.js"), join(fresh, "map-worker.js"));
  const own = sass.compile(join(here, "styles/map.scss"), sassOptions).css;
  await esbuild.build({
    ...common,
    stdin: { contents: `@import "maplibre-gl/dist/maplibre-gl.css";\n${own}`, loader: "css", resolveDir: here },
    outfile: join(fresh, "map.css"),
  });
}

// The board of the monitor has styles of its own, which no other page fetches.
async function buildMonitor() {
  const own = sass.compile(join(here, "styles/monitor.scss"), sassOptions).css;
  await esbuild.build({
    ...common,
    stdin: { contents: own, loader: "css", resolveDir: here },
    outfile: join(fresh, "monitor.css"),
  });
}

// Documents need whole fonts: the pages' subsets cannot be embedded as one.
async function copyDocumentFonts() {
  const source = join(here, "node_modules/@expo-google-fonts/golos-text");
  const fonts = join(fresh, "document-fonts");
  await mkdir(fonts, { recursive: true });
  for (const style of ["400Regular", "700Bold"]) {
    const name = `GolosText_${style}.ttf`;
    await copyFile(join(source, style, name), join(fonts, name));
  }
  await copyFile(join(source, "LICENSE_FONT"), join(fonts, "LICENSE"));
}

async function swap() {
  await rm(target, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await rename(fresh, target);
}

try {
  await buildStyles();
  await listFonts();
  await buildScripts();
  await buildPanels();
  await buildMonitor();
  await copyDocumentFonts();
  await swap();
} finally {
  await rm(fresh, { recursive: true, force: true });
}
