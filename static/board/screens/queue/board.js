// @ts-check
// The board: how many are near the wall, the queue, and beside it who goes where, where nobody is, and whom to ring.
import { html } from "../../../shared/html.js";
import { lostSince } from "../../data/live.js";
import { offline } from "../../data/offline.js";
import { board, said, shown, toneOf } from "../../data/queue.js";
import { Icon, Main, theTime } from "../../frame.js";
import { clockS, comma, lasting, of, t } from "../../words.js";
import { Queue } from "./queue.js";
import { Runway } from "./runway.js";
import { Side } from "./side.js";

/** On a phone what stands beside the queue is two pages of its own: the map, and the calls. */
export function Screen() {
  const side = said("side");
  const title = side ? of("tab_", side) : t("nav_board");
  return html`<${Main} title=${title} more="board ${side && `at-side at-${side}`}">
  <h1 class="vh">${title}</h1><${Strip} /><div class="lay"><div class="left-col"><${Lost} /><${Queue} /></div><${Side} key=${side} /></div>
<//>`;
}

function Strip() {
  const now = theTime();
  const open = shown.value.filter((one) => !one.gone && !one.reached_at);
  const [late, soon] = ["late", "soon"].map((tone) => open.filter((one) => toneOf(one, now) === tone).length);
  const away = (board.value?.staff ?? []).filter((one) => one.away);
  const figure = (/** @type {number} */ n, /** @type {string} */ words, more = "") => html`<div class="fig ${more}"><b>${n}</b><span>${words}</span></div>`;
  return html`<section class="strip" aria-label=${t("overview")}>
    ${figure(open.length, t("q_open"))}${figure(late, t("q_late"), late ? "late" : "")}${figure(soon, t("q_soon"), soon ? "soon" : "")}
    ${away.length > 0 && figure(away.length, t("q_away", { who: away.slice(0, 2).map((one) => one.name).join(comma()) }), "desk")}
    <${Runway} />
  </section>`;
}

/** How old what is shown is, once the line is down; the clock runs on. */
export function Lost() {
  if (lostSince.value === null) return null;
  const gone = (theTime() - lostSince.value) / 1000;
  const long = offline.value;
  return html`<p class="banner ${long ? "bad" : ""}" role="alert"><${Icon} name=${long ? "warn" : "clock"} /><span>${t(long ? "q_offline" : "q_lost", { time: lasting(gone), at: clockS(lostSince.value) })}</span></p>`;
}
