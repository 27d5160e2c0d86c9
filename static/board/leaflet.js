// @ts-check
// Of the map's library only what our maps need: the whole of it weighs more than all our own screens together.
import "leaflet/src/control/Control.js";
import "leaflet/src/control/Control.Attribution.js";
import "leaflet/src/control/Control.Zoom.js";
import { canvas } from "leaflet/src/layer/vector/Canvas.js";
import { Map } from "leaflet/src/map/Map.js";
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

export { toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { EPSG3857 } from "leaflet/src/geo/crs/CRS.EPSG3857.js";
export { toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { layerGroup } from "leaflet/src/layer/LayerGroup.js";
export { divIcon } from "leaflet/src/layer/marker/DivIcon.js";
export { marker } from "leaflet/src/layer/marker/Marker.js";
export { tileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { polygon } from "leaflet/src/layer/vector/Polygon.js";
export { polyline } from "leaflet/src/layer/vector/Polyline.js";
export { createMap as map } from "leaflet/src/map/Map.js";

// Lines and areas are drawn on canvas alone; the library's own way would bring two more.
Map.include({
  getRenderer() {
    this._renderer ??= canvas();
    if (!this.hasLayer(this._renderer)) this.addLayer(this._renderer);
    return this._renderer;
  },
});
