// @ts-check
// One case in the queue: the first line says what, the second how we know and when.
import { computed, html, useMemo } from "../../../shared/html.js";
import { board, left, picked, pointed, toneOf } from "../../data/queue.js";
import { Icon, Severity, theTime } from "../../frame.js";
import { go } from "../../router.js";
import { distance, failing, language, lasting, named, of, t, when } from "../../words.js";

/** @import { Case } from "../../types.js" */

const HOUR_S = 3600;
const WALL = 70;
const MOST = 44;
export const ICONS = /** @type {Record<string, string>} */ ({ sms: "sms", voice: "voice", call: "phone", visit: "door", trusted_contact: "people", coordinator: "up", follow_up: "phone", begins: "clock" });

/** What passes with time, and redraws its reader only when it says something else. @template T @param {() => T} say @param {unknown[]} of */
const useSaid = (say, of) => useMemo(() => computed(say), [...of, language.value]).value;

/** @param {Case} one */
const useTone = (one) => useSaid(() => (one.gone ? "" : toneOf(one, theTime())), [one]);

/** A row is drawn anew when its case changed or the cursor came or went; the seconds are drawn by its cells. @param {{ one: Case, compact: boolean }} props */
export function Row({ one, compact }) {
  const on = useSaid(() => picked.value === one.id, [one.id]);
  const at = useSaid(() => pointed.value === one.id, [one.id]);
  return useMemo(() => drawn(one, compact, on, at), [one, compact, on, at, language.value]);
}

/** @param {Case} one @param {boolean} compact @param {boolean} on @param {boolean} at */
function drawn(one, compact, on, at) {
  const classes = [on && "sel-row", at && "at", one.gone && "gone"].filter(Boolean).join(" ");
  const point = (/** @type {string} */ id) => () => void (pointed.value = id);
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    picked.value = one.id;
    go(`/case/${one.id}`);
  };
  return html`<tr id="row-${one.id}" class=${classes} aria-current=${on ? "true" : undefined} onMouseEnter=${point(one.id)} onMouseLeave=${point("")} onClick=${open}>
    <${Left} one=${one} />
    <td class="barc">${!one.reached_at && html`<${Elapsed} one=${one} />`}</td>
    <td class="c-resident"><a class="name" href="#/case/${one.id}" onClick=${open} onFocus=${() => ((picked.value = one.id), (pointed.value = one.id))}>${one.resident.name ?? t("q_no_name")}</a><small>${one.area?.name ?? t("q_no_area")}</small></td>
    <td class="c-danger" title=${named(one.category_name)}><${Severity} severity=${one.severity} />${named(one.category_name) || one.category}${one.exercise && html` <span class="tag">${t("q_exercise")}</span>`}
      <small>${compact ? html`<${Icon} name=${ICONS[one.now.do] ?? "clock"} /><span class="vh">${of("do_", one.now.do)} </span>${one.paused_at ? t("q_paused") : html`<${Who} one=${one} />`}` : whence(one)}</small></td>
    ${!compact && html`<td class="c-now"><${Icon} name=${ICONS[one.now.do] ?? "clock"} />${one.paused_at ? t("q_paused") : of("do_", one.now.do)}<small>${one.now.do === "begins" ? "" : failing("said_", one.now.said, one.now.do)}</small></td>
    <td class="c-who"><${Who} one=${one} /><small><${Passing} one=${one} say=${how} /></small></td>
    <td class="c-next">${of("next_", one.next.do)}<small><${Passing} one=${one} say=${coming} /></small></td>`}
  </tr>`;
}

/** @param {{ one: Case, say: (one: Case, now: number) => string }} props */
const Passing = ({ one, say }) => useSaid(() => say(one, theTime()), [one]);

/** @param {{ one: Case }} props */
function Left({ one }) {
  const tone = useTone(one);
  const said = useSaid(() => remaining(one, left(one, theTime())), [one]);
  return html`<td class="left ${tone}">${said}</td>`;
}

/** @param {Case} one @param {number} rest */
function remaining(one, rest) {
  if (one.gone) return t("q_ended");
  if (one.reached_at) return t("q_reached");
  // Of hours the seconds are left out: there is no room for both.
  if (rest <= -HOUR_S) return t("q_over_hours", { time: lasting(rest).replace(/:\d\d$/, "") });
  return rest < 0 ? t("q_over", { time: lasting(rest) }) : lasting(rest);
}

/** A share of its own target, so that the target falls at the same place in all rows. @param {{ one: Case }} props */
function Elapsed({ one }) {
  const tone = useTone(one);
  const long = useSaid(() => Math.round(elapsed(one) * WALL * 2) / 2, [one]);
  const [until, over] = [Math.max(0, Math.min(long, WALL)), Math.min(Math.max(long - WALL, 0), MOST)];
  return html`<svg class="elapsed ${tone}" width=${WALL + MOST} height="36" viewBox="0 0 ${WALL + MOST} 36" preserveAspectRatio="none" aria-hidden="true">
    <rect class="whole" x="0" y="16.500" width=${WALL} height="3" /><rect class="gone-by" x="0" y="16" width=${until} height="4" />
    ${over > 0 && html`<rect class="over" x=${WALL} y="14" width=${over} height="8" />`}<path class="wall" d="M${WALL + 0.5} 0V36" /></svg>`;
}

/** @param {Case} one */
function elapsed(one) {
  const target = board.value?.target_s || 1;
  return (target - left(one, theTime())) / target;
}

/** @param {Case} one */
const whence = (one) => [one.source, one.warnings > 1 && t("q_warnings", { n: one.warnings })].filter(Boolean).join(" · ");

/** Who has it, or is asked; and which coordinator took it. @param {{ one: Case }} props */
function Who({ one }) {
  const by = one.taken_by?.name;
  const said = by && t("q_taken", { who: by });
  return html`<span class="who">${doing(one)}${by && html`<span class="took" title=${said}><${Icon} name="desk" /><span class="vh">${said}</span><span aria-hidden="true">${by}</span></span>`}</span>`;
}

/** @param {Case} one */
function doing({ who: { responder, state } }) {
  if (responder) return html`<span class="ell">${responder.name}</span>`;
  if (state === "nobody") return html`<b class="late"><${Icon} name="nobody" />${t("q_nobody")}</b>`;
  if (state === "asked") return html`<b class="soon"><${Icon} name="nobody" />${t("q_asked")}</b>`;
  return html`<span class="mut">${t("q_system")}</span>`;
}

/** @param {Case} one @param {number} now */
function how({ who, now: { at }, taken_by }, now) {
  if (who.state === "arrived") return t("q_at_door", { time: since(at, now) });
  if (who.state === "accepted") return [who.distance_m !== null && distance(who.distance_m), who.arrives_at && t("q_there", { time: when(who.arrives_at, now) })].filter(Boolean).join(" · ");
  if (who.state === "asked") return t("q_asked_n", { n: who.count, time: since(at, now) });
  if (who.state !== "nobody") return "";
  return who.count ? t("q_declined", { n: who.count }) : taken_by ? "" : t("q_assign");
}

/** @param {string | null} moment @param {number} now */
const since = (moment, now) => (moment ? lasting((now - Date.parse(moment)) / 1000) : "");

/** @param {Case} one @param {number} now */
const coming = ({ next: { at } }, now) => (at ? (Date.parse(at) <= now ? t("q_now") : when(at, now)) : "");
