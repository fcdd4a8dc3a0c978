// What MapLibre draws: our tiles alone, no fonts or pictures from elsewhere, hence no text on the ground.
import { PMTiles } from "pmtiles";
import { OUTSIDE, SECRET, UNKNOWN } from "./values.js";

export const SOURCE = "communes";
const SHADES = 6;
const FIRST_EDGE = "edges";
const RASTERS = new Set([2, 3, 4, 5]);

function colours(figure) {
  const read = getComputedStyle(figure);
  const colour = (name) => read.getPropertyValue(name).trim();
  return {
    shades: Array.from({ length: SHADES }, (_, index) => colour(`--map-shade-${index + 1}`)),
    ...Object.fromEntries(
      ["ground", "sea", "edge", "border", "ink", "secret", "secret-line", "unknown", "unknown-dot"]
        .map((name) => [name, colour(`--map-${name}`)]),
    ),
  };
}

const state = ["coalesce", ["feature-state", "k"], OUTSIDE];

function fillColour(used, legend) {
  const byClass = legend.flatMap(({ shade }, place) => [place, used.shades[shade - 1]]);
  return ["match", state, ...byClass, SECRET, used.secret, UNKNOWN, used.unknown, used.ground];
}

function shownOnly(kind) {
  return ["case", ["==", state, kind], 1, 0];
}

// Two patterns over the colours: slanted lines for what is secret, dots for what is unknown. They are
// pictures, which a style cannot hold: they are drawn here, once the rest is there.
export function addPatterns(drawing, figure) {
  const used = colours(figure);
  drawing.addImage("secret", pattern(8, used["secret-line"], (x, y) => (x + y) % 8 < 2));
  drawing.addImage("unknown", pattern(8, used["unknown-dot"], (x, y) => x % 8 < 2 && y % 8 < 2));
  for (const [name, kind] of [["secret", SECRET], ["unknown", UNKNOWN]]) {
    const paint = { "fill-pattern": name, "fill-opacity": shownOnly(kind) };
    drawing.addLayer(layer(name, "fill", { paint }), FIRST_EDGE);
  }
}

function pattern(size, colour, isDrawn) {
  const hex = colour.replace("#", "");
  const [red, green, blue] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (isDrawn(x, y)) data.set([red, green, blue, 255], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

const layer = (id, type, extra) => ({ id, type, source: SOURCE, "source-layer": SOURCE, ...extra });

function borders(used) {
  return [
    layer(FIRST_EDGE, "line", {
      minzoom: 7.5,
      paint: { "line-color": used.edge, "line-width": ["interpolate", ["linear"], ["zoom"], 7.5, 0.2, 10, 0.8] },
    }),
    layer("epci-edges", "line", {
      "source-layer": "epci",
      minzoom: 8.5,
      paint: { "line-color": used.edge, "line-width": 1.6 },
    }),
    layer("department-edges", "line", {
      "source-layer": "departments",
      layout: { "line-join": "round" },
      paint: {
        "line-color": used.border,
        "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.5, 8, 1.4],
      },
    }),
    layer("marked", "line", {
      layout: { "line-join": "round" },
      paint: {
        "line-color": used.ink,
        "line-width": ["case", ["boolean", ["feature-state", "chosen"], false], 3,
          ["boolean", ["feature-state", "here"], false], 2, 0],
      },
    }),
  ];
}

function fills(used, legend, opacity) {
  return [
    layer(SOURCE, "fill", {
      paint: { "fill-color": fillColour(used, legend), "fill-antialias": false, "fill-opacity": opacity },
    }),
  ];
}

// A map of one's own under ours: an image as it is, or vectors in a quiet ink, whatever their layers.
async function ownGround(url, used) {
  const file = new PMTiles(url);
  const { tileType } = await file.getHeader();
  if (RASTERS.has(tileType)) {
    return {
      source: { type: "raster", url: `pmtiles://${url}`, tileSize: 256 },
      under: [{ id: "own", type: "raster", source: "own" }],
      over: [],
    };
  }
  const { vector_layers: layers = [] } = (await file.getMetadata()) ?? {};
  const of = (id, type, shape, paint) => ({
    id: `own-${type}-${id}`, type, source: "own", "source-layer": id, paint,
    filter: ["==", ["geometry-type"], shape],
  });
  return {
    source: { type: "vector", url: `pmtiles://${url}` },
    under: layers.map(({ id }) => of(id, "fill", "Polygon", { "fill-color": used.edge, "fill-opacity": 0.35 })),
    over: layers.map(({ id }) => of(id, "line", "LineString", { "line-color": used.ink, "line-opacity": 0.5, "line-width": 1 })),
  };
}

export async function styleOf(figure, values) {
  const used = colours(figure);
  const absolute = (url) => new URL(url, location.href).href;
  const { tiles, background } = figure.dataset;
  const own = background ? await ownGround(absolute(background), used) : null;
  return {
    version: 8,
    sources: {
      [SOURCE]: { type: "vector", url: `pmtiles://${absolute(tiles)}`, promoteId: { [SOURCE]: "code" } },
      ...(own && { own: own.source }),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": used.sea } },
      ...(own?.under ?? []),
      ...fills(used, values.answer.legend, own ? 0.75 : 1),
      ...(own?.over ?? []),
      ...borders(used),
    ],
  };
}
