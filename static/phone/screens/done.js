// @ts-check
import { html, useState } from "../../shared/html.js";
import { setDuty } from "../data/acts.js";
import { me, onDutyUntil, outbox, visits } from "../data/state.js";
import { Bar, Main, Refused, SERVICE } from "../frame.js";
import { goOn } from "../router.js";
import { Scene } from "../scene.js";
import { clock, named, t } from "../words.js";
import { Pushes } from "./hints.js";

/** @import { Outcome, Visit } from "../types.js" */

/** How it ended, and thank you. @param {{ id: string }} props */
export function Done({ id }) {
  const [refused, setRefused] = useState(false);
  const visit = visits.value.find((one) => one.task_id === id);
  const outcome = visit?.outcome;
  if (!visit?.ended_at || !outcome) return void goOn("/");
  const waiting = outbox.value.some((row) => row.what.task_id === id && row.what.kind === "outcome");
  const enough = () => setDuty(null).then(() => goOn("/"), () => setRefused(true));
  return html`<${Bar} title=${SERVICE} />
    <${Main} title=${t("step_outcome")}>
      <${Scene} home=${outcome.danger_off} lamp=${!outcome.danger_off}><h1>${headline(outcome, visit.family)}</h1><p>${t("thanks", { name: me.value?.name ?? "" })}</p><//>
      ${refused && html`<${Refused} />`}
      <section class="card"><${Times} visit=${visit} outcome=${outcome} /></section>
      <p class="small aside">${t(waiting ? "done_saved" : "told_coordinator")}<br />${t("details_gone")}</p>
      <${Pushes} once />
    <//>
    <footer class="dock tall"><button class="btn go xl" onClick=${() => goOn("/")}>${t(onDutyUntil.value ? "go_on" : "to_duty")}</button>
      ${onDutyUntil.value && html`<button class="btn text" onClick=${enough}>${t("enough")}</button>`}</footer>`;
}

/** @param {Outcome} outcome @param {string} family */
function headline(outcome, family) {
  if (outcome.ends === "false_alarm") return t("done_false");
  if (outcome.danger_off) return t(family === "fraud" ? "done_off_fraud" : "done_off");
  if (outcome.emergency) return t("done_emergency");
  return t(outcome.reached ? "done_on" : "done_not");
}

/** @param {{ visit: Visit, outcome: Outcome }} props */
function Times({ visit, outcome }) {
  const line = (/** @type {string | undefined} */ at, /** @type {any} */ words) =>
    at && html`<li><span>${clock(at)}</span><i class="dot"></i><span>${words}</span></li>`;
  return html`<ol class="times num">${line(visit.accepted_at, t("time_accepted"))}${line(visit.arrived_at, t("time_arrived"))}
    ${line(visit.ended_at, html`<b>${named(outcome.name)}</b>`)}</ol>`;
}
