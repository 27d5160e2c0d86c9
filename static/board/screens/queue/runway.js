// @ts-check
// All cases on one line of time: how many are near the wall. The list says the same to whoever does not see it.
import { computed, html, signal, useMemo } from "../../../shared/html.js";
import { left, picked, shown, toneOf } from "../../data/queue.js";
import { theTime } from "../../frame.js";
import { go } from "../../router.js";
import { of, t } from "../../words.js";

const WIDE = 870;
const [HIGH, FLOOR, STACK, DOT] = [62, 37, 9.5, 3.6];
/** Minutes from the left edge to the break, and how many pixels each is. */
const [FROM, TO, EACH] = [-15, 60, 10.667];
const FAR = 240;

/** Where so many minutes before the target lie. @param {number} minutes */
function at(minutes) {
  if (minutes <= TO) return (Math.max(minutes, FROM + 0.5) - FROM) * EACH;
  return 815 + ((Math.min(minutes, FAR) - TO) / (FAR - TO)) * 45;
}

const tick = signal(0);
const fifths = computed(() => Math.floor(theTime() / 5000));
const dots = computed(() => {
  const now = tick.value;
  /** @type {Map<number, number>} */
  const stacked = new Map();
  return shown.value
    .filter((one) => !one.reached_at && !one.gone)
    .map((one) => {
      const x = Math.round(at(left(one, now) / 60) / 10) * 10 + 5;
      const level = stacked.get(x) ?? 0;
      stacked.set(x, level + 1);
      return { id: one.id, severity: one.severity, x, y: FLOOR - Math.min(level, 3) * STACK, tone: toneOf(one, now) };
    });
});

export function Runway() {
  // Each five seconds is often enough to see them move.
  tick.value = fifths.value * 5000;
  const marks = [-15, -10, -5, 5, 10, 20, 30, 45].map((minutes) => html`<text x=${at(minutes)} y="60">${minutes > 0 ? `+${minutes}` : minutes}</text>`);
  return html`<svg class="runway" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${t("q_runway", { n: dots.value.length })}>
    <rect class="zone late" x="0" y="0" width=${at(0)} height="44" /><rect class="zone soon" x=${at(0)} y="0" width=${at(10) - at(0)} height="44" />
    <path class="axis" d="M0 44.500H800M812 44.500H870" /><path class="wall" d="M${at(0)} 0V49" />
    ${marks}<text class="wall-word" x=${at(0)} y="60">${t("q_target")}</text><text x="792" y="60">60</text><text x="842" y="60">${t("q_far")}</text>
    ${dots.value.map((dot) => html`<${Dot} key=${dot.id} ...${dot} />`)}</svg>`;
}

/** @param {{ id: string, severity: string, x: number, y: number, tone: string }} props */
function Dot({ id, severity, x, y, tone }) {
  const open = () => ((picked.value = id), go(`/case/${id}`));
  const on = useMemo(() => computed(() => picked.value === id), [id]).value;
  return html`<svg class="dot ${tone} ${severity} ${on ? "sel" : ""}" x=${x - DOT - 1} y=${y - DOT - 1} width=${2 * DOT + 2} height=${2 * DOT + 2} viewBox="0 0 12 12" onClick=${open}><title>${of("severity_", severity)}</title><use href="#sev-${severity}" /></svg>`;
}
