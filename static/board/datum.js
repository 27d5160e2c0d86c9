// @ts-check
// Maps made in mainland China are drawn in a datum of their own, GCJ-02, up to 700 m off WGS-84. We keep WGS-84 only, and
// shift what is drawn on such a map. The polynomials are the ones in public use since 2009; nobody has published others.

/** Semi-major axis in metres and eccentricity squared of the Krasovsky 1940 ellipsoid, on which the shift is laid. */
const [A, EE] = [6378245, 0.00669342162296594323];

/** Metres of waves, east to west and `along` one coordinate, the two longest of these heights. @param {number} along @param {number} x @param {[number, number]} heights */
const waves = (along, x, heights) =>
  ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3 +
  ((20 * Math.sin(along * Math.PI) + 40 * Math.sin((along / 3) * Math.PI)) * 2) / 3 +
  heights.reduce((sum, height, at) => sum + (height * 2 * Math.sin((along * Math.PI) / (at ? 30 : 12))) / 3, 0);

/** How far north and east the map is off there, in degrees. @param {number} lat @param {number} lon */
function shift(lat, lon) {
  if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [0, 0];
  const [x, y] = [lon - 105, lat - 35];
  const both = 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + both + waves(y, x, [160, 320]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + waves(x, x, [150, 300]);
  const bent = 1 - EE * Math.sin((lat * Math.PI) / 180) ** 2;
  return [
    (north * 180) / (((A * (1 - EE)) / (bent * Math.sqrt(bent))) * Math.PI),
    (east * 180) / ((A / Math.sqrt(bent)) * Math.cos((lat * Math.PI) / 180) * Math.PI),
  ];
}

/** A place of ours on such a map. @param {{ lat: number, lng: number }} at */
export function toMap({ lat, lng }) {
  const [north, east] = shift(lat, lng);
  return { lat: lat + north, lng: lng + east };
}

/** A place on such a map as ours, within a millimetre. @param {{ lat: number, lng: number }} at */
export function fromMap({ lat, lng }) {
  let ours = { lat, lng };
  for (let turn = 0; turn < 5; turn += 1) {
    const there = toMap(ours);
    ours = { lat: ours.lat + lat - there.lat, lng: ours.lng + lng - there.lng };
  }
  return ours;
}
