// @ts-check
// The ladder over real minutes: a row for each kind of step, the other version dashed behind it, the target as one line.
import { html } from "../../../shared/html.js";
import { of, t } from "../../words.js";
import { at, doing, seconds, span, times } from "./data.js";

/** @import { Body, Draft, Step } from "./data.js" */

const [LEFT, WIDE, TOP, ROW] = [132, 892, 42, 37];
const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440, 2880].map((minutes) => minutes * 60);
/** How wide words are, about, with a little room. @param {string} words */
const wide = (words) => words.length * (/[一-鿿]/.test(words) ? 12 : 6.5) + 14;
const climbed = (/** @type {Step[]} */ steps) => steps.filter((step) => step.do !== "follow_up");

/** @param {{ now: Draft, there: Body | null, paired: (number | null)[], changed: Set<number>, target: number }} props */
export function Ladder({ now, there, paired, changed, target }) {
  const { steps } = now.body;
  const [mine, theirs] = [times(steps), there ? times(there.steps) : []];
  const kinds = [...new Set([...climbed(steps), ...climbed(there?.steps ?? [])].map((step) => step.do))];
  const last = Math.max((target * 4) / 3, ...[...mine, ...theirs].map((one) => (one ?? 0) * 1.1));
  const x = (/** @type {number} */ time) => LEFT + (Math.min(time, last) / last) * WIDE;
  const y = (/** @type {string} */ kind) => TOP + kinds.indexOf(kind) * ROW;
  const foot = TOP + kinds.length * ROW - 18;
  const every = NICE.find((one) => last / one <= 9) ?? last;
  const ticks = Array.from({ length: Math.floor(last / every) + 1 }, (_, n) => n * every);
  return html`<div class="pic" tabindex="0" role="region" aria-label=${t("policy_picture")}><svg viewBox="0 0 1248 ${foot + 28}" role="img" aria-label=${t("policy_picture_says")}>
    <text class="mut" x="1042" y="16">${t("policy_stops")}</text>
    ${kinds.map((kind) => html`<path class="rule" d="M${LEFT} ${y(kind)}H${LEFT + WIDE}" /><text x="0" y=${y(kind) + 4} class="kind">${doing(kind)}</text>
      <text x="1042" y=${y(kind) + 4}>${stops(steps.find((step) => step.do === kind))}</text>`)}
    <path class="axis" d="M${LEFT - 132} ${foot}H${LEFT + WIDE}" />
    ${ticks.map((time) => html`<path class="axis" d="M${x(time)} ${foot}v4" /><text class="mid" x=${x(time)} y=${foot + 20}>${time ? span(time) : t("policy_warning")}</text>`)}
    <path class="wall" d="M${x(target)} 22V${foot}" /><text class="mid bold" x=${x(target)} y="16">${t("policy_target", { n: span(target) })}</text>
    ${steps.map((step, n) => mine[n] !== null && html`<${Bars} step=${step} x=${x} y=${y(step.do)} time=${mine[n]} last=${last} />`)}
    ${there?.steps.map((step, n) => theirs[n] !== null && html`<${Ghost} step=${step} time=${theirs[n]} x=${x} y=${y(step.do)} to=${moved(paired, mine, n, theirs[n])} />`)}
    ${steps.map((step, n) => mine[n] !== null && html`<${Dot} n=${n} step=${step} x=${x} y=${y(step.do)} time=${mine[n]} last=${last} ring=${changed.has(n)} />`)}
    <${AtOnce} steps=${steps} mine=${mine} x=${x} y=${y} /></svg></div>
    <p class="leg"><span><i class="dot"></i>${t("policy_leg_step")}</span>${there && html`<span><i class="dot ring"></i>${t("policy_leg_changed")}</span><span><i class="dot was"></i>${t("policy_leg_was")}</span>`}
      <span><i class="asked"></i>${t("policy_leg_asked")}</span><span><i class="arrow">→</i>${t("policy_leg_failure")}</span></p>`;
}

/** Where it went from there: null where it stands where it stood. @param {(number | null)[]} paired @param {(number | null)[]} mine @param {number} n @param {number | null} was */
function moved(paired, mine, n, was) {
  const time = mine[paired.indexOf(n)];
  return time === was ? null : (time ?? -1);
}

/** @param {Step | undefined} step */
function stops(step) {
  const on = step?.stops_on ?? [];
  return t(!step || !on.length ? "policy_stop_nothing" : on.includes("sms_reply") ? "policy_stop_any" : on.includes("key") ? "policy_stop_line" : "policy_stop_person");
}

/** People are asked, so many at once, until somebody accepts. @param {any} props */
function Bars({ step, x, y, time, last }) {
  if (!PEOPLE.has(step.do)) return null;
  const lapse = Math.max(seconds(step.lapse), 60);
  const rounds = Array.from({ length: Math.min(Math.ceil((last - time) / lapse), 4) }, (_, n) => time + n * lapse);
  return rounds.map((from, n) => {
    const [left, right] = [x(from), x(n === 3 ? last : from + lapse)];
    const words = t(n ? (n === 3 ? "policy_until" : "policy_next") : "policy_asked", { n: step.ask });
    return html`<rect class=${n ? "later" : "first-asked"} x=${left} y=${y - 9} width=${Math.max(right - left - 2, 1)} height="18" rx="2" />${right - left > wide(words) && html`<text class="on-bar" x=${left + 8} y=${y + 4}>${words}</text>`}`;
  });
}

/** @param {any} props */
function Ghost({ step, time, x, y, to }) {
  if (to === null) return null;
  // Around the bars and not over them: their words are to be read.
  if (PEOPLE.has(step.do)) return html`<rect class="ghost round" x=${x(time) - 2} y=${y - 14} width=${x(time + seconds(step.lapse)) - x(time)} height="28" rx="3" />`;
  return html`${to >= 0 && html`<path class="ghost" d="M${x(time)} ${y}H${x(to)}" />`}<circle class="ghost" cx=${x(time)} cy=${y} r="6" />`;
}

/** @param {any} props */
function Dot({ n, step, x, y, time, last, ring }) {
  const people = PEOPLE.has(step.do);
  const again = step.do === "coordinator" ? 2 : step.repeat;
  const more = Array.from({ length: Math.min(again, 6) }, (_, k) => time + (k + 1) * seconds(step.every)).filter((one) => one <= last && one > time);
  const words = more.length ? t(step.do === "coordinator" ? "policy_climbs" : "policy_again") : "";
  // Where there is room for them before the next dot, or the end.
  const room = [more.at(-1) ?? 0, more[0] ?? 0].find((one) => x(more.find((next) => next > one) ?? last) - x(one) > wide(words));
  return html`${more.map((one) => html`<circle class="again" cx=${x(one)} cy=${y} r="4" />`)}
    ${words && room !== undefined && html`<text class="mut" x=${x(room) + 9} y=${y + 4}>${words}</text>`}
    <g class=${at.value === n ? "rung here" : "rung"} onClick=${() => (at.value = n)}>${people
      ? html`<rect class=${ring ? "ringed" : "held"} x=${x(time) - 3} y=${y - 12} width=${x(time + seconds(step.lapse)) - x(time) + 4} height="24" rx="4" />`
      : html`${ring && html`<circle class="ringed" cx=${x(time)} cy=${y} r="10" />`}<circle cx=${x(time)} cy=${y} r="6.5" />`}</g>`;
}

/** A machine's failure brings people at once. @param {{ steps: Step[], mine: (number | null)[], x: (time: number) => number, y: (kind: string) => number }} props */
function AtOnce({ steps, mine, x, y }) {
  const n = steps.findIndex((step, n) => n > 0 && PEOPLE.has(step.do) && AUTOMATIC.has(steps[n - 1].do));
  if (n < 0) return null;
  const [fx, fy, tx, ty] = [x(mine[n - 1] ?? 0), y(steps[n - 1].do), x(mine[n] ?? 0), y(steps[n].do)];
  const way = Math.sign(ty - fy) || 1;
  return html`<path class="at-once" d="M${fx} ${fy + 10 * way}Q${fx} ${ty - 2 * way} ${Math.max(tx - 7, fx + 2)} ${ty - 5 * way}" /><path class="at-once tip" d="M${tx - 1} ${ty - 4 * way}l-8 ${-4 * way}l1 7z" />
    <text class="at-once-said" x=${Math.max(fx, tx) + 16} y=${(fy + ty) / 2 + 4}>${t("policy_busy", { next: of("case_do_", steps[n].do) })}</text>`;
}
const PEOPLE = new Set(["call", "visit"]);
const AUTOMATIC = new Set(["sms", "voice", "trusted_contact"]);
