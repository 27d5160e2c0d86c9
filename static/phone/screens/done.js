// @ts-check
import { ask } from "../../shared/api.js";
import { html, useEffect, useState } from "../../shared/html.js";
import { setDuty } from "../data/acts.js";
import { me, onDutyUntil, outbox, visits } from "../data/state.js";
import { Bar, EMERGENCY, Icon, Main, Refused, SERVICE } from "../frame.js";
import { goOn } from "../router.js";
import { Scene } from "../scene.js";
import { clock, named, span, t } from "../words.js";
import { Pushes } from "./hints.js";

/** @import { Outcome, Visit } from "../types.js" */

/** How the server says that a task ended, once there is an id to ask for. @param {string | undefined | false} id @returns {{ taken_by: string | null, status: "open" | "following_up" | "ended" } | null} */
export function useEnded(id) {
  const [ended, set] = useState(null);
  useEffect(() => {
    if (id) void ask("GET", `/api/tasks/${id}`).then(({ body }) => set(body?.ended ?? null));
  }, [id]);
  return ended;
}

/** How it ended, and thank you. @param {{ id: string }} props */
export function Done({ id }) {
  const [refused, setRefused] = useState(false);
  const visit = visits.value.find((one) => one.task_id === id);
  const outcome = visit?.outcome;
  const waiting = outbox.value.some((row) => row.what.task_id === id && row.what.kind === "outcome");
  const ended = useEnded(!waiting && id);
  if (!visit?.ended_at || !outcome) return void goOn("/");
  const enough = () => setDuty(null).then(() => goOn("/"), () => setRefused(true));
  return html`<${Bar} title=${SERVICE} />
    <${Main} title=${t("step_outcome")}>
      <${Scene} home=${outcome.danger_off} lamp=${!outcome.danger_off}><h1>${headline(outcome, visit.family)}</h1><p>${t("thanks", { name: me.value?.name ?? "" })}</p><//>
      ${refused && html`<${Refused} />`}
      ${outcome.emergency && html`<section class="banner"><div class="grow"><p>${t(visit.family === "fraud" ? "emergency_fraud" : "emergency_other", { n: EMERGENCY })}</p>
        <a class="btn line gap" href="tel:${EMERGENCY}"><${Icon} name="phone" />${t("ring_number", { n: EMERGENCY })}</a></div></section>`}
      <section class="card"><${Times} visit=${visit} outcome=${outcome} /></section>
      <p class="small aside">${t(waiting ? "done_saved" : "told_coordinator")} ${ended && t(`case_${ended.status}`)}<br />${t("details_gone")}</p>
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
  const since = visit.arrived_at && visit.warned_at && html`<br /><small>${t("since_warning", { span: span(Date.parse(visit.arrived_at) - Date.parse(visit.warned_at)) })}</small>`;
  return html`<ol class="times num">${line(visit.warned_at, t("time_warned"))}${line(visit.accepted_at, t("time_accepted"))}${line(visit.arrived_at, [t("time_arrived"), since])}
    ${line(visit.ended_at, html`<b>${named(outcome.name)}</b>`)}</ol>`;
}
