// @ts-check
// A boundary on the map: each click is one more corner of its outer ring; a corner can be dragged.
import * as L from "../../leaflet.js";
import { mapIn } from "../../map.js";

/** @import { Area } from "../../types.js" */

const style = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** GeoJSON has longitude first. @param {number[][]} ring @returns {[number, number][]} */
const turned = (ring) => ring.map(([lon, lat]) => [lat, lon]);
const parsed = (/** @type {string} */ text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
const rings = (/** @type {any} */ shape) => (Array.isArray(shape?.coordinates) ? (shape.type === "MultiPolygon" ? shape.coordinates.flat() : shape.coordinates) : []);
/** The corners of the outer ring, each once. @param {string} text @returns {number[][]} */
const corners = (text) => (parsed(text)?.coordinates?.[0] ?? []).slice(0, -1);
/** @param {number[][]} outer @param {string} text which may have holes */
function written(outer, text) {
  const holes = (parsed(text)?.coordinates ?? []).slice(1);
  const near = outer.map((corner) => corner.map((part) => Number(part.toFixed(6))));
  return outer.length ? JSON.stringify({ type: "Polygon", coordinates: [[...near, near[0]], ...holes] }) : "";
}

/** A map in this place; `changed` hears each new text. @param {HTMLElement} place @param {(text: string) => void} changed */
export function shaped(place, changed) {
  const map = mapIn(place, { doubleClickZoom: false });
  map.setView([0, 0], 2);
  const layer = L.layerGroup().addTo(map);
  let text = "";
  let fitted = false;
  map.on("click", (/** @type {any} */ event) => {
    if (parsed(text)?.type === "MultiPolygon") return;
    changed(written([...corners(text), [event.latlng.lng, event.latlng.lat]], text));
  });
  const drag = (/** @type {number} */ n) => (/** @type {any} */ event) => {
    const { lat, lng } = event.target.getLatLng();
    changed(written(corners(text).map((corner, at) => (at === n ? [lng, lat] : corner)), text));
  };
  return {
    /** @param {string} now @param {Area[]} all @param {string | undefined} own which of them it is, by its path */
    draw(now, all, own) {
      text = now;
      const others = all.filter((area) => area.path !== own);
      const middle = all.find((area) => area.path === own)?.point;
      layer.clearLayers();
      for (const area of others) if (area.boundary) L.polygon(rings(area.boundary).map(turned), { color: style("--line-2"), weight: 1, fill: false, interactive: false }).addTo(layer);
      const mine = rings(parsed(text)).filter((/** @type {any} */ ring) => Array.isArray(ring) && ring.every((at) => Array.isArray(at) && at.length >= 2));
      if (mine.length) L.polygon(mine.map(turned), { color: style("--accent"), weight: 2, fillOpacity: 0.15, interactive: false }).addTo(layer);
      if (parsed(text)?.type === "Polygon" && mine.length) corners(text).forEach(([lon, lat], n) => L.marker([lat, lon], { draggable: true, keyboard: false, icon: L.divIcon({ className: "map-corner", iconSize: [12, 12] }) }).on("dragend", drag(n)).addTo(layer));
      if (fitted) return;
      const around = mine.length ? mine.flatMap(turned) : middle ? [middle] : others.flatMap((area) => (area.boundary ? rings(area.boundary).flatMap(turned) : area.point ? [area.point] : []));
      if (around.length) map.fitBounds(L.latLngBounds(around), { padding: [16, 16], maxZoom: 15, animate: false });
      fitted = around.length > 0;
    },
    back: (/** @type {string} */ now) => written(corners(now).slice(0, -1), now),
    clear: () => "",
    leave: () => void map.remove(),
  };
}
