// One drawing: tiles, colours, what is pointed at by mouse, finger or keyboard.
import { addProtocol, Map as Drawing, NavigationControl, setWorkerCount, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { Card } from "./card.js";
import { addPatterns, SOURCE, styleOf } from "./style.js";
import { Values } from "./values.js";

const WORDS = {
  "NavigationControl.ZoomIn": "Agrandir",
  "NavigationControl.ZoomOut": "Réduire",
  "CooperativeGesturesHandler.WindowsHelpText": "Ctrl et la molette pour agrandir",
  "CooperativeGesturesHandler.MacHelpText": "⌘ et la molette pour agrandir",
  "CooperativeGesturesHandler.MobileHelpText": "Deux doigts pour déplacer la carte",
};
const NO_DRAWING = "Ce navigateur ne peut pas dessiner la carte : le tableau ci-dessous dit la même chose.";

function box(text) {
  const [west, south, east, north] = text.split(",").map(Number);
  return [[west, south], [east, north]];
}

function drawingOf(figure, style) {
  const drawing = new Drawing({
    container: figure.querySelector("[data-map-canvas]"),
    style,
    bounds: box(figure.dataset.frame),
    fitBoundsOptions: { padding: 12 },
    locale: { ...WORDS, "Map.Title": figure.dataset.label },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    maxZoom: 12.5,
    minZoom: 2,
    fadeDuration: 0,
  });
  drawing.touchZoomRotate.disableRotation();
  drawing.keyboard.disableRotation();
  drawing.addControl(new NavigationControl({ showCompass: false }), "top-right");
  return drawing;
}

class Figure {
  constructor(figure, values, drawing, card) {
    Object.assign(this, { figure, values, drawing, card, here: null });
  }

  colour() {
    const { values, drawing } = this;
    for (const [code, row] of values.row) this.mark(code, { k: values.state(row) });
    for (const code of this.card.chosen.keys()) this.mark(code, { chosen: true });
    drawing.once("idle", () => { this.figure.dataset.state = "drawn"; });
  }

  mark(id, state) {
    this.drawing.setFeatureState({ source: SOURCE, sourceLayer: SOURCE, id }, state);
  }

  at(point) {
    const [found] = this.drawing.queryRenderedFeatures(point, { layers: [SOURCE] });
    return found ? { code: found.properties.code, name: found.properties.name } : null;
  }

  point(place, loud) {
    if (!place || (place.code === this.here && !loud)) return;
    if (this.here) this.mark(this.here, { here: false });
    this.here = place.code;
    this.mark(place.code, { here: true });
    this.card.show(place, this.values.said(place.code), loud);
  }

  middle() {
    const { clientWidth, clientHeight } = this.drawing.getCanvas();
    return this.at([clientWidth / 2, clientHeight / 2]);
  }

  listen() {
    const { drawing, figure } = this;
    const canvas = drawing.getCanvas();
    let held = false;
    drawing.on("mousemove", ({ point }) => { if (!held) this.point(this.at(point), false); });
    drawing.on("click", ({ point }) => {
      const place = this.at(point);
      held = Boolean(place);
      this.point(place, true);
    });
    // By keyboard the commune pointed at is the one under the cross, in the middle.
    const isByKeyboard = () => canvas.matches(":focus-visible");
    canvas.addEventListener("focus", () => { figure.classList.toggle("map-crossed", isByKeyboard()); });
    canvas.addEventListener("blur", () => { figure.classList.remove("map-crossed"); });
    drawing.on("moveend", () => { if (isByKeyboard()) this.point(this.middle(), true); });
    canvas.addEventListener("keydown", (event) => {
      const place = event.key === "Enter" && this.middle();
      if (!place || !this.card.list) return;
      this.point(place, true);
      this.card.toggle(place);
    });
    for (const button of figure.querySelectorAll("[data-map-frame]")) {
      button.addEventListener("click", () => drawing.fitBounds(box(button.dataset.mapFrame), { padding: 12, animate: false }));
    }
    this.card.changed = (code, chosen) => this.mark(code, { chosen });
    if (this.card.list && this.card.chosen.size) this.card.draw();
  }
}

async function attach(figure) {
  const message = figure.querySelector("[data-map-message]");
  try {
    const values = await Values.load(figure.dataset.values);
    const drawing = drawingOf(figure, await styleOf(figure, values));
    const card = new Card(figure.querySelector("[data-map-card]"), figure);
    const made = new Figure(figure, values, drawing, card);
    await drawing.once("load");
    addPatterns(drawing, figure);
    made.colour();
    made.listen();
    message.hidden = true;
    return drawing;
  } catch (error) {
    message.textContent = NO_DRAWING;
    figure.dataset.state = "none";
    return null;
  }
}

// Two maps side by side show the same ground: what moves one moves the other.
function together(drawings) {
  let leading = false;
  for (const one of drawings) {
    one.on("move", () => {
      if (leading) return;
      leading = true;
      for (const other of drawings) {
        if (other !== one) other.jumpTo({ center: one.getCenter(), zoom: one.getZoom() });
      }
      leading = false;
    });
  }
}

export async function attachMaps(root) {
  const figures = [...root.querySelectorAll("[data-map]")];
  if (!figures.length) return;
  setWorkerUrl(new URL(figures[0].dataset.worker, location.href).href);
  setWorkerCount(1);
  const protocol = new Protocol();
  addProtocol("pmtiles", protocol.tile);
  const drawings = await Promise.all(figures.map(attach));
  together(drawings.filter(Boolean));
}
