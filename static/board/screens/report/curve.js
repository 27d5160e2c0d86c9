// @ts-check
// The share reached by each minute. Drawn by ourselves: three lines and a band print better than a canvas, and weigh nothing.
import { html } from "../../../shared/html.js";
import { choose, chosen } from "../../router.js";
import { named, of, t } from "../../words.js";
import { link, percent } from "./figures.js";

/** @import { Figures, Open, Report, Share } from "./figures.js" */

const [LEFT, TOP, WIDE, HIGH] = [44, 12, 448, 268];
const [LAST, FAR, DAY] = [60, 530, 1440];

/** @param {number} minute */
const x = (minute) => LEFT + (minute / LAST) * WIDE;
/** @param {number | null} share */
const y = (share) => TOP + (1 - (share ?? 0)) * HIGH;
/** @param {Share[]} curve */
const early = (curve) => curve.filter((one) => one.minutes <= LAST && one.share !== null);

/** Two lines at the most, as more would be told apart by nobody: those chosen, else the newest two versions of one policy, else the two most were warned in. @param {Report} report */
function compared({ groups, split, all }) {
  const most = [...groups].sort((a, b) => b.warned - a.warned);
  const [policy, version] = [0, 1].map((at) => (/** @type {Figures} */ one) => one.name.split(/ v(?=\d+$)/)[at]);
  const versions = most.map((one) => most.filter((other) => policy(other) === policy(one)).sort((a, b) => Number(version(b)) - Number(version(a))));
  const usual = (split === "policy" && versions.find((one) => one[1])) || most;
  const first = most.find((one) => one.name === chosen.value.get("first")) ?? usual[0];
  const second = [...most.filter((one) => one.name === chosen.value.get("second")), ...usual].find((one) => one !== first);
  return second ? [first, second] : [all];
}

/** Which two. @param {{ report: Report, lines: Figures[], name: (one: Figures) => string }} props */
function Two({ report, lines, name }) {
  const pick = (/** @type {0 | 1} */ at) => html`<label class="pick"><span class="vh">${t(at ? "report_second" : "report_first")}</span>
    <select value=${lines[at].name} onChange=${(/** @type {any} */ { target }) => choose({ first: lines[0].name, second: lines[1].name, [at ? "second" : "first"]: target.value })}>
    ${report.groups.filter((one) => one !== lines[1 - at]).map((one) => html`<option value=${one.name}>${name(one)}</option>`)}</select></label>`;
  return html`<div class="two">${pick(0)}<span class="mut">${t("report_against")}</span>${pick(1)}</div>`;
}

/** In its table only the minutes that are told to the last case open theirs. @param {{ report: Report, open: Open }} props */
export function Curve({ report, open }) {
  const lines = compared(report);
  const name = (/** @type {Figures} */ one) => (one === report.all ? "" : named(one.names) || of("severity_", one.name) || t("q_no_area"));
  const only = (/** @type {Figures} */ one) => (report.split && one !== report.all ? `&${report.split === "area" ? "place" : report.split}=${encodeURIComponent(one.name)}` : "");
  const within = (/** @type {Figures} */ one) => (/** @type {number} */ minute) => open(`reached&within=${minute}${only(one)}`);
  const target = report.target_minutes;
  const share = (/** @type {Figures} */ one, /** @type {number} */ minute) => at(one.curve, minute)?.share ?? 0;
  // The lower of two is named under its point.
  const under = (/** @type {Figures} */ one) => (/** @type {number} */ minute) => lines.some((other) => other !== one && share(other, minute) > share(one, minute));
  return html`<section class="cell curve"><h2 class="ch">${t("report_curve")} <span>${t("report_curve_how")}${lines.map((one) => [` · ${name(one)} n `, link(one.warned, `warned${only(one)}`, open, name(one) || t("report_warned"))])}</span></h2>
    ${report.groups.length > 2 && lines[1] && html`<${Two} report=${report} lines=${lines} name=${name} />`}
    <svg viewBox="0 0 584 310" role="img" aria-label=${t("report_curve_says", { share: percent(report.all.within.find((one) => one.minutes === target)?.share), minutes: target })}>
      ${[0, 25, 50, 75, 100].map((mark) => html`<path class="rule" d="M${LEFT} ${y(mark / 100)}H${LEFT + WIDE}" /><text class="end" x=${LEFT - 6} y=${y(mark / 100) + 4}>${mark}${mark === 100 ? " %" : ""}</text>`)}
      ${[0, 5, 10, 15, 20, 30, 40, 50, 60].map((mark) => html`<text class=${mark === target ? "mid bold" : "mid"} x=${x(mark)} y=${TOP + HIGH + 17}>${mark}${mark === 60 ? " min" : ""}</text>`)}
      <text class="mid" x=${FAR} y=${TOP + HIGH + 17}>24 h</text><path class="axis" d="M${LEFT} ${y(0)}H${LEFT + WIDE}M${FAR - 18} ${y(0)}h36" />
      <path class="wall" d="M${x(target)} ${TOP}V${y(0)}" />
      ${lines.toReversed().map((one) => html`<${Line} one=${one} second=${one !== lines[0]} name=${name(one)} target=${target} under=${under(one)} open=${within(one)} />`)}
    </svg>
    <details class="table"><summary>${t("report_table")}</summary><table><tr><th>${t("report_minute")}</th>${lines.map((one) => html`<th>${name(one) || t("report_share")}</th><th>95 %</th>`)}</tr>
      ${[5, 10, 15, 20, 30, 45, 60, DAY].map((mark) => html`<tr><td>${mark === DAY ? "24 h" : mark}</td>${lines.map((one) => ({ one, point: at(one.curve, mark) })).map(({ one, point }) => html`<td>${point?.minutes === mark ? [link(percent(point.share), `reached&within=${mark}${only(one)}`, open, `${name(one)} ${mark} min`), ` (${point.reached})`] : percent(point?.share)}</td><td>${point?.low == null ? "–" : `${percent(point.low)}–${percent(point.high)}`}</td>`)}</tr>`)}</table></details></section>`;
}

/** The last point that is not past this minute. @param {Share[]} curve @param {number} minute */
const at = (curve, minute) => curve.findLast((one) => one.minutes <= minute);

/** @param {{ one: Figures, second: boolean, name: string, target: number, under: (minute: number) => boolean, open: (minute: number) => void }} props */
function Line({ one, second, name, target, under, open }) {
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
    ${wall && html`<g class="opens" onClick=${() => open(target)}><circle cx=${x(target)} cy=${y(wall.share)} r="4" /><text class=${right ? "" : "end"} x=${x(target) + (right ? 8 : -8)} y=${y(wall.share) + (low ? 18 : -8)}>${name} ${percent(wall.share)}</text></g>`}
    ${far?.share != null && html`<g class="opens" onClick=${() => open(DAY)}><circle cx=${FAR} cy=${y(far.share)} r="3.500" /><text x=${FAR + 7} y=${y(far.share) + (under(DAY) ? 14 : -3)}>${percent(far.share)}</text></g>`}</g>`;
}
