// Bundles the stylesheet, the script and the fonts into dist/ (git-ignored).
// Names carry no hash here: Django's manifest storage adds it and rewrites the relative url() of the CSS.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../../..");
const assets = join(here, "assets");
const out = join(here, "dist");

const options = {
  entryPoints: [
    { in: join(assets, "atre.css"), out: "atre" },
    { in: join(assets, "atre.js"), out: "atre" },
    // The map is a third of a megabyte once compressed: only the pages that draw one load it.
    { in: join(assets, "map.css"), out: "map" },
    { in: join(assets, "map.js"), out: "map" },
    { in: join(root, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), out: "map-worker" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  // :has() and cascade layers are used, so nothing older would show the pages well.
  target: ["es2022", "safari15.4", "firefox121", "chrome105"],
  assetNames: "media/[name]",
  loader: { ".woff2": "file", ".svg": "file" },
  legalComments: "eof",
  logLevel: "warning",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await copyFile(join(assets, "images/mark.svg"), join(out, "mark.svg"));
// The OFL asks that its text travels with the font.
await copyFile(
  join(root, "node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE"),
  join(out, "FONT-LICENSE.txt"),
);
// So does the BSD licence of the map, which names the authors of what it is made of.
await copyFile(join(root, "node_modules/maplibre-gl/LICENSE.txt"), join(out, "MAP-LICENSE.txt"));

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, logLevel: "info" });
  await context.watch();
} else {
  await esbuild.build(options);
}
