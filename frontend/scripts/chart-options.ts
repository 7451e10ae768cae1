// The options of each kind of chart. Series differ by hatch as well as by colour; a missing value is never zero.
export type Data = {
  kind: "bars" | "stacked" | "bullet" | "lines" | "calendar" | "areas";
  title: string;
  none: string;
  labels: string[];
  names: string[];
  values: (number | null)[][];
  written: string[][];
  unit: string;
  shapes: unknown[];
};
export type Look = { text: string; isDark: boolean; ground: string; font: string };
type Options = Record<string, unknown>;
type Point = { seriesIndex: number; dataIndex: number; name: string };

const LIGHT = ["#0b4f4a", "#3d9c93", "#a3cfc9", "#d9a441", "#6b6f76"];
const DARK = ["#58b9ab", "#2b8278", "#b9e4dd", "#d9a441", "#9aa5a1"];
const SHADES = { light: ["#eef6f4", "#d3e8e4", "#b0d6cf", "#87c0b7", "#5ba99e"], dark: ["#16221f", "#1c3a35", "#22524b", "#2a6a61", "#338277"] };
const HATCH = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: 0 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 2 },
  { symbol: "circle", symbolSize: 0.7, dashArrayX: [[8, 8], [0, 8, 8, 0]], dashArrayY: [6, 0] },
];
const MARKS = ["circle", "rect", "triangle", "diamond", "pin"];
const DASHES = ["solid", [6, 4], [2, 3]];

function decals(isDark: boolean): Options[] {
  const color = isDark ? "rgba(6,20,18,0.55)" : "rgba(255,255,255,0.65)";
  return HATCH.map((one) => ({ ...one, color }));
}

function common(data: Data, look: Look): Options {
  const box = { renderMode: "richText", confine: true, backgroundColor: look.isDark ? "#20312d" : "#ffffff" };
  return {
    animation: false,
    color: look.isDark ? DARK : LIGHT,
    textStyle: { fontFamily: look.font, color: look.text, fontSize: 14 },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals: decals(look.isDark) } },
    tooltip: { ...box, textStyle: { color: look.text, fontFamily: look.font, fontSize: 14 }, borderColor: "#5f716c" },
    legend: data.names.length > 1 ? legend(data, look) : undefined,
  };
}

function legend(data: Data, look: Look): Options {
  return {
    data: data.names, top: 0, left: 0, orient: "vertical", itemGap: 8, itemWidth: 18, itemHeight: 16,
    textStyle: { color: look.text, fontFamily: look.font, fontSize: 14 },
  };
}

function legendHeight(data: Data): number {
  return data.names.length > 1 ? data.names.length * 25 + 8 : 0;
}

function told(data: Data, point: Point): string {
  const unit = data.unit ? ` ${data.unit}` : "";
  return `${data.names[point.seriesIndex]}: ${data.written[point.seriesIndex][point.dataIndex]}${unit}`;
}

function all(data: Data): (points: Point[]) => string {
  return (points) => {
    const number = points[0]?.dataIndex ?? 0;
    const unit = data.unit ? ` ${data.unit}` : "";
    return [data.labels[number], ...data.names.map((name, row) => `${name}: ${data.written[row][number]}${unit}`)].join("\n");
  };
}

function label(data: Data, look: Look): Options {
  const formatter = (point: Point) => data.written[point.seriesIndex][point.dataIndex];
  return { show: true, position: "right", color: look.text, fontWeight: 700, fontSize: 14, formatter };
}

// The name of a row stands over its bars, so that a long one takes no room from them.
function rows(data: Data, look: Look, width: number, offset: number): Options {
  const axisLabel = {
    inside: true, align: "left", verticalAlign: "bottom", padding: [0, 0, offset, 0], margin: 0, color: look.text, fontSize: 14,
    width: width - 8, overflow: "truncate", interval: 0,
    formatter: (name: string, row: number) => (data.values.every((one) => one[row] === null) ? `${name}: ${data.none}` : name),
  };
  return { type: "category", data: data.labels, inverse: true, axisLabel, axisTick: { show: false }, axisLine: { show: false }, z: 3 };
}

function values(data: Data): Options {
  const known = data.values.flat().filter((one): one is number => one !== null);
  return { type: "value", min: Math.min(0, ...known), max: "dataMax", show: false, splitLine: { show: false } };
}

function bars(data: Data, look: Look, width: number, height: number): Options {
  const stack = data.kind === "stacked" ? "all" : undefined;
  const top = legendHeight(data);
  const band = (height - top) / Math.max(1, data.labels.length);
  const count = stack ? 1 : data.names.length;
  const bar = Math.min(stack ? 44 : 24, (band - 24) / count - 3);
  const isAlone = data.kind === "stacked" && data.labels.length === 1;
  const series = data.values.map((row, number) => ({
    type: "bar", name: data.names[number], data: row, stack, barWidth: Math.max(6, bar), barGap: "12%",
    label: stack ? undefined : label(data, look), itemStyle: { borderColor: look.text, borderWidth: 0.5 },
  }));
  return {
    ...common(data, look),
    grid: { left: 1, right: stack ? 1 : 84, top: top + (isAlone ? 0 : 12), bottom: 0 },
    xAxis: stack ? { ...values(data), min: 0 } : values(data),
    yAxis: isAlone ? { ...rows(data, look, width, 0), axisLabel: { show: false } } : rows(data, look, width, (bar * count) / 2 + 4),
    tooltip: { ...(common(data, look).tooltip as Options), trigger: "axis", axisPointer: { type: "none" }, formatter: all(data) },
    series,
  };
}

function bullet(data: Data, look: Look, width: number, height: number): Options {
  const [facts, plans] = data.values;
  const drawn = bars({ ...data, values: [facts], names: [data.names[0]] }, look, width, height);
  const plan = {
    type: "scatter", name: data.names[1], symbol: "rect", symbolSize: [5, 34], z: 4, itemStyle: { color: look.text, decal: HATCH[0] },
    data: plans.map((one, number) => (one === null ? null : [one, number])),
  };
  const [fact] = drawn.series as Options[];
  const axis = drawn.yAxis as { axisLabel: Options };
  // Both numbers stand in the line of the name: beside the bar, the mark of the plan would cross them.
  const axisLabel = {
    ...axis.axisLabel, lineHeight: 19,
    formatter: (name: string, row: number) => {
      const isTight = height / data.labels.length < 84;
      if (isTight) return `{numbers|${data.written.map((one) => one[row]).join(" / ")}}  ${name}`;
      return `${name}\n{numbers|${data.names.map((one, n) => `${one}: ${data.written[n][row]}`).join(" · ")}}`;
    },
    rich: { numbers: { fontWeight: 700, fontSize: 14, lineHeight: 20, color: look.text } },
  };
  return {
    ...drawn, series: [{ ...fact, label: { show: false } }, plan], xAxis: values(data), yAxis: { ...axis, axisLabel },
    grid: { ...(drawn.grid as Options), right: 6, top: 24 },
    tooltip: { ...(drawn.tooltip as Options), formatter: all(data) },
  };
}

function lines(data: Data, look: Look): Options {
  const few = data.labels.length <= 6;
  const series = data.values.map((row, number) => ({
    type: "line", name: data.names[number], data: row, connectNulls: false, symbol: MARKS[number % MARKS.length], symbolSize: 9,
    lineStyle: { width: 3, type: DASHES[number % DASHES.length] },
    label: { ...label(data, look), position: "top", show: few },
    labelLayout: { hideOverlap: true },
  }));
  return {
    ...common(data, look),
    grid: { left: 24, right: 30, top: legendHeight(data) + 26, bottom: 28 },
    xAxis: { type: "category", data: data.labels, boundaryGap: false, axisLabel: { color: look.text, hideOverlap: true, fontSize: 13 }, axisLine: { lineStyle: { color: look.text } } },
    yAxis: { ...values(data) },
    tooltip: { ...(common(data, look).tooltip as Options), trigger: "axis", formatter: all(data) },
    series,
  };
}

function shades(data: Data, look: Look): Options {
  const known = data.values[0].filter((one): one is number => one !== null);
  return {
    type: "continuous", min: Math.min(...known), max: Math.max(...known), show: false,
    inRange: { color: look.isDark ? SHADES.dark : SHADES.light },
  };
}

function calendar(data: Data, look: Look, width: number): Options {
  const cell = (width - 6) / 54;
  return {
    ...common(data, look),
    visualMap: shades(data, look),
    calendar: {
      range: data.labels[0].slice(0, 4), left: 3, top: 26, cellSize: [cell, "auto"], bottom: 30, firstDay: 1,
      itemStyle: { color: "transparent", borderColor: look.isDark ? "#3c524c" : "#b4c8c1", borderWidth: 0.5 },
      splitLine: { lineStyle: { color: look.text, width: 1 } },
      yearLabel: { show: false }, dayLabel: { show: false },
      monthLabel: {
        color: look.text, fontSize: 11,
        formatter: (month: { MM: string; yyyy: string }) => new Date(`${month.yyyy}-${month.MM}-15`).toLocaleDateString(document.documentElement.lang, { month: width < 520 ? "narrow" : "short" }),
      },
    },
    tooltip: {
      ...(common(data, look).tooltip as Options),
      formatter: (point: Point & { data: [string, number] }) => `${point.data[0]}: ${data.written[0][data.labels.indexOf(point.data[0])]}`,
    },
    series: [{
      type: "heatmap", coordinateSystem: "calendar",
      data: data.labels.map((day, number) => [day, data.values[0][number]]).filter((one) => one[1] !== null),
    }],
  };
}

function areas(data: Data, look: Look, key: string): Options {
  const isScheme = data.shapes.every((one) => JSON.stringify(one).length < 140);
  return {
    ...common(data, look),
    visualMap: shades(data, look),
    tooltip: { ...(common(data, look).tooltip as Options), formatter: (point: Point) => `${point.name}\n${told(data, { ...point, seriesIndex: 0 })}` },
    series: [{
      type: "map", map: key, aspectScale: isScheme ? 0.42 : 0.75, layoutCenter: ["50%", "50%"], selectedMode: false,
      left: 2, right: 2, top: 2, bottom: 2, nameProperty: "name",
      itemStyle: { borderColor: look.text, borderWidth: 1, areaColor: "transparent" },
      emphasis: { label: { color: look.text }, itemStyle: { borderWidth: 3 } },
      label: {
        show: true, color: look.text, fontSize: 13,
        formatter: (point: Point) => `${point.name}\n{number|${data.written[0][data.labels.indexOf(point.name)]}}`,
        rich: { number: { fontSize: 18, fontWeight: 700, lineHeight: 24, color: look.text } },
      },
      data: data.labels.map((name, number) => ({ name, value: data.values[0][number] })),
    }],
  };
}

export function optionsOf(data: Data, look: Look, width: number, height: number, key: string): Options {
  if (data.kind === "lines") return lines(data, look);
  if (data.kind === "calendar") return calendar(data, look, width);
  if (data.kind === "areas") return areas(data, look, key);
  return data.kind === "bullet" ? bullet(data, look, width, height) : bars(data, look, width, height);
}
