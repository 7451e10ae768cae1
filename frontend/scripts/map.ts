// Draws every map panel of the page: the base map in the page's language and colours, and the panel's layers.
import * as maplibre from "maplibre-gl/dist/maplibre-gl-csp.js";
import type { GeoJSONSource, LngLatBoundsLike, Map, MapMouseEvent, StyleSpecification } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { addSigns, layersOf, type Given, type Layer } from "./map-layers";

type Panel = { layers: Layer[]; bounds: [number, number, number, number] | null; words: Record<string, string> };

const FONT_SAMPLE = "Aa09 Яя ңөү";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const dark = {
  get matches(): boolean {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : system.matches;
  },
};
maplibre.addProtocol("pmtiles", new Protocol().tile);

// Addresses in a style are paths; the workers of the map need them whole.
function whole(address: string): string {
  const inner = address.replace("pmtiles://", "");
  return address.replace(inner, new URL(inner, document.baseURI).href);
}

async function loadStyle(address: string): Promise<StyleSpecification> {
  const theme = dark.matches ? "dark" : "light";
  const answer = await fetch(`${address}?theme=${theme}&lang=${document.documentElement.lang}`);
  if (!answer.ok) throw new Error(`the style answers ${answer.status}`);
  const style: StyleSpecification = await answer.json();
  for (const source of Object.values(style.sources)) {
    if ("data" in source && typeof source.data === "string") source.data = whole(source.data);
    if ("url" in source && source.url) source.url = whole(source.url);
  }
  return style;
}

// Labels are drawn on canvases with the page's font, which must be there before the first of them.
function loadFonts(): Promise<unknown> {
  return Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 24px "Golos Text"`, FONT_SAMPLE)));
}

function popupOf(properties: Record<string, string>, words: Record<string, string>): HTMLElement {
  const box = document.createElement("div");
  const name = box.appendChild(document.createElement("strong"));
  name.textContent = properties.name ?? "";
  for (const text of [properties.value, properties.note]) {
    if (text) box.appendChild(document.createElement("p")).textContent = text;
  }
  if (properties.url?.startsWith("/")) {
    const link = box.appendChild(document.createElement("a"));
    link.href = properties.url;
    link.textContent = words.more ?? "";
  }
  return box;
}

function addLayers(map: Map, given: Given[], panel: Panel): void {
  addSigns(map, dark.matches);
  given.forEach(({ source, layers }, number) => {
    map.addSource(`panel-${number}`, source);
    for (const layer of layers) {
      const visibility = panel.layers[number].shown ? "visible" : "none";
      map.addLayer({ ...layer, layout: { ...layer.layout, visibility } } as never);
    }
  });
}

function listen(map: Map, given: Given[], panel: Panel): void {
  const ids = given.flatMap(({ layers }) => layers.filter((one) => one.type !== "symbol" || one.layout?.["icon-image"]).map((one) => one.id));
  const hit = (event: MapMouseEvent) => {
    const present = ids.filter((id) => map.getLayer(id));
    return map.queryRenderedFeatures(event.point, { layers: present })[0];
  };
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = hit(event) ? "pointer" : "";
  });
  map.on("click", async (event) => {
    const found = hit(event);
    if (!found) return;
    if (found.properties.cluster) {
      const source = map.getSource(found.source) as GeoJSONSource;
      const zoom = await source.getClusterExpansionZoom(found.properties.cluster_id);
      map.easeTo({ center: event.lngLat, zoom });
      return;
    }
    new maplibre.Popup({ closeButton: true, maxWidth: "280px", locale: panel.words } as never)
      .setLngLat(event.lngLat)
      .setDOMContent(popupOf(found.properties as Record<string, string>, panel.words))
      .addTo(map);
  });
}

// The picture carries the sources of its data, as their licences ask.
function savePicture(map: Map, figure: HTMLElement, name: string): void {
  const drawn = map.getCanvas();
  const copy = document.createElement("canvas");
  copy.width = drawn.width;
  copy.height = drawn.height;
  const pen = copy.getContext("2d");
  if (!pen) return;
  pen.drawImage(drawn, 0, 0);
  const size = Math.round(11 * (drawn.width / drawn.clientWidth));
  const text = figure.dataset.attribution ?? "";
  pen.font = `${size}px "Golos Text", arial, sans-serif`;
  pen.fillStyle = dark.matches ? "#111917" : "#ffffff";
  pen.fillRect(0, copy.height - size * 1.8, pen.measureText(text).width + size, size * 1.8);
  pen.fillStyle = dark.matches ? "#ffffff" : "#23302e";
  pen.fillText(text, size / 2, copy.height - size * 0.6);
  copy.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

function connectControls(figure: HTMLElement, map: Map, given: Given[], panel: Panel): void {
  for (const box of figure.querySelectorAll<HTMLInputElement>("[data-layer]")) {
    box.hidden = false;
    box.addEventListener("change", () => {
      const number = Number(box.dataset.layer);
      panel.layers[number].shown = box.checked;
      for (const { id } of given[number].layers) map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none");
    });
  }
  for (const item of figure.querySelectorAll<HTMLElement>("[data-scripted]")) item.hidden = false;
  figure.querySelector<HTMLButtonElement>("[data-png]")?.addEventListener("click", (event) => {
    savePicture(map, figure, (event.currentTarget as HTMLElement).dataset.png ?? "map.png");
  });
  figure.querySelector("[data-print]")?.addEventListener("click", () => window.print());
}

function followLinks(map: Map): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-view]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const [west, south, east, north] = (link.dataset.view ?? "").split(",").map(Number);
      map.fitBounds([west, south, east, north], { padding: 60, maxZoom: 14.5 });
      for (const other of document.querySelectorAll("a[data-view][aria-current]")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  }
}

async function start(figure: HTMLElement): Promise<void> {
  const panel: Panel = JSON.parse(document.getElementById(figure.dataset.shaarMap ?? "")?.textContent ?? "{}");
  const canvas = figure.querySelector<HTMLElement>(".shaar-map__canvas");
  if (!canvas) return;
  const [style] = await Promise.all([loadStyle(figure.dataset.style ?? ""), loadFonts()]);
  const attribution = String((style.metadata as Record<string, string> | undefined)?.attribution ?? "");
  figure.dataset.attribution = attribution;
  maplibre.setWorkerUrl(new URL(figure.dataset.worker ?? "", document.baseURI).href);
  const map = new maplibre.Map({
    container: canvas,
    style,
    bounds: (panel.bounds ?? undefined) as LngLatBoundsLike | undefined,
    fitBoundsOptions: { padding: 12, maxZoom: 15 },
    attributionControl: { compact: canvas.clientWidth < 640, customAttribution: attribution },
    canvasContextAttributes: { preserveDrawingBuffer: true }, // for the printer and the picture
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches, // one finger scrolls the page
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: panel.words,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "top-left");
  const given = layersOf(panel.layers, dark.matches);
  map.on("load", () => addLayers(map, given, panel));
  map.on("idle", () => figure.setAttribute("data-ready", ""));
  const redraw = async () => {
    map.setStyle(await loadStyle(figure.dataset.style ?? ""), { diff: false });
    map.once("style.load", () => addLayers(map, layersOf(panel.layers, dark.matches), panel));
  };
  system.addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  listen(map, given, panel);
  connectControls(figure, map, given, panel);
  followLinks(map);
}

function tell(figure: HTMLElement): void {
  const note = figure.querySelector<HTMLElement>("[data-failed]");
  const panel: Panel = JSON.parse(document.getElementById(figure.dataset.shaarMap ?? "")?.textContent ?? "{}");
  if (!note) return;
  note.textContent = panel.words?.failed ?? "";
  note.hidden = false;
}

for (const figure of document.querySelectorAll<HTMLElement>("[data-shaar-map]")) {
  start(figure).catch(() => tell(figure));
}
