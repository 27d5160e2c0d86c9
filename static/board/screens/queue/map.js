// @ts-check
// The map: grids, residents, responders with the age of their position, and a line from who goes to where they go.
import { serverNow } from "../../../shared/api.js";
import { left, picked, pointed, SOON } from "../../data/queue.js";
import * as L from "../../leaflet.js";
import { mapIn } from "../../map.js";
import { go } from "../../router.js";

/** @import { Area, Case, Staff } from "../../types.js" */
/** @typedef {{ cases: Case[], staff: Staff[], areas: Area[], gaps: { path: string, from: string }[], pointed: string, area: string }} Given */

const OLD = 15;
/** Below this zoom the names of the grids lie on each other. */
const NAMED_FROM = 13.5;
const style = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A map in this place; `draw` shows what is given, `leave` takes it away. @param {HTMLElement} place */
export function drawn(place) {
  const map = mapIn(place);
  const grids = L.layerGroup().addTo(map);
  const people = L.layerGroup().addTo(map);
  const there = new Map();
  let drawnOf = "";
  let areas = /** @type {Area[]} */ ([]);
  let fitted = "";
  let side = "";
  return {
    draw: (/** @type {Given & { side: string | null }} */ given) => {
      if (side !== (given.side ?? "")) map.invalidateSize();
      side = given.side ?? "";
      const key = `${given.area}:${given.areas.length}`;
      if (fitted !== key && fit(map, given)) fitted = key;
      const empty = given.gaps.filter((gap) => Date.parse(gap.from) <= serverNow() + 60_000).map((gap) => gap.path);
      const named = map.getZoom() >= NAMED_FROM;
      const ground = `${empty}${named}${style("--line-2")}`;
      if (drawnOf !== ground || areas !== given.areas) drawAreas(grids, given.areas, new Set(empty), named);
      [drawnOf, areas] = [ground, given.areas];
      drawPeople(people, given, there);
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

/** @param {any} layer @param {Area[]} areas @param {Set<string>} empty @param {boolean} named */
function drawAreas(layer, areas, empty, named) {
  layer.clearLayers();
  for (const area of areas) {
    const none = empty.has(area.path);
    if (area.boundary) L.polygon(rings(area.boundary), { color: style(area.kind === "grid" ? "--line-2" : "--ink-3"), weight: 1, fill: none, fillColor: style("--soon-fill"), fillOpacity: 0.18, dashArray: none ? "3 3" : undefined, interactive: false }).addTo(layer);
    const middle = area.boundary ? L.polygon(rings(area.boundary)).getBounds().getCenter() : area.point;
    if (middle && area.kind === "grid" && (named || none)) L.marker(middle, { icon: L.divIcon({ className: `map-word ${none ? "none" : ""}`, html: escaped(area.name.split(/\s/).at(-1) ?? ""), iconSize: [90, 14] }), interactive: false, keyboard: false }).addTo(layer);
  }
}

/** What is there already stays: of five hundred marks a change moves one. @param {any} layer @param {Given} given @param {Map<string, { said: string, on: any[] }>} there by id */
function drawPeople(layer, given, there) {
  const now = serverNow();
  const at = new Map(given.staff.filter((one) => one.point).map((one) => [one.id, one.point]));
  const wanted = new Map([...given.cases.flatMap((one) => whereOf(one, now, given.pointed === one.id, at)), ...given.staff.flatMap((one) => staffAt(one, now))]);
  for (const [id, { said, on }] of there) {
    if (wanted.get(id)?.said === said) continue;
    for (const mark of on) layer.removeLayer(mark);
    there.delete(id);
  }
  for (const [id, { said, make }] of wanted) {
    if (there.has(id)) continue;
    const on = make();
    for (const mark of on) layer.addLayer(mark);
    there.set(id, { said, on });
  }
}

/** @typedef {[string, { said: string, make: () => any[] }]} Mark what it says, and how it is drawn */

/** @param {Case} one @param {number} now @param {boolean} pointedAt @param {Map<string, any>} staff @returns {Mark[]} */
function whereOf(one, now, pointedAt, staff) {
  if (!one.point || one.gone) return [];
  const from = one.who.responder && one.who.state === "accepted" ? staff.get(one.who.responder.id) : null;
  const said = `${one.point}${from}${one.severity}${one.resident.name}${toneOf(one, now)}${isNamed(one, now, pointedAt)}${pointedAt}`;
  const line = () => (from ? [L.polyline([from, one.point], { color: style("--accent"), weight: 1.5, interactive: false })] : []);
  return [[one.id, { said, make: () => [...line(), marked(one, now, pointedAt)] }]];
}

/** @param {Staff} one @param {number} now @returns {Mark[]} */
const staffAt = (one, now) => (one.point ? [[one.id, { said: `${one.point}${one.name}${minutesOf(one, now)}`, make: () => [staffed(one, now)] }]] : []);

/** @param {Case} one @param {number} now */
const toneOf = (one, now) => (one.reached_at ? "good" : left(one, now) < 0 ? "late" : left(one, now) < SOON ? "soon" : "");
/** Every name would hide the others: whom one points at, and who is late with nobody on the way. @param {Case} one @param {number} now @param {boolean} at */
const isNamed = (one, now, at) => at || (one.who.state === "nobody" && one.now.do === "visit" && left(one, now) < 0);

/** @param {Case} one @param {number} now @param {boolean} at */
function marked(one, now, at) {
  const tone = toneOf(one, now);
  const name = isNamed(one, now, at) ? `<b>${escaped(one.resident.name ?? "")}</b>` : "";
  const icon = L.divIcon({ className: `map-case ${tone} ${at ? "at" : ""}`, html: `<svg class="sev" viewBox="0 0 12 12"><use href="#sev-${one.severity}"/></svg>${name}`, iconSize: [14, 14] });
  const marker = L.marker(one.point, { icon, keyboard: false });
  marker.on("mouseover", () => (pointed.value = one.id)).on("mouseout", () => (pointed.value = ""));
  return marker.on("click", () => ((picked.value = one.id), go(`/case/${one.id}`)));
}

/** How old the position is. @param {Staff} one @param {number} now */
const minutesOf = (one, now) => (one.position_at ? Math.max(0, Math.round((now - Date.parse(one.position_at)) / 60_000)) : Infinity);

/** @param {Staff} one @param {number} now */
function staffed(one, now) {
  const age = minutesOf(one, now);
  const minutes = Number.isFinite(age) ? `${age}′` : "";
  const icon = L.divIcon({ className: `map-staff ${age > OLD ? "old" : ""}`, html: `<i></i><span>${escaped(one.name)} <em>${minutes}</em></span>`, iconSize: [10, 10] });
  return L.marker(one.point, { icon, keyboard: false, interactive: false });
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
