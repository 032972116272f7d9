// The moving map over the console's own GeoJSON; without MapLibre or WebGL the drawn map stays.
"use strict";
(() => {
  const place = document.getElementById("map");
  if (!place || !window.maplibregl || !document.createElement("canvas").getContext("webgl2")) return;
  const months = JSON.parse(document.getElementById("map-months").textContent);
  const said = document.getElementById("map-said"), side = document.getElementById("map-side");
  const classes = ["#e6b98f", "#c9d8e4", "#93b5cf", "#4f86b3", "#174a7c"];
  const target = Number(place.dataset.target) || null;
  const empty = { type: "FeatureCollection", features: [] };
  const lines = { road: ["#c4c9ce", 0.8], bus: ["#7a6a3a", 1.6], ferry: ["#2f6f8f", 2], route: ["#b5541f", 1.8] };
  const dots = { outlet: ["#555", 4, "#fff", 1], locker: ["#b7a26a", 3, "#555", 0.5], station: ["#fff", 2.2, "#333", 1], new_station: ["#fff", 5, "#b5541f", 2.5] };
  place.hidden = false;
  side.hidden = false;
  window.maplibregl.setWorkerUrl(place.dataset.worker);
  const tiles = place.dataset.tiles;
  const map = new window.maplibregl.Map({
    container: place, attributionControl: false, dragRotate: false, pitchWithRotate: false, maxPitch: 0,
    style: {
      version: 8,
      sources: tiles ? { tiles: { type: "raster", tiles: [tiles], tileSize: 256 } } : {},
      layers: [{ id: "paper", type: "background", paint: { "background-color": "#f4f6f8" } }, ...(tiles ? [{ id: "tiles", type: "raster", source: "tiles" }] : [])],
    },
  });
  map.addControl(new window.maplibregl.NavigationControl({ showCompass: false }));
  map.on("error", () => undefined);
  const chosen = (name) => side.querySelector(`input[name=${name}]:checked`)?.value;
  const colour = (field) => ["match", ["get", field], 0, classes[0], 1, classes[1], 2, classes[2], 3, classes[3], 4, classes[4], "#fff"];

  map.on("load", async () => {
    map.addSource("villages", { type: "geojson", data: empty });
    map.addSource("others", { type: "geojson", data: empty });
    for (const [layer, [stroke, width]] of Object.entries(lines)) {
      map.addLayer({ id: layer, type: "line", source: "others", filter: ["==", ["get", "layer"], layer], paint: { "line-color": stroke, "line-width": width, ...(layer === "ferry" ? { "line-dasharray": [2, 1.5] } : {}) } });
    }
    map.addLayer({ id: "villages", type: "circle", source: "villages", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 3, 12, 8] } });
    for (const [layer, [fill, radius, stroke, width]] of Object.entries(dots)) {
      map.addLayer({ id: layer, type: "circle", source: "others", filter: ["==", ["get", "layer"], layer], paint: { "circle-color": fill, "circle-radius": radius, "circle-stroke-color": stroke, "circle-stroke-width": width } });
    }
    await load(new FormData(document.getElementById("map-form")).get("month"), true);
    show();
    place.dataset.ready = "1";
  });

  async function load(month, fit) {
    const asked = new URLSearchParams(new FormData(document.getElementById("map-form")));
    asked.set("month", month);
    const answer = await fetch(`${place.dataset.data}?${asked}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { said.textContent = "数据没有取到，请刷新页面再试。"; return; }
    const data = await answer.json();
    map.getSource("villages").setData(data.villages);
    map.getSource("others").setData(data.others);
    if (fit && data.villages.features.length) {
      document.getElementById("map-still").hidden = true;
      document.getElementById("map-legend").hidden = false;
      for (const town of data.towns.features) {
        const label = document.createElement("span");
        label.className = "town-name";
        label.textContent = town.properties.name;
        new window.maplibregl.Marker({ element: label, anchor: "bottom" }).setLngLat(town.geometry.coordinates).addTo(map);
      }
      const box = new window.maplibregl.LngLatBounds();
      for (const village of data.villages.features) box.extend(village.geometry.coordinates);
      map.fitBounds(box, { padding: 24, animate: false });
    }
  }

  function show() {
    const field = chosen("when") === "then" ? "then" : "now", days = field === "then" ? "planned" : "days";
    map.setPaintProperty("villages", "circle-color", colour(field));
    const below = target === null ? false : ["all", ["!=", ["get", days], null], ["<", ["to-number", ["get", days]], target]];
    map.setPaintProperty("villages", "circle-stroke-color", below ? ["case", below, "#222", "#9aa4ad"] : "#9aa4ad");
    map.setPaintProperty("villages", "circle-stroke-width", below ? ["case", below, 1.6, 0.5] : 0.5);
    for (const box of side.querySelectorAll("input[name=layer]")) map.setLayoutProperty(box.value, "visibility", box.checked ? "visible" : "none");
    map.setFilter("route", ["all", ["==", ["get", "layer"], "route"], ["==", ["get", "weekday"], Number(document.getElementById("weekday").value)]]);
  }

  side.addEventListener("change", (event) => { if (event.target.id !== "slider") show(); });
  const slider = document.getElementById("slider");
  if (slider) {
    slider.value = String(months.indexOf(document.getElementById("slider-month").textContent));
    slider.addEventListener("input", async () => {
      document.getElementById("slider-month").textContent = months[Number(slider.value)];
      await load(months[Number(slider.value)], false);
    });
  }
  for (const layer of ["villages", ...Object.keys(dots), "route", "bus", "ferry"]) {
    const say = (event) => {
      const p = event.features[0].properties;
      said.textContent = layer === "villages" ? `${p.name}：现在每周 ${p.days == null ? "—" : Number(p.days).toFixed(1)} 天，按规划 ${p.planned == null ? "—" : Number(p.planned).toFixed(1)} 天` : p.name;
    };
    map.on("mousemove", layer, say);
    map.on("click", layer, say);
  }
})();
