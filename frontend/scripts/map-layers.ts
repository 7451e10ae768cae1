// Turns the layers of a panel into sources and layers of the map. A class differs by colour and by hatch, a kind
// of points or lines by colour and by shape, so that colour never speaks alone.
import type { LayerSpecification, Map, SourceSpecification } from "maplibre-gl";

export type Layer = { kind: "points" | "lines" | "areas"; title: string; shown: boolean; clusters?: boolean; data: unknown };
export type Given = { source: SourceSpecification; layers: (LayerSpecification & { layout?: Record<string, unknown> })[] };

const SHADES = ["#0b4f4a", "#b3541e", "#1d5ea8", "#7a3b8f", "#6b6f76"];
const CLASSES = ["#dcebe9", "#a3cfc9", "#5fb0a7", "#2b7f77", "#0b4f4a"];
const SHAPES = [
  "M10 3a7 7 0 1 0 .01 0z",
  "M4 4h12v12H4z",
  "M10 2l8 15H2z",
  "M10 1l9 9-9 9-9-9z",
  "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
];
const HATCHES = ["", "M-2 6L6 -2M2 10L10 2", "M0 2H8M0 6H8", "M2 0V8M6 0V8", "M0 2H8M0 6H8M2 0V8M6 0V8"];
const DASHES = [[1, 0], [2, 1.4], [0.6, 1.2]];

function picture(size: number, scale: number, draw: (pen: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * scale;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.scale(scale, scale);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export function addSigns(map: Map, isDark: boolean): void {
  SHAPES.forEach((shape, number) => {
    const image = picture(20, 2, (pen) => {
      pen.fillStyle = SHADES[number];
      pen.strokeStyle = isDark ? "#e8efed" : "#ffffff";
      pen.lineWidth = 1.5;
      const path = new Path2D(shape);
      pen.fill(path);
      pen.stroke(path);
    });
    map.addImage(`shape-${number}`, image, { pixelRatio: 2 });
  });
  HATCHES.forEach((hatch, number) => {
    const image = picture(8, 2, (pen) => {
      pen.globalAlpha = 0.82;
      pen.fillStyle = CLASSES[number];
      pen.fillRect(0, 0, 8, 8);
      pen.globalAlpha = 0.5;
      pen.strokeStyle = number > 2 ? "#ffffff" : "#0b4f4a";
      pen.stroke(new Path2D(hatch));
    });
    map.addImage(`class-${number}`, image, { pixelRatio: 2 });
  });
}

function points(source: string, number: number, clusters: boolean): Given["layers"] {
  const shade = SHADES[number % SHADES.length];
  const single: Given["layers"] = [
    {
      id: `${source}-points`, type: "symbol", source, filter: ["!", ["has", "point_count"]],
      layout: { "icon-image": `shape-${number % SHAPES.length}`, "icon-allow-overlap": true },
    },
  ];
  if (!clusters) return single;
  return [
    {
      id: `${source}-clusters`, type: "circle", source, filter: ["has", "point_count"],
      paint: {
        "circle-color": shade, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2,
        "circle-radius": ["step", ["get", "point_count"], 14, 10, 18, 100, 24],
      },
    },
    {
      id: `${source}-counts`, type: "symbol", source, filter: ["has", "point_count"],
      layout: { "text-field": ["to-string", ["get", "point_count"]], "text-font": ["Golos Text"], "text-size": 13, "text-allow-overlap": true },
      paint: { "text-color": "#ffffff" },
    },
    ...single,
  ];
}

function areas(source: string, isDark: boolean): Given["layers"] {
  const ink = { "text-color": isDark ? "#e8efed" : "#23302e", "text-halo-color": isDark ? "#101715" : "#ffffff", "text-halo-width": 1.6 };
  const has = [">=", ["coalesce", ["get", "class"], -1], 0];
  return [
    {
      id: `${source}-touch`, type: "fill", source, paint: { "fill-color": "#0b4f4a", "fill-opacity": 0.02 },
    },
    {
      id: `${source}-fill`, type: "fill", source, filter: has as never,
      paint: { "fill-pattern": ["concat", "class-", ["to-string", ["get", "class"]]] },
    },
    { id: `${source}-edge`, type: "line", source, paint: { "line-color": isDark ? "#7fb0a9" : "#4d7a74", "line-width": 1.4, "line-dasharray": [3, 2] } },
    {
      id: `${source}-names`, type: "symbol", source, paint: ink,
      layout: {
        "text-field": ["format", ["get", "name"], { "font-scale": 0.9 }, "\n", {}, ["get", "value"], { "font-scale": 1.15 }],
        "text-font": ["Golos Text"], "text-size": 13, "text-padding": 4,
      },
    },
  ];
}

export function layersOf(layers: Layer[], isDark: boolean): Given[] {
  return layers.map((layer, number) => {
    const name = `panel-${number}`;
    const source = { type: "geojson", data: layer.data } as SourceSpecification & Record<string, unknown>;
    if (layer.kind === "points") {
      const clusters = layer.clusters !== false;
      return { source: { ...source, cluster: clusters, clusterRadius: 44 } as SourceSpecification, layers: points(name, number, clusters) };
    }
    if (layer.kind === "areas") return { source, layers: areas(name, isDark) };
    const line = {
      id: `${name}-line`, type: "line", source: name, layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": SHADES[number % SHADES.length], "line-width": 4, "line-dasharray": DASHES[number % DASHES.length] },
    } as Given["layers"][number];
    return { source, layers: [line] };
  });
}
