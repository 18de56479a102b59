// What pages can do better with a script. Each of them works without.
(() => {
  "use strict";
  const here = document.currentScript.dataset;
  document.documentElement.classList.add("js");

  // After a form came back with faults, readers aloud and keyboards begin at the summary.
  const errors = document.getElementById("errors");
  if (errors) errors.focus();

  // A paper that is half filled stays so when the page is looked at again; once it is in the box it is forgotten.
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const kept = () => [...form.elements].filter(one => one.name && !["hidden", "submit"].includes(one.type) && one.name !== "csrfmiddlewaretoken");
    const read = () => JSON.stringify(kept().map(one => ["radio", "checkbox"].includes(one.type) ? one.checked : one.value));
    try {
      const before = JSON.parse(sessionStorage.getItem(form.dataset.keep));
      if (before && !errors) kept().forEach((one, n) => { if (["radio", "checkbox"].includes(one.type)) one.checked = before[n]; else one.value = before[n] ?? ""; });
      form.addEventListener("input", () => sessionStorage.setItem(form.dataset.keep, read()));
      form.addEventListener("submit", () => sessionStorage.removeItem(form.dataset.keep));
    } catch { /* Where nothing may be stored, the browser's own memory has to do. */ }
  }

  // What opens beside the edge of the page opens towards its middle.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.open || !target.matches("details.decided")) return;
    const panel = target.querySelector(".panel").getBoundingClientRect();
    if (panel.left < 0 || panel.right > document.documentElement.clientWidth) target.classList.toggle("end");
  }, true);

  // Leaflet is fetched when somebody asks for it, and not before.
  let leaflet;
  const fetched = () => leaflet ??= new Promise((done, failed) => {
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: here.leafletCss });
    const script = Object.assign(document.createElement("script"), { src: here.leaflet, onload: () => done(window.L), onerror: failed });
    document.head.append(style, script);
  });

  // The outlines of the land, in Mercator millionths; where the operator named a tile server, its tiles.
  const ground = async (L, map) => {
    if (here.tiles) return L.tileLayer(here.tiles, { maxZoom: 19 }).addTo(map);
    const rings = await (await fetch(here.land)).json();
    const back = y => Math.atan(Math.sinh(-y * 2 * Math.PI / 1e6)) * 180 / Math.PI;
    const style = getComputedStyle(map.getContainer());
    const look = { renderer: L.canvas({ padding: .5 }), weight: 1, color: style.getPropertyValue("--map-edge"), fillColor: style.getPropertyValue("--map-land"), fillOpacity: 1, interactive: false };
    for (const steps of rings) {
      let x = 0, y = 0; const ring = [];
      for (let n = 0; n < steps.length; n += 2) ring.push([back(y += steps[n + 1]), (x += steps[n]) * 360 / 1e6]);
      L.polygon(ring, look).addTo(map);
    }
  };

  const opened = async (box) => {
    const L = await fetched();
    const canvas = document.createElement("div");
    canvas.className = "chart";
    box.replaceChildren(canvas);
    const map = L.map(canvas, { attributionControl: Boolean(here.tiles), worldCopyJump: true });
    L.control.scale({ imperial: false }).addTo(map);
    return [L, map];
  };
  const mark = (L, number) => L.divIcon({ className: "dot", html: `<b>${number}</b>`, iconSize: [28, 28] });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-map-open], [data-place-open]");
    if (!button) return;
    const box = document.getElementById(button.getAttribute("aria-controls"));
    button.hidden = true;
    const [L, map] = await opened(box);
    if (button.hasAttribute("data-map-open")) {
      const spots = JSON.parse(box.dataset.pins);
      for (const [lat, lon, label, url, number] of spots) {
        const said = Object.assign(document.createElement(url ? "a" : "span"), { textContent: label });
        if (url) said.href = url;
        L.marker([lat, lon], { icon: mark(L, Number(number)), title: label, alt: label }).bindPopup(said).addTo(map);
      }
      map.fitBounds(spots.map(spot => spot.slice(0, 2)), { padding: [40, 40], maxZoom: 15 });
      if (box.dataset.search) map.once("moveend", () => map.once("moveend", () => {
        // Only a map that somebody moved asks anew: the same search, on what is shown now.
        const again = Object.assign(document.createElement("a"), { className: "btn second compact", textContent: box.dataset.search });
        const aim = () => { const b = map.getBounds(); const url = new URL(location); url.searchParams.delete("cursor");
          url.searchParams.set("box", [b.getSouth(), Math.max(b.getWest(), -180), b.getNorth(), Math.min(b.getEast(), 180)].map(n => n.toFixed(4)).join(",")); again.href = url; };
        aim(); map.on("moveend", aim); box.after(again);
      }));
    } else {
      const [lat, lon] = [box.dataset.lat, box.dataset.lon].map(id => document.getElementById(id));
      const start = lat.value && lon.value ? [Number(lat.value), Number(lon.value)] : null;
      map.setView(start || JSON.parse(box.dataset.start || "[30,0]"), start ? 13 : 4);
      const pin = L.marker(start || map.getCenter(), { icon: mark(L, ""), draggable: true, alt: box.dataset.label }).addTo(map);
      const told = () => { const at = pin.getLatLng().wrap(); lat.value = at.lat.toFixed(5); lon.value = at.lng.toFixed(5); };
      pin.on("dragend", told);
      map.on("click", (at) => { pin.setLatLng(at.latlng); told(); });
      for (const field of [lat, lon]) field.addEventListener("change", () => { if (lat.value && lon.value) { pin.setLatLng([lat.value, lon.value]); map.panTo(pin.getLatLng()); } });
    }
    await ground(L, map);
    map.getContainer().focus();
  });

  // Buttons that only a script can serve are shown only where there is one.
  for (const button of document.querySelectorAll("[data-map-open], [data-place-open]")) button.hidden = false;
})();
