// @ts-check
// The map: grids, residents, responders with the age of their position, and a line from who goes to where they go.
import { serverNow } from "../../../shared/api.js";
import { left, picked, pointed, SOON } from "../../data/queue.js";
import * as L from "../../leaflet.js";
import { mapIn } from "../../map.js";
import { go } from "../../router.js";

/** @import { Area, Case, Staff } from "../../types.js" */
/** @typedef {{ cases: Case[], staff: Staff[], areas: Area[], gaps: { path: string, from: string }[], pointed: string, area: string }} Given */

const OLD = 15 * 60_000;
/** Below this zoom the names of the grids lie on each other. */
const NAMED_FROM = 13.5;
const style = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A map in this place; `draw` shows what is given, `leave` takes it away. @param {HTMLElement} place */
export function drawn(place) {
  const map = mapIn(place);
  const grids = L.layerGroup().addTo(map);
  const people = L.layerGroup().addTo(map);
  let fitted = "";
  let side = "";
  return {
    draw: (/** @type {Given & { side: string | null }} */ given) => {
      if (side !== (given.side ?? "")) map.invalidateSize();
      side = given.side ?? "";
      const key = `${given.area}:${given.areas.length}`;
      if (fitted !== key && fit(map, given)) fitted = key;
      drawAreas(grids, given, map.getZoom() >= NAMED_FROM);
      drawPeople(people, given);
    },
    leave: () => void map.remove(),
  };
}

/** @param {any} map @param {Given} given */
function fit(map, given) {
  const within = given.areas.filter((area) => area.path.startsWith(given.area));
  const points = [...within.flatMap((area) => (area.boundary ? rings(area.boundary).flat() : area.point ? [area.point] : [])), ...given.cases.flatMap((one) => (one.point ? [one.point] : []))];
  if (!points.length) return false;
  map.invalidateSize();
  map.fitBounds(L.latLngBounds(points), { padding: [12, 12], maxZoom: 16, animate: false });
  return true;
}

/** GeoJSON has longitude first. @param {any} boundary @returns {[number, number][][]} */
const rings = (boundary) => (boundary.type === "MultiPolygon" ? boundary.coordinates.flat() : boundary.coordinates).map((/** @type {number[][]} */ ring) => ring.map(([lon, lat]) => [lat, lon]));

/** @param {any} layer @param {Given} given @param {boolean} named */
function drawAreas(layer, given, named) {
  layer.clearLayers();
  const empty = new Set(given.gaps.filter((gap) => Date.parse(gap.from) <= serverNow() + 60_000).map((gap) => gap.path));
  for (const area of given.areas) {
    const none = empty.has(area.path);
    if (area.boundary) L.polygon(rings(area.boundary), { color: style(area.kind === "grid" ? "--line-2" : "--ink-3"), weight: 1, fill: none, fillColor: style("--soon-fill"), fillOpacity: 0.18, dashArray: none ? "3 3" : undefined, interactive: false }).addTo(layer);
    const middle = area.boundary ? L.polygon(rings(area.boundary)).getBounds().getCenter() : area.point;
    if (middle && area.kind === "grid" && (named || none)) L.marker(middle, { icon: L.divIcon({ className: `map-word ${none ? "none" : ""}`, html: escaped(area.name.split(/\s/).at(-1) ?? ""), iconSize: [90, 14] }), interactive: false, keyboard: false }).addTo(layer);
  }
}

/** @param {any} layer @param {Given} given */
function drawPeople(layer, given) {
  layer.clearLayers();
  const now = serverNow();
  const at = new Map(given.staff.filter((one) => one.point).map((one) => [one.id, one.point]));
  for (const one of given.cases) {
    if (!one.point || one.gone) continue;
    const from = one.who.responder && one.who.state === "accepted" && at.get(one.who.responder.id);
    if (from) L.polyline([from, one.point], { color: style("--accent"), weight: 1.5, interactive: false }).addTo(layer);
    layer.addLayer(marked(one, now, given.pointed === one.id));
  }
  for (const one of given.staff) if (one.point) layer.addLayer(staffed(one, now));
}

/** @param {Case} one @param {number} now @param {boolean} at */
function marked(one, now, at) {
  const rest = left(one, now);
  const tone = one.reached_at ? "good" : rest < 0 ? "late" : rest < SOON ? "soon" : "";
  // Every name would hide the others: whom one points at, and who is late with nobody on the way.
  const named = at || (one.who.state === "nobody" && one.now.do === "visit" && rest < 0);
  const name = named ? `<b>${escaped(one.resident.name ?? "")}</b>` : "";
  const icon = L.divIcon({ className: `map-case ${tone} ${at ? "at" : ""}`, html: `<svg class="sev" viewBox="0 0 12 12"><use href="#sev-${one.severity}"/></svg>${name}`, iconSize: [14, 14] });
  const marker = L.marker(one.point, { icon, keyboard: false });
  marker.on("mouseover", () => (pointed.value = one.id)).on("mouseout", () => (pointed.value = ""));
  return marker.on("click", () => ((picked.value = one.id), go(`/case/${one.id}`)));
}

/** @param {Staff} one @param {number} now */
function staffed(one, now) {
  const age = one.position_at ? now - Date.parse(one.position_at) : Infinity;
  const minutes = Number.isFinite(age) ? `${Math.max(0, Math.round(age / 60_000))}′` : "";
  const icon = L.divIcon({ className: `map-staff ${age > OLD ? "old" : ""}`, html: `<i></i><span>${escaped(one.name)} <em>${minutes}</em></span>`, iconSize: [10, 10] });
  return L.marker(one.point, { icon, keyboard: false, interactive: false });
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
