// @ts-check
// The share reached by each minute, and of a split each part's. Why it is drawn by ourselves: docs/adr/0012-own-curve.md.
import { html } from "../../../shared/html.js";
import { choose } from "../../router.js";
import { t } from "../../words.js";
import { compared, link, nameOf, only as onlyOf, percent, points, table } from "./figures.js";

/** @import { Compared, Figures, Open, Report, Share } from "./figures.js" */

const [LEFT, TOP, WIDE, HIGH] = [44, 12, 448, 268];
const [LAST, FAR, DAY] = [60, 530, 1440];

/** @param {number} minute */
const x = (minute) => LEFT + (minute / LAST) * WIDE;
/** @param {number | null} share */
const y = (share) => TOP + (1 - (share ?? 0)) * HIGH;
/** @param {Share[]} curve */
const early = (curve) => curve.filter((one) => one.minutes <= LAST && one.share !== null);

/** The parts that are not compared, little and on the same axes; the last two that were clicked are compared. @param {{ report: Report }} props */
export function Multiples({ report }) {
  const [lines, target] = [compared(report), report.target_minutes];
  // The empty name of no area stays in the address as a space.
  const pick = (/** @type {Figures} */ one) => choose({ first: one.name || " ", second: lines[0].name || " " });
  return html`<section class="multiples"><p class="mut">${t("report_compare")}</p><div role="group" aria-label=${t("report_compare")}>${report.groups.filter((one) => !lines.includes(one)).map((one) => html`<button onClick=${() => pick(one)}>
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
    <svg viewBox="0 0 584 310" role="img" aria-label=${t("report_curve_says", { share: percent(report.all.within.find((one) => one.minutes === target)?.share), minutes: target })}>
      ${[0, 25, 50, 75, 100].map((mark) => html`<path class="rule" d="M${LEFT} ${y(mark / 100)}H${LEFT + WIDE}" /><text class="end" x=${LEFT - 6} y=${y(mark / 100) + 4}>${mark}${mark === 100 ? " %" : ""}</text>`)}
      ${[0, 5, 10, 15, 20, 30, 40, 50, 60].map((mark) => html`<text class=${mark === target ? "mid bold" : "mid"} x=${x(mark)} y=${TOP + HIGH + 17}>${mark}${mark === 60 ? " min" : ""}</text>`)}
      <text class="mid" x=${FAR} y=${TOP + HIGH + 17}>24 h</text><path class="axis" d="M${LEFT} ${y(0)}H${LEFT + WIDE}M${FAR - 18} ${y(0)}h36" />
      <path class="wall" d="M${x(target)} ${TOP}V${y(0)}" />
      ${lines.toReversed().map((one) => html`<${Line} one=${one} second=${one !== lines[0]} name=${name(one)} target=${target} under=${under(one)} open=${within(one)} />`)}
    </svg>${report.compared && html`<p class="small">${difference(report.compared, lines.map(name), target)}</p>`}
    ${table([t("report_minute"), ...lines.flatMap((one) => [name(one) || t("report_share"), "95 %"])], [5, 10, 15, 20, 30, 45, 60, DAY].map((mark) => [mark === DAY ? "24 h" : mark, ...lines.flatMap((one) => {
      const point = at(one.curve, mark);
      return [point?.minutes === mark ? [link(percent(point.share), `reached&within=${mark}${only(one)}`, open, `${name(one)} ${mark} min`), ` (${point.reached})`] : percent(point?.share), point?.low == null ? "–" : `${percent(point.low)}–${percent(point.high)}`];
    })]))}</section>`;
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
