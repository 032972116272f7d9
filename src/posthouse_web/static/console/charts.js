// Charts beside the tables that say the same; where ECharts is missing the place stays hidden.
"use strict";
(() => {
  if (!window.echarts) return;
  const ink = "#1c2530", faint = "#5b6671", rule = "#d4d9df";
  function monthsUntil(first, last) {
    const found = [];
    for (let at = index(first); at <= index(last) && found.length < 240; at += 1) found.push(name(at));
    return found;
  }
  const index = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const name = (at) => `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  for (const place of document.querySelectorAll("[data-chart]")) {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    if (!data.months.length) continue;
    const last = data.deadline && data.deadline > data.months.at(-1) ? data.deadline : data.months.at(-1);
    const axis = monthsUntil(data.months[0], last);
    const known = new Map(data.months.map((month, at) => [month, data.values[at]]));
    const end = [...data.months].reverse().find((month) => known.get(month) !== null);
    const ahead = data.forecast !== null && data.deadline && end && data.deadline > end;
    place.hidden = false;
    const line = { type: "line", animation: false, symbolSize: 6 };
    window.echarts.init(place, null, { renderer: "canvas" }).setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
      grid: { left: 8, right: 16, top: 30, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: faint } },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (v) => (v == null ? "—" : `${+v.toFixed(2)}${data.unit}`) },
      xAxis: { type: "category", data: axis, boundaryGap: false, axisLine: { lineStyle: { color: rule } }, axisLabel: { color: faint } },
      yAxis: { type: "value", scale: true, axisLabel: { color: faint, formatter: (v) => `${v}${data.unit === "%" ? "%" : ""}` }, splitLine: { lineStyle: { color: "#edf0f2" } } },
      series: [
        { ...line, name: data.words.values, data: axis.map((month) => known.get(month) ?? null), lineStyle: { color: ink, width: 2 }, itemStyle: { color: ink } },
        ...(ahead ? [{ ...line, name: data.words.forecast, symbol: "emptyCircle", connectNulls: true, data: axis.map((month) => (month === end ? known.get(end) : month === data.deadline ? data.forecast : null)), lineStyle: { color: "#3b7ea1", type: "dashed" }, itemStyle: { color: "#3b7ea1" } }] : []),
        ...(data.target === null ? [] : [{ ...line, name: data.words.target, symbol: "none", data: axis.map(() => data.target), lineStyle: { color: "#8a5a00", width: 1 }, itemStyle: { color: "#8a5a00" } }]),
      ],
    });
    addEventListener("resize", () => window.echarts.getInstanceByDom(place).resize());
  }
})();
