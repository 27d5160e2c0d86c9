// @ts-check
// All cases on one line of time: how many are near the wall. The list says the same to whoever does not see it.
import { computed, html, signal, useMemo } from "../../../shared/html.js";
import { left, picked, shown, toneOf } from "../../data/queue.js";
import { theTime } from "../../frame.js";
import { go } from "../../router.js";
import { of, t } from "../../words.js";

/** @import { Case } from "../../types.js" */

const [HIGH, FLOOR, STACK, DOT, EACH] = [62, 37, 9.5, 3.6, 10];
/** Minutes from the left edge to the break, and to the right edge. */
const [FROM, TO, FAR] = [-15, 60, 240];
/** So many stand on one another; of more there is a number. */
const MOST = 8;

const tick = signal(0);
const fifths = computed(() => Math.floor(theTime() / 5000));
const drawn = computed(() => {
  const now = tick.value;
  // A phone's is half as wide, and not half as large.
  const wide = matchMedia("(max-width: 719px)").matches ? 435 : 870;
  // So many of those past the left edge stand side by side.
  const beside = Math.round(wide / 54);
  const open = shown.value.filter((one) => !one.reached_at && !one.gone).map((one) => ({ one, rest: left(one, now) / 60 }));
  const past = open.filter(({ rest }) => rest < FROM).length;
  const high = Math.min(Math.max(Math.ceil(past / beside), 4), MOST);
  const edge = past && Math.max(Math.min(Math.ceil(past / high), beside) * EACH, 40) + 12;
  /** Where so many minutes before the target lie. @param {number} minutes */
  const at = (minutes) => (minutes <= TO ? edge + ((minutes - FROM) / (TO - FROM)) * (wide - 70 - edge) : wide - 55 + ((Math.min(minutes, FAR) - TO) / (FAR - TO)) * 45);
  /** @type {Map<number, Case[]>} */
  const stacks = new Map();
  let nth = 0;
  for (const { one, rest } of open) {
    const x = rest < FROM ? Math.min(Math.floor(nth++ / high), beside - 1) * EACH : at(0) + Math.floor((at(rest) - at(0)) / EACH) * EACH;
    stacks.set(x, stacks.get(x) ?? []).get(x)?.push(one);
  }
  const step = Math.min(STACK, 31 / (Math.min(Math.max(...[...stacks.values()].map((stack) => stack.length)), MOST) - 1));
  /** @type {Map<number, number>} */
  const more = new Map();
  const dots = [...stacks].flatMap(([x, stack]) => {
    // One number for four stacks: it is as wide.
    const about = Math.floor(x / 40) * 40 + 20;
    if (stack.length > MOST) more.set(about, (more.get(about) ?? 0) + stack.length - MOST);
    return stack.slice(0, MOST).map((one, level) => ({ id: one.id, severity: one.severity, x: x + EACH / 2, y: FLOOR - level * step, tone: toneOf(one, now) }));
  });
  return { n: open.length, wide, edge, at, dots, more: [...more] };
});

export function Runway() {
  // Each five seconds is often enough to see them move.
  tick.value = fifths.value * 5000;
  const { n, wide, edge, at, dots, more } = drawn.value;
  const word = (/** @type {number} */ x, /** @type {any} */ said, kind = "") => html`<text class=${kind} x=${x} y="60">${said}</text>`;
  return html`<svg class="runway" viewBox="0 0 ${wide} ${HIGH}" role="img" aria-label=${t("q_runway", { n })}>
    <rect class="zone late" width=${at(0)} height="44" /><rect class="zone soon" x=${at(0)} width=${at(10) - at(0)} height="44" />
    <path class="axis" d="M0 44.500H${edge && edge - 12}M${edge} 44.500H${wide - 70}M${wide - 58} 44.500H${wide}" /><path class="wall" d="M${at(0)} 0V49" />
    ${[-15, -10, -5, 5, 10, 20, 30, 45].map((minutes) => word(at(minutes), minutes > 0 ? `+${minutes}` : minutes))}${word(at(0), t("q_target"), "wall-word")}${word(wide - 78, 60)}${word(wide - 28, t("q_far"))}
    <g>${edge > 0 && word((edge - 12) / 2, "< −15", "edge")}${more.map(([x, count]) => html`<text x=${x} y="0">+${count}</text>`)}</g>
    ${dots.map((dot) => html`<${Dot} key=${dot.id} ...${dot} />`)}</svg>`;
}

/** @param {{ id: string, severity: string, x: number, y: number, tone: string }} props */
function Dot({ id, severity, x, y, tone }) {
  const open = () => ((picked.value = id), go(`/case/${id}`));
  const on = useMemo(() => computed(() => picked.value === id), [id]).value;
  return html`<svg class="dot ${tone} ${severity} ${on ? "sel" : ""}" x=${x - DOT - 1} y=${y - DOT - 1} width=${2 * DOT + 2} height=${2 * DOT + 2} viewBox="0 0 12 12" onClick=${open}><title>${of("severity_", severity)}</title><use href="#sev-${severity}" /></svg>`;
}
