// @ts-check
// The map: grids, residents, responders with the age of their position, and a line from who goes to where they go.
import { serverNow } from "../../../shared/api.js";
import { left, picked, pointed, toneOf } from "../../data/queue.js";
import * as L from "../../leaflet.js";
import { mapIn } from "../../map.js";
import { go } from "../../router.js";

/** @import { Area, Case, Point, Staff } from "../../types.js" */
/** @typedef {Case & { named?: boolean }} Shown `named`: its name stands on the map, whatever is pointed at */
/** @typedef {{ from: Point, to: Point, how: "was" | "goes" | "late" }} Move who goes where: until now, from now on, from now on and late */
/** @typedef {{ cases: Shown[], staff: Staff[], areas: Area[], gaps: { path: string, from: string }[], pointed: string, area: string, moves?: Move[] }} Given `moves`: the map shows these, and no more of the city than they take */

const OLD = 15;
/** Below this zoom the names of the grids lie on each other. */
const NAMED_FROM = 13.5;
/** At which ways are bent; they look alike at each. */
const ZOOM = 18;
const style = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A map in this place; `draw` shows what is given, `leave` takes it away. @param {HTMLElement} place */
export function drawn(place) {
  const map = mapIn(place);
  const grids = L.layerGroup().addTo(map);
  const ways = L.layerGroup().addTo(map);
  const people = L.layerGroup().addTo(map);
  const there = new Map();
  let drawnOf = "";
  let areas = /** @type {Area[]} */ ([]);
  let fitted = "";
  return {
    draw: (/** @type {Given} */ given) => {
      const key = `${given.area}:${given.areas.length}:${given.moves?.map(({ from, to }) => [from, to])}`;
      if (fitted !== key && fit(map, given)) fitted = key;
      const empty = given.gaps.filter((gap) => Date.parse(gap.from) <= serverNow() + 60_000).map((gap) => gap.path);
      const named = map.getZoom() >= NAMED_FROM;
      const ground = `${empty}${named}${style("--line-2")}`;
      if (drawnOf !== ground || areas !== given.areas) drawAreas(grids, given.areas, new Set(empty), named);
      [drawnOf, areas] = [ground, given.areas];
      drawPeople(people, given, there);
      ways.clearLayers();
      for (const move of given.moves ?? []) for (const mark of wayOf(map, move)) ways.addLayer(mark);
    },
    leave: () => void map.remove(),
  };
}

/** @param {any} map @param {Given} given */
function fit(map, given) {
  const within = given.areas.filter((area) => area.path.startsWith(given.area));
  const points = given.moves?.length ? given.moves.flatMap(({ from, to }) => [from, to]) : [...within.flatMap((area) => (area.boundary ? rings(area.boundary).flat() : area.point ? [area.point] : [])), ...given.cases.flatMap((one) => (one.point ? [one.point] : []))];
  if (!points.length) return false;
  map.invalidateSize();
  map.fitBounds(L.latLngBounds(points), { padding: given.moves ? [48, 32] : [12, 12], maxZoom: 16, animate: false });
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
  // Of many, those who hold nothing are pale dots: their names would hide the others.
  const named = (/** @type {Staff} */ one) => one.holds > 0 || at.size <= MANY;
  const wanted = new Map([...given.cases.flatMap((one) => whereOf(one, now, given.pointed === one.id, at)), ...given.staff.flatMap((one) => staffAt(one, now, named(one)))]);
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

const MANY = 12;
const BENT = 0.14;
/** A bent line with an arrow short of its end; what was until now is dashed and straight. @param {any} map @param {Move} move */
function wayOf(map, { from, to, how }) {
  const [a, b] = [from, to].map((at) => map.project(L.latLng(at), ZOOM));
  const bent = how === "was" ? 0 : BENT;
  const mid = { x: (a.x + b.x) / 2 + (b.y - a.y) * bent, y: (a.y + b.y) / 2 - (b.x - a.x) * bent };
  const between = (/** @type {number} */ t, /** @type {"x" | "y"} */ one) => (1 - t) ** 2 * a[one] + 2 * t * (1 - t) * mid[one] + t ** 2 * b[one];
  const line = Array.from({ length: 13 }, (_, n) => map.unproject([between(n / 12, "x"), between(n / 12, "y")], ZOOM));
  const color = style({ was: "--idle", goes: "--accent", late: "--late" }[how]);
  const angle = (Math.atan2(b.y - mid.y, b.x - mid.x) * 180) / Math.PI;
  const html = `<svg viewBox="-20 -20 40 40"><path transform="rotate(${angle})" d="M-17-4-9 0l-8 4" /></svg>`;
  const icon = L.divIcon({ className: `map-way ${how}`, html, iconSize: [0, 0] });
  return [L.polyline(line, { color, weight: 1.5, dashArray: how === "was" ? "4 4" : undefined, interactive: false }), L.marker(to, { icon, interactive: false, keyboard: false })];
}

/** @typedef {[string, { said: string, make: () => any[] }]} Mark what it says, and how it is drawn */

/** @param {Shown} one @param {number} now @param {boolean} pointedAt @param {Map<string, any>} staff @returns {Mark[]} */
function whereOf(one, now, pointedAt, staff) {
  if (!one.point || one.gone) return [];
  const from = one.who.responder && one.who.state === "accepted" ? staff.get(one.who.responder.id) : null;
  const said = `${one.point}${from}${one.severity}${one.resident.name}${colourOf(one, now)}${isNamed(one, now, pointedAt)}${pointedAt}`;
  const line = () => (from ? [L.polyline([from, one.point], { color: style("--accent"), weight: 1.5, interactive: false })] : []);
  return [[one.id, { said, make: () => [...line(), marked(one, now, pointedAt)] }]];
}

/** @param {Staff} one @param {number} now @param {boolean} named @returns {Mark[]} */
const staffAt = (one, now, named) => (one.point ? [[one.id, { said: `${one.point}${named && one.name}${minutesOf(one, now)}`, make: () => [staffed(one, now, named)] }]] : []);

/** @param {Case} one @param {number} now */
const colourOf = (one, now) => (one.reached_at ? "good" : toneOf(one, now));
/** Every name would hide the others: whom one points at, and who is late with nobody on the way. @param {Shown} one @param {number} now @param {boolean} at */
const isNamed = (one, now, at) => at || one.named || (one.who.state === "nobody" && one.now.do === "visit" && left(one, now) < 0);

/** @param {Shown} one @param {number} now @param {boolean} at */
function marked(one, now, at) {
  const tone = colourOf(one, now);
  const name = isNamed(one, now, at) ? `<b>${escaped(one.resident.name ?? "")}</b>` : "";
  const icon = L.divIcon({ className: `map-case ${tone} ${at ? "at" : ""}`, html: `<svg class="sev" viewBox="0 0 12 12"><use href="#sev-${one.severity}"/></svg>${name}`, iconSize: [14, 14] });
  const marker = L.marker(one.point, { icon, keyboard: false });
  marker.on("mouseover", () => (pointed.value = one.id)).on("mouseout", () => (pointed.value = ""));
  return marker.on("click", () => ((picked.value = one.id), go(`/case/${one.id}`)));
}

/** How old the position is. @param {Staff} one @param {number} now */
const minutesOf = (one, now) => (one.position_at ? Math.max(0, Math.round((now - Date.parse(one.position_at)) / 60_000)) : Infinity);

/** @param {Staff} one @param {number} now @param {boolean} named */
function staffed(one, now, named) {
  const age = minutesOf(one, now);
  const minutes = Number.isFinite(age) && (named || age > OLD) ? `${age}′` : "";
  const icon = L.divIcon({ className: `map-staff ${age > OLD ? "old" : named ? "" : "idle"}`, html: `<i></i><span>${named ? escaped(one.name) : ""} <em>${minutes}</em></span>`, iconSize: [10, 10] });
  return L.marker(one.point, { icon, keyboard: false, interactive: false });
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
