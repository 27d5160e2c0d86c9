// @ts-check
// The street: dark while nothing happens, one window warm when somebody is safe. Decoration; the words beside it say it.
import { html } from "../shared/html.js";

const WINDOWS = ["#0e433d", "#2a7a70", "#8a7a45"];

/** x, width, top, colour, columns, and the windows of each row: dark, lit, amber. @type {[number, number, number, string, number[], string[]][]} */
const HOUSES = [
  [-8, 64, 72, "#14554e", [1, 20, 38], ["010", "010"]],
  [64, 50, 46, "#125049", [75, 94], ["10", "21", "01"]],
  [124, 78, 80, "#186059", [137, 158, 180], ["001", "010"]],
  [214, 52, 38, "#125049", [225, 246], ["01", "01", "00", "10"]],
  [276, 60, 64, "#14554e", [290, 313], ["10", "01", "21"]],
];

/** @param {typeof HOUSES[number]} house */
const House = ([x, width, top, fill, columns, rows]) => [
  html`<rect x=${x} y=${top} width=${width} height=${160 - top} rx="3" fill=${fill} />`,
  rows.map((row, r) =>
    [...row].map((lit, c) => html`<rect x=${columns[c]} y=${top + 12 + 20 * r} width="9" height="11" rx="1.5" fill=${WINDOWS[+lit]} />`),
  ),
];

const Lamp = (/** @type {boolean} */ lit, /** @type {boolean} */ home) => html`
  <path d="M206 145V100q0-8-9-8h-4" fill="none" stroke="#c3e4dc" stroke-width="2" stroke-linecap="round" />
  <circle cx="191" cy="94" r="3.5" fill=${lit || home ? "#ffc24a" : "#8a7a45"} />
  ${lit && html`<circle cx="191" cy="96" r="34" fill="url(#glow)" /><path d="M187 98h8l14 47h-36z" fill="#ffc24a" opacity=".13" />`}`;

// The window of whoever is safe, on a wall of its own: the house has others where it hangs.
const Home = html`<rect x="150" y="90" width="26" height="36" fill="#186059" /><circle cx="163" cy="104" r="52" fill="url(#glow)" /><rect x="152" y="94" width="22" height="22" rx="2.5" fill="#ffc24a" />
  <path d="M163 94v22M152 105h22" stroke="#a86400" stroke-width="1.5" />`;

/** @param {{ lamp?: boolean, home?: boolean, children?: any }} props */
export const Scene = ({ lamp = false, home = false, children }) => html`
  <section class="scene ${home ? "safe-home" : ""}"><div>${children}</div>
    <svg viewBox="0 ${home ? 22 : 0} 328 ${home ? 128 : 150}" aria-hidden="true">
      <defs><radialGradient id="glow"><stop offset="0" stop-color="#ffc24a" stop-opacity=".55" /><stop offset="1" stop-color="#ffc24a" stop-opacity="0" /></radialGradient></defs>
      <path d="M0 88C50 52 96 78 140 62S250 34 328 74V150H0z" fill="#0f4640" />
      ${HOUSES.map(House)}<path d="M0 145H328V150H0z" fill="#0a302c" />${home && Home}${Lamp(lamp, home)}
    </svg>
  </section>`;
