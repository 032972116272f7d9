// The charts of a plan, beside the tables that say the same; drawn again when the page renews itself.
"use strict";
(() => {
  if (!window.echarts) return;
  const ink = "#1c2530", faint = "#5b6671", rule = "#d4d9df", light = "#edf0f2", blue = "#1f5f8b";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const base = (x, y) => ({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    grid: { left: 8, right: 20, top: 34, bottom: 24, containLabel: true },
    legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: faint } },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (v) => (v == null ? "—" : Math.round(v).toLocaleString()) },
    xAxis: { type: "value", name: x, nameLocation: "middle", nameGap: 22, scale: true, minInterval: 1, axisLine: { lineStyle: { color: rule } }, axisLabel: { color: faint }, nameTextStyle: { color: faint }, splitLine: { show: false } },
    yAxis: { type: "value", scale: true, axisLabel: { color: faint }, splitLine: { lineStyle: { color: light } } },
    ...y,
  });
  function course(place) {
    const data = read(place.dataset.course);
    if (!data.points.length) return null;
    return { ...base(data.words.x, {}), series: [{ name: data.words.y, type: "line", step: "end", symbolSize: 6, data: data.points.map((point) => [point[0], point[1]]), lineStyle: { color: ink, width: 2 }, itemStyle: { color: ink } }] };
  }
  function frontier(place) {
    const data = read(place.dataset.frontier), points = data[place.dataset.line];
    if (points.length < 2) return null;
    const line = { type: "line", symbolSize: 6 };
    return { ...base(data.words[place.dataset.line], {}), series: [
      { ...line, name: data.words.cost, data: points.map((point) => [point[0], point[1]]), lineStyle: { color: ink, width: 2 }, itemStyle: { color: ink } },
      { ...line, name: data.words.bound, symbol: "none", data: points.map((point) => [point[0], point[2]]), lineStyle: { color: blue, type: "dashed" }, itemStyle: { color: blue } },
    ] };
  }
  function draw() {
    for (const place of document.querySelectorAll("[data-course], [data-frontier]")) {
      if (window.echarts.getInstanceByDom(place)) continue;
      const option = place.dataset.course ? course(place) : frontier(place);
      if (!option) continue;
      place.hidden = false;
      window.echarts.init(place, null, { renderer: "canvas" }).setOption(option);
    }
  }
  draw();
  document.addEventListener("htmx:afterSettle", draw);
  addEventListener("resize", () => {
    for (const place of document.querySelectorAll("[data-course], [data-frontier]")) window.echarts.getInstanceByDom(place)?.resize();
  });
})();
