// Draws the charts of the page again, so that they can be explored. What the server has drawn stays for the printer,
// and keeps the place: nothing on the page moves.
import { BarChart, HeatmapChart, LineChart, MapChart, ScatterChart } from "echarts/charts";
import { AriaComponent, CalendarComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { optionsOf, type Data, type Look } from "./chart-options";

echarts.use([
  BarChart, HeatmapChart, LineChart, MapChart, ScatterChart, AriaComponent, CalendarComponent, GridComponent,
  LegendComponent, TooltipComponent, VisualMapComponent, CanvasRenderer, LabelLayout,
]);

const system = window.matchMedia("(prefers-color-scheme: dark)");
const FONT = '"Golos Text", arial, sans-serif';

function lookOf(figure: HTMLElement): Look {
  const own = getComputedStyle(figure);
  const theme = figure.closest<HTMLElement>("[data-theme]")?.dataset.theme ?? "";
  const isDark = theme ? theme === "dark" : system.matches;
  return { text: own.color, isDark, ground: isDark ? "#101a18" : "#ffffff", font: FONT };
}

// The picture carries the chart's title.
function savePicture(chart: echarts.ECharts, data: Data, look: Look, name: string): void {
  const drawn = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: look.ground });
  const head = 72;
  const copy = document.createElement("canvas");
  copy.width = drawn.width + 40;
  copy.height = drawn.height + head + 20;
  const pen = copy.getContext("2d");
  if (!pen) return;
  pen.fillStyle = look.ground;
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.fillStyle = look.text;
  pen.font = `700 32px ${FONT}`;
  pen.fillText(data.title, 20, 46, copy.width - 40);
  pen.drawImage(drawn, 20, head);
  copy.toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

async function start(figure: HTMLElement): Promise<void> {
  const data: Data = JSON.parse(document.getElementById(figure.dataset.shaarChart ?? "")?.textContent ?? "{}");
  const drawing = figure.querySelector<HTMLElement>(".shaar-chart__drawing");
  const svg = drawing?.querySelector("svg");
  if (!drawing || !svg) return;
  await Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 14px "Golos Text"`, "Aa09 Яя ңөү")));
  const box = document.createElement("div");
  box.className = "shaar-chart__live";
  drawing.append(box);
  if (data.kind === "areas") registerAreas(figure, data);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const draw = () => {
    chart.resize();
    chart.setOption(optionsOf(data, lookOf(figure), box.clientWidth, box.clientHeight, figure.dataset.shaarChart ?? ""), true);
  };
  draw();
  figure.setAttribute("data-ready", "");
  new ResizeObserver(draw).observe(drawing);
  system.addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  for (const item of figure.querySelectorAll<HTMLElement>("[data-scripted]")) item.hidden = false;
  figure.querySelector<HTMLButtonElement>("[data-png]")?.addEventListener("click", (event) => {
    savePicture(chart, data, lookOf(figure), (event.currentTarget as HTMLElement).dataset.png ?? "chart.png");
  });
}

function registerAreas(figure: HTMLElement, data: Data): void {
  const features = data.shapes.map((geometry, number) => ({
    type: "Feature",
    properties: { name: data.labels[number] },
    geometry,
  }));
  echarts.registerMap(figure.dataset.shaarChart ?? "", { type: "FeatureCollection", features } as never);
}

// A chart is drawn again only when the reader comes near it.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      near.unobserve(entry.target);
      void start(entry.target as HTMLElement);
    }
  },
  { rootMargin: "300px" },
);
for (const figure of document.querySelectorAll<HTMLElement>("[data-shaar-chart]")) near.observe(figure);
