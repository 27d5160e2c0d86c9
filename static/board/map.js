// @ts-check
// An empty map in a place of the page: on a blank ground, or on the pictures that the settings name.
import { fromMap, toMap } from "./datum.js";
import * as L from "./leaflet.js";

const meta = (/** @type {string} */ name) => document.querySelector(`meta[name=${name}]`)?.getAttribute("content") ?? "";

/** All places go through the projection, so a map of another datum needs no other change. */
const shifted = () => ({
  ...L.EPSG3857,
  projection: {
    ...L.EPSG3857.projection,
    project: (/** @type {any} */ at) => L.EPSG3857.projection.project(toMap(at)),
    unproject: (/** @type {any} */ point) => L.latLng(fromMap(L.EPSG3857.projection.unproject(point))),
  },
});

/** @param {HTMLElement} place @param {object} [more] options of the library */
export function mapIn(place, more = {}) {
  const tiles = meta("tiles");
  const crs = tiles && meta("tiles-datum") === "gcj02" ? shifted() : L.EPSG3857;
  const map = L.map(place, { crs, preferCanvas: true, attributionControl: Boolean(tiles), keyboard: false, zoomSnap: 0.25, ...more });
  map.attributionControl?.setPrefix(false);
  if (tiles) L.tileLayer(tiles, { attribution: meta("tiles-by"), maxZoom: Number(meta("tiles-zoom")) }).addTo(map);
  return map.setView([0, 0], 12);
}
