// The app's icon as a PNG: the door and the lamp of `phone/icon.svg`, drawn by distance, for phones that take no SVG.
import { deflateSync, crc32 } from "node:zlib";

const GROUND = [0x0b, 0x3a, 0x36];
const DOOR = [0xff, 0xff, 0xff];
const LAMP = [0xff, 0xc2, 0x4a];

/** Distance from (x, y) to the line from (ax, ay) to (bx, by). */
function toLine(x, y, ax, ay, bx, by) {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

const LINES = [
  [11, 27, 11, 8],
  [11, 8, 23, 8],
  [23, 8, 23, 27],
  [8, 27, 26, 27],
];

/** The colour at a point of the 34-grid; the ground fills it all, since phones cut the icon to their own shape. */
function colour(x, y, soft) {
  const door = Math.min(...LINES.map((line) => toLine(x, y, ...line))) - 1;
  const lamp = Math.hypot(x - 17, y - 13.5) - 2.6;
  return over(over(GROUND, DOOR, door, soft), LAMP, lamp, soft);
}

function over(below, above, distance, soft) {
  const share = Math.max(0, Math.min(1, 0.5 - distance / soft));
  return below.map((value, i) => Math.round(value + (above[i] - value) * share));
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A square PNG of the icon, `size` pixels wide. */
export function png(size) {
  const grid = 44 / size; // a margin of 5 around the 34-grid: what a round mask cuts away
  const rows = Buffer.alloc(size * (size * 3 + 1));
  for (let row = 0, at = 0; row < size; row++) {
    at++;
    for (let column = 0; column < size; column++) {
      const spot = colour((column + 0.5) * grid - 5, (row + 0.5) * grid - 5, grid);
      for (const value of spot) rows[at++] = value;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 2], 8);
  const mark = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([mark, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
