// @ts-check
// The share reached by each minute. Drawn by ourselves: three lines and a band print better than a canvas, and weigh nothing.
import { html } from "../../../shared/html.js";
import { of, t } from "../../words.js";
import { percent } from "./figures.js";

/** @import { Figures, Report, Share } from "./figures.js" */

const [LEFT, TOP, WIDE, HIGH] = [44, 12, 448, 268];
const [LAST, FAR, DAY] = [60, 530, 1440];

/** @param {number} minute */
const x = (minute) => LEFT + (minute / LAST) * WIDE;
/** @param {number | null} share */
const y = (share) => TOP + (1 - (share ?? 0)) * HIGH;
/** @param {Share[]} curve */
const early = (curve) => curve.filter((one) => one.minutes <= LAST && one.share !== null);

/** @param {{ report: Report }} props */
export function Curve({ report }) {
  // Two lines at the most: more would be told apart by nobody.
  const lines = report.groups.length > 1 ? [...report.groups].sort((a, b) => b.warned - a.warned).slice(0, 2) : [report.all];
  const name = (/** @type {Figures} */ one) => (one === report.all ? "" : of("severity_", one.name));
  const target = report.target_minutes;
  const share = (/** @type {Figures} */ one, /** @type {number} */ minute) => at(one.curve, minute)?.share ?? 0;
  // The lower of two is named under its point.
  const under = (/** @type {Figures} */ one) => (/** @type {number} */ minute) => lines.some((other) => other !== one && share(other, minute) > share(one, minute));
  return html`<section class="cell curve"><h2 class="ch">${t("report_curve")} <span>${t("report_curve_how")}${lines.map((one) => ` · ${name(one)} n ${one.warned}`)}</span></h2>
    <svg viewBox="0 0 584 310" role="img" aria-label=${t("report_curve_says", { share: percent(report.all.within.find((one) => one.minutes === target)?.share), minutes: target })}>
      ${[0, 25, 50, 75, 100].map((mark) => html`<path class="rule" d="M${LEFT} ${y(mark / 100)}H${LEFT + WIDE}" /><text class="end" x=${LEFT - 6} y=${y(mark / 100) + 4}>${mark}${mark === 100 ? " %" : ""}</text>`)}
      ${[0, 5, 10, 15, 20, 30, 40, 50, 60].map((mark) => html`<text class=${mark === target ? "mid bold" : "mid"} x=${x(mark)} y=${TOP + HIGH + 17}>${mark}${mark === 60 ? " min" : ""}</text>`)}
      <text class="mid" x=${FAR} y=${TOP + HIGH + 17}>24 h</text><path class="axis" d="M${LEFT} ${y(0)}H${LEFT + WIDE}M${FAR - 18} ${y(0)}h36" />
      <path class="wall" d="M${x(target)} ${TOP}V${y(0)}" />
      ${lines.toReversed().map((one) => html`<${Line} one=${one} second=${one !== lines[0]} name=${name(one)} target=${target} under=${under(one)} />`)}
    </svg>
    <details class="table"><summary>${t("report_table")}</summary><table><tr><th>${t("report_minute")}</th>${lines.map((one) => html`<th>${name(one) || t("report_share")}</th><th>95 %</th>`)}</tr>
      ${[5, 10, 15, 20, 30, 45, 60, DAY].map((mark) => html`<tr><td>${mark === DAY ? "24 h" : mark}</td>${lines.map((one) => at(one.curve, mark)).map((point) => html`<td>${percent(point?.share)}</td><td>${percent(point?.low)}–${percent(point?.high)}</td>`)}</tr>`)}</table></details></section>`;
}

/** The last point that is not past this minute. @param {Share[]} curve @param {number} minute */
const at = (curve, minute) => curve.findLast((one) => one.minutes <= minute);

/** @param {{ one: Figures, second: boolean, name: string, target: number, under: (minute: number) => boolean }} props */
function Line({ one, second, name, target, under }) {
  const points = early(one.curve);
  if (!points.length) return null;
  // It rises where somebody was reached, and not between.
  const step = (/** @type {(point: Share) => number | null} */ of) => points.map((point) => `H${x(point.minutes).toFixed(1)}V${y(of(point)).toFixed(1)}`).join("");
  const back = points.toReversed().map((point) => `V${y(point.low).toFixed(1)}H${x(point.minutes).toFixed(1)}`).join("");
  const wall = at(one.curve, target);
  // A line rises: there is room above it to the left of the wall, and below it to the right; none to the right of the last minute.
  const right = second && target < LAST;
  const low = right || (target === LAST && under(target));
  const far = at(one.curve, DAY);
  return html`<g class=${second ? "second" : "first"}><path class="band" d="M${x(0)} ${y(0)}${step((point) => point.high)}${back}Z" /><path class="line" d="M${x(0)} ${y(0)}${step((point) => point.share)}" />
    ${wall && html`<circle cx=${x(target)} cy=${y(wall.share)} r="4" /><text class=${right ? "" : "end"} x=${x(target) + (right ? 8 : -8)} y=${y(wall.share) + (low ? 18 : -8)}>${name} ${percent(wall.share)}</text>`}
    ${far?.share != null && html`<circle cx=${FAR} cy=${y(far.share)} r="3.500" /><text x=${FAR + 7} y=${y(far.share) + (under(DAY) ? 14 : -3)}>${percent(far.share)}</text>`}</g>`;
}
