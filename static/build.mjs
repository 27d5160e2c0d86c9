// Builds the browser's code into the folder named on the command line: hashed files, the page, the service worker,
// and `built.json`, which names them for the server.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { png } from "./icon.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "dist");
const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["chrome92", "safari15.4"],
  legalComments: "none",
  charset: "utf8",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
  plugins: [{ name: "flush-left", setup: (build) => build.onLoad({ filter: /static.(phone|board|shared).*\.js$/ }, flushLeft) }],
};

/** Our own sources without their indentation and the ends of lines between tags, which templates would carry to the phone. */
function flushLeft({ path }) {
  const flush = readFileSync(path, "utf8").replace(/\n\s+/g, "\n");
  return { contents: flush.replace(/(?<=[>}])\n(?=<|\$\{)/g, ""), loader: "js" };
}

const made = new Map();

/** Keep a file under a name that changes with its content; answers that name. */
function hashed(stem, extension, content) {
  const mark = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const name = `${stem}-${mark}.${extension}`;
  made.set(`files/${name}`, content);
  return name;
}

async function bundled(entry, given = {}, format = "esm", loader = {}) {
  const define = { ...options.define, ...given };
  const result = await build({ ...options, entryPoints: [entry], write: false, outdir: out, define, format, loader });
  return result.outputFiles[0].contents;
}

/** The page with the names of its files. */
const filled = (page, names) => page.replace(/\{\{(\w+)\}\}/g, (all, name) => names[name] ?? all);

async function phone() {
  const read = (name) => readFileSync(join(here, "phone", name), "utf8");
  const zh = hashed("zh", "js", await bundled("phone/words/zh.js"));
  const en = hashed("en", "js", await bundled("phone/words/en.js"));
  const words = { "zh-CN": `/app/files/${zh}`, en: `/app/files/${en}` };
  const names = {
    js: hashed("phone", "js", await bundled("phone/main.js", { WORDS: JSON.stringify(words) })),
    zh,
    en,
    css: hashed("phone", "css", await bundled("phone/phone.css")),
    icon: hashed("icon", "svg", read("icon.svg")),
    icon180: hashed("icon180", "png", png(180)),
    icon512: hashed("icon512", "png", png(512)),
  };
  const symbols = read("symbols.svg").replace(/\n\s*/g, "");
  const page = read("index.html").replace("<!--symbols-->", symbols);
  made.set("phone.html", filled(page, names));
  const kept = JSON.stringify([names.js, zh, en, names.css, names.icon]);
  made.set("phone-sw.js", await bundled("phone/sw.js", { FILES: kept, ICON: JSON.stringify(`/app/files/${names.icon180}`) }, "iife"));
  return names;
}

async function board() {
  const read = (name) => readFileSync(join(here, "board", name), "utf8");
  // Each screen is a file of its own, fetched when it is opened; what several need is one more.
  const named = { entryNames: "[name]-[hash]", chunkNames: "part-[hash]", entryPoints: { board: "board/main.js" } };
  // The map's library has hundreds of long private names; those stay that it also writes as text, or exports.
  const brief = { mangleProps: /^_[a-z]/, reserveProps: /^_(leaflet|flat$|get(Edge|Bit)|sqClosest)/ };
  // Nor does any map of ours show the library's own pin, which would bring its pictures' paths.
  const pin = { filter: /leaflet.src.layer.marker.Icon\.Default/ };
  const noPin = { name: "no pin", setup: (b) => b.onLoad(pin, () => ({ contents: 'export { Icon as IconDefault } from "./Icon";' })) };
  const how = { ...brief, plugins: [...options.plugins, noPin], write: false, outdir: out, format: "esm", splitting: true, metafile: true };
  const { outputFiles, metafile } = await build({ ...options, ...named, ...how });
  for (const { path, contents } of outputFiles) made.set(`files/${relative(out, path)}`, contents);
  const entry = outputFiles.map(({ path }) => relative(out, path)).find((name) => name.startsWith("board-"));
  const css = hashed("board", "css", await bundled("board/css/board.css", {}, "esm", { ".png": "dataurl" }));
  const scripts = outputFiles.map(({ path }) => relative(out, path));
  const names = { js: entry, css, icon: hashed("icon", "svg", readFileSync(join(here, "phone", "icon.svg"), "utf8")) };
  const symbols = read("symbols.svg").replace(/\n\s*/g, "");
  made.set("board.html", filled(read("index.html").replace("<!--symbols-->", symbols), names));
  const words = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint?.startsWith("board/words/"));
  return { ...names, scripts, languages: words.map(([path]) => relative(out, join(here, path))) };
}

made.set("__init__.py", '"""What the browser is given, built from `static/`; never edited here."""\n');
made.set("built.json", JSON.stringify({ phone: await phone(), board: await board() }, null, 2));

// A server that runs from this folder finds it whole at any moment: what is new comes first, then what is old goes.
mkdirSync(join(out, "files"), { recursive: true });
for (const [name, content] of made) writeFileSync(join(out, name), content);
for (const name of readdirSync(out, { recursive: true })) {
  if (!made.has(name) && name !== "files" && !name.includes("__pycache__")) rmSync(join(out, name));
}
console.log(`built ${relative(process.cwd(), out) || out}`);
