// @ts-check
// The share reached by each minute. Drawn by ourselves: three lines and a band print better than a canvas, and weigh nothing.
import { html } from "../../../shared/html.js";
import { choose } from "../../router.js";
import { t } from "../../words.js";
import { compared, link, nameOf, only as onlyOf, percent, points } from "./figures.js";

/** @import { Compared, Figures, Open, Report, Share } from "./figures.js" */

const [LEFT, TOP, WIDE, HIGH] = [44, 12, 448, 268];
const [LAST, FAR, DAY] = [60, 530, 1440];

/** @param {number} minute */
const x = (minute) => LEFT + (minute / LAST) * WIDE;
/** @param {number | null} share */
const y = (share) => TOP + (1 - (share ?? 0)) * HIGH;
/** @param {Share[]} curve */
const early = (curve) => curve.filter((one) => one.minutes <= LAST && one.share !== null);

/** Compare these two; the empty name of no area stays in the address as a space. @param {string[]} names */
const pickTwo = (names) => choose({ first: names[0] || " ", second: names[1] || " " });

/** Which two. @param {{ report: Report, lines: Figures[], name: (one: Figures) => string }} props */
function Two({ report, lines, name }) {
  const pick = (/** @type {0 | 1} */ at) => html`<label class="pick"><span class="vh">${t(at ? "report_second" : "report_first")}</span>
    <select value=${lines[at].name} onChange=${(/** @type {any} */ { target }) => pickTwo(lines.map((one, line) => (line === at ? target.value : one.name)))}>
    ${report.groups.filter((one) => one !== lines[1 - at]).map((one) => html`<option value=${one.name}>${name(one)}</option>`)}</select></label>`;
  return html`<div class="two">${pick(0)}<span class="mut">${t("report_against")}</span>${pick(1)}</div>`;
}

/** The parts that are not compared, little and on the same axes; a click sets one against the first line. @param {{ report: Report }} props */
export function Multiples({ report }) {
  const [lines, target] = [compared(report), report.target_minutes];
  const said = `${nameOf(report, lines[0])} ${t("report_against")}`;
  return html`<section class="multiples"><p class="mut">${said}</p><div role="group" aria-label=${said}>${report.groups.filter((one) => !lines.includes(one)).map((one) => html`<button onClick=${() => pickTwo([lines[0].name, one.name])}>
    <svg viewBox="${LEFT} ${TOP} ${WIDE} ${HIGH}" aria-hidden="true"><path class="axis" d="M${LEFT} ${TOP}v${HIGH}h${WIDE}" /><path class="wall" d="M${x(target)} ${TOP}v${HIGH}" />${!one.few && html`<path class="line" d=${rise(early(one.curve))} />`}</svg>
    <b>${nameOf(report, one)}</b><span class=${one.few && "mut"}>${one.few ? t("report_few") : `n ${one.warned} · ${percent(at(one.curve, target)?.share)}`}</span></button>`)}</div></section>`;
}

/** Which of the two reached more within so many minutes, where that can be told. @param {Compared} two @param {string[]} names @param {number} minutes */
function difference(two, names, minutes) {
  if (two.difference === null) return t("report_untold", { minutes });
  const less = Number(two.difference < 0);
  const [low, n, high] = [two.difference_low, two.difference, two.difference_high].map((one) => (one ?? 0) * (less ? -1 : 1)).sort((a, b) => a - b);
  return `${t(low > 0 ? "report_told" : "report_untold", { name: names[less], n: points(n), minutes })} (${t("report_band", { low: points(low), high: points(high) })})`;
}

/** In its table only the minutes that are told to the last case open theirs. @param {{ report: Report, open: Open }} props */
export function Curve({ report, open }) {
  const lines = compared(report);
  const name = (/** @type {Figures} */ one) => nameOf(report, one);
  const only = (/** @type {Figures} */ one) => onlyOf(report, one);
  const within = (/** @type {Figures} */ one) => (/** @type {number} */ minute) => open(`reached&within=${minute}${only(one)}`);
  const target = report.target_minutes;
  const share = (/** @type {Figures} */ one, /** @type {number} */ minute) => at(one.curve, minute)?.share ?? 0;
  // The lower of two is named under its point; of two as high the second.
  const under = (/** @type {Figures} */ one) => (/** @type {number} */ minute) => one !== lines[Number(share(lines[lines.length - 1], minute) > share(lines[0], minute))];
  return html`<section class="cell curve"><h2 class="ch">${t("report_curve")} <span>${t("report_curve_how")}${lines.map((one) => [` · ${name(one)} n `, link(one.warned, `warned${only(one)}`, open, name(one) || t("report_warned"))])}</span></h2>
    ${report.groups.length > 2 && html`<${Two} report=${report} lines=${lines} name=${name} />`}
    <svg viewBox="0 0 584 310" role="img" aria-label=${t("report_curve_says", { share: percent(report.all.within.find((one) => one.minutes === target)?.share), minutes: target })}>
      ${[0, 25, 50, 75, 100].map((mark) => html`<path class="rule" d="M${LEFT} ${y(mark / 100)}H${LEFT + WIDE}" /><text class="end" x=${LEFT - 6} y=${y(mark / 100) + 4}>${mark}${mark === 100 ? " %" : ""}</text>`)}
      ${[0, 5, 10, 15, 20, 30, 40, 50, 60].map((mark) => html`<text class=${mark === target ? "mid bold" : "mid"} x=${x(mark)} y=${TOP + HIGH + 17}>${mark}${mark === 60 ? " min" : ""}</text>`)}
      <text class="mid" x=${FAR} y=${TOP + HIGH + 17}>24 h</text><path class="axis" d="M${LEFT} ${y(0)}H${LEFT + WIDE}M${FAR - 18} ${y(0)}h36" />
      <path class="wall" d="M${x(target)} ${TOP}V${y(0)}" />
      ${lines.toReversed().map((one) => html`<${Line} one=${one} second=${one !== lines[0]} name=${name(one)} target=${target} under=${under(one)} open=${within(one)} />`)}
    </svg>${report.compared && html`<p class="small">${difference(report.compared, lines.map(name), target)}</p>`}
    <details class="table"><summary>${t("report_table")}</summary><table><tr><th>${t("report_minute")}</th>${lines.map((one) => html`<th>${name(one) || t("report_share")}</th><th>95 %</th>`)}</tr>
      ${[5, 10, 15, 20, 30, 45, 60, DAY].map((mark) => html`<tr><td>${mark === DAY ? "24 h" : mark}</td>${lines.map((one) => ({ one, point: at(one.curve, mark) })).map(({ one, point }) => html`<td>${point?.minutes === mark ? [link(percent(point.share), `reached&within=${mark}${only(one)}`, open, `${name(one)} ${mark} min`), ` (${point.reached})`] : percent(point?.share)}</td><td>${point?.low == null ? "–" : `${percent(point.low)}–${percent(point.high)}`}</td>`)}</tr>`)}</table></details></section>`;
}

/** The last point that is not past this minute. @param {Share[]} curve @param {number} minute */
const at = (curve, minute) => curve.findLast((one) => one.minutes <= minute);

/** It rises where somebody was reached, and not between. @param {Share[]} points @param {(point: Share) => number | null} [of] */
const rise = (points, of = (point) => point.share) => `M${x(0)} ${y(0)}${points.map((point) => `H${x(point.minutes).toFixed(1)}V${y(of(point)).toFixed(1)}`).join("")}`;

/** @param {{ one: Figures, second: boolean, name: string, target: number, under: (minute: number) => boolean, open: (minute: number) => void }} props */
function Line({ one, second, name, target, under, open }) {
  const points = early(one.curve);
  if (!points.length) return null;
  const back = points.toReversed().map((point) => `V${y(point.low).toFixed(1)}H${x(point.minutes).toFixed(1)}`).join("");
  const wall = at(one.curve, target);
  // A line rises: there is room above it to the left of the wall, and below it to the right; none to the right of the last minute.
  const low = under(target);
  const right = low && target < LAST;
  const far = at(one.curve, DAY);
  const said = (/** @type {Share} */ point) => (one.few ? t("report_few") : percent(point.share));
  return html`<g class=${second ? "second" : "first"}><path class="band" d="${rise(points, (point) => point.high)}${back}Z" /><path class="line" d=${rise(points)} />
    ${wall && html`<g class="opens" onClick=${() => open(target)}><circle cx=${x(target)} cy=${y(wall.share)} r="4" /><text class=${right ? "" : "end"} x=${x(target) + (right ? 8 : -8)} y=${y(wall.share) + (low ? 18 : -8)}>${name} ${said(wall)}</text></g>`}
    ${far?.share != null && html`<g class="opens" onClick=${() => open(DAY)}><circle cx=${FAR} cy=${y(far.share)} r="3.500" /><text x=${FAR + 7} y=${y(far.share) + (under(DAY) ? 14 : -3)}>${said(far)}</text></g>`}</g>`;
}
