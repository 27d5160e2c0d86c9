// @ts-check
import { html, useState } from "../../shared/html.js";
import { arrive, moved, visitOf } from "../data/acts.js";
import { Bar, Icon, LINE, Main, Refused, Sheet, say, useNow } from "../frame.js";
import { go } from "../router.js";
import { clock, comma, has, language, named, t, told } from "../words.js";

import { Dock, Overdue } from "./help.js";
import { useEnded } from "./done.js";
import { Correcting } from "./third.js";

/** @import { Correction, Resident, Task, Visit } from "../types.js" */

/** Somebody else has it now: the details are gone, what was reported stays in the outbox. @param {{ id?: string }} props */
export function Gone({ id }) {
  const by = useEnded(id)?.taken_by;
  return html`<${Bar} title=${t("visit_bar")} back="/" />
  <${Main} title=${t("visit_bar")}><section class="ask"><h1>${by ? t("handed_to", { name: by }) : t("handed_over")}</h1></section><//>
  <footer class="dock"><button class="btn go" onClick=${() => go("/")}>${t("to_duty")}</button></footer>`;
}

/** A visit: how to reach the resident, what to say. @param {{ task: Task }} props */
export function VisitScreen({ task }) {
  const [refused, setRefused] = useState(false);
  const visit = visitOf(task);
  const there = visit.arrived_at;
  const title = t("visit_bar");
  const come = () => arrive(task).then(() => setRefused(false), () => setRefused(true));
  const script = html`<${Script} task=${task} />`;
  const who = html`<${Who} task=${task} />`;
  return html`<${Bar} title=${title} back="/" head><${Deadline} due=${task.due_at} /><//>
    <${Main} title=${title}>
      <${Track} visit=${visit} />
      <${Overdue} task=${task} />
      ${refused && html`<${Refused} />`}
      ${there ? [script, who] : who}
      ${task.visit_code && html`<${Badge} task=${task} />`}
      <${Safe} task=${task} />
      <${Known} task=${task} />
      ${!there && script}
      <${Wrong} task=${task} />
    <//>
    <${Dock} task=${task}>${
      there
        ? html`<a class="btn go" href="#/task/${task.id}/outcome">${t("tell_outcome")}</a>`
        : html`<button class="btn go" onClick=${come}><${Icon} name="door" />${t("arrived")}</button>`
    }<//>`;
}

/** The address or number was wrong: said here, and the case goes on from there. @param {{ task: Task }} props */
function Wrong({ task }) {
  const [state, set] = useState("");
  const save = async (/** @type {Correction} */ correction) => {
    await moved(task, correction);
    say(t("moved_saved"));
    set("saved");
  };
  return html`${state === "saved" && html`<p class="small aside">${t("moved_saved")}</p>`}<button class="btn text" onClick=${() => set("open")}>${t("details_wrong")}</button>
    ${state === "open" && html`<${Sheet} title=${t("details_wrong")} close=${() => set((now) => (now === "open" ? "" : now))}><${Correcting} of=${["address", "phone"]} save=${save} /><//>`}`;
}

/** @param {{ due: string, word?: "check_in_by" | "call_by" }} props */
export function Deadline({ due, word = "check_in_by" }) {
  const late = Date.parse(due) < useNow(20_000);
  return html`<span class="chip num ${late ? "lamp" : ""}"><${Icon} name="clock" />${t(late ? "overdue" : word, { time: clock(due) })}</span>`;
}

/** How far along. @param {{ visit: Visit, ending?: boolean }} props */
export function Track({ visit, ending = false }) {
  const tick = html`<${Icon} name="check" />`;
  const way = visit.arrived_at
    ? html`<li class="done num">${tick}${t("step_arrived", { time: clock(visit.arrived_at) })}</li>`
    : html`<li class=${ending ? "" : "now"} aria-current=${ending ? undefined : "step"}>${t("step_way")}</li>`;
  const now = ending || visit.arrived_at;
  return html`<ol class="track"><li class="done">${tick}${t("step_accepted")}</li>
    ${visit.kind === "visit" && way}<li class=${now ? "now" : ""} aria-current=${now ? "step" : undefined}>${t("step_outcome")}</li></ol>`;
}

/** @param {{ task: Task }} props */
function Who({ task }) {
  const resident = task.resident;
  if (!resident) return null;
  const [phone] = resident.phones;
  const [place] = resident.addresses;
  return html`<section class="card">
    ${resident.name && html`<p>${resident.name}</p>`}
    <p class="address">${place?.text ?? t("no_address")}</p>
    <div class="two">
      ${phone && html`<a class="btn soft" href="tel:${phone.number}"><${Icon} name="phone" />${t("call")}</a>`}
      ${place && html`<a class="btn soft" href=${wayTo(place)} rel="noreferrer"><${Icon} name="navigate" />${t("navigate")}</a>`}
    </div>
  </section>`;
}

/** A link that this kind of phone opens with its own map. @param {Resident["addresses"][number]} place */
function wayTo({ text, location }) {
  const point = location ? `${location.lat},${location.lon}` : "";
  const query = encodeURIComponent(text ?? point);
  if (/iPhone|iPad/.test(navigator.userAgent)) return `maps://?daddr=${point || query}&q=${query}`;
  return point ? `geo:${point}?q=${point}` : `geo:0,0?q=${query}`;
}

/** The code is of no use once it is over; a fresh one comes as soon as there is signal. @param {{ task: Task }} props */
function Badge({ task }) {
  const over = isOver(task, useNow(20_000));
  const code = task.visit_code ?? "";
  const shown = over ? html`<p>${t("code_over")}</p>` : html`<p class="code" aria-label=${[...code].join(" ")}>${code.slice(0, 3)} ${code.slice(3)}</p>
    <p>${LINE ? t("ring_line", { line: LINE }) : t("ring_official")}<br />${t("say_yes")}</p>`;
  return html`<section class="badge"><${Lattice} />
  <h2>${t("visit_code")}</h2>${shown}
  <a class="btn" href="#/task/${task.id}/code">${t(over ? "door_again" : "show_large")}</a>
</section>`;
}

/** @param {Task} task @param {number} now */
export const isOver = (task, now) => Date.parse(task.visit_code_expires_at ?? "") < now;

/** Decoration of what is shown to a resident. */
export const Lattice = () => html`<svg class="guilloche" viewBox="0 0 250 250" aria-hidden="true"><use href="#lattice" /></svg>`;

/** What to mind before the door opens. @param {{ task: Task }} props */
function Safe({ task }) {
  const door = told(task.door).join(" ");
  if (!door && !task.companion) return null;
  return html`<section class="safe">${door && html`<p><b>${t("at_door")}</b> ${door}</p>`}${task.companion && html`<p><b>${t("two_together")}</b></p>`}</section>`;
}

/** What is known and safe to say. @param {{ task: Task }} props */
export function Known({ task }) {
  const resident = task.resident;
  const needs = (resident?.vulnerabilities ?? []).map((need) => (has(need) ? t(need) : need));
  const spoken = resident?.language && t("speaks", { language: spokenName(resident.language) });
  const person = [...needs, spoken].filter(Boolean).join(comma());
  const [say, no] = [told(task.say), told(task.keep_back)];
  return html`<section class="card known"><h2>${t("known")}</h2>
    <p>${named(task.category_name)}</p>
    ${task.known.map((fact) => html`<p><span class="num">${clock(fact.detected_at)}</span> ${fact.summary}</p>`)}
    ${person && html`<p>${person}</p>`}
    <div class="say">
      ${say.length > 0 && html`<div><b>${t("may_say")}</b>${say.map((line) => html`<q>${line}</q>`)}</div>`}
      ${no.length > 0 && html`<div class="no"><b>${t("may_not_say")}</b>${no.join(language.value === "en" ? " " : "、")}</div>`}
    </div></section>`;
}

/** @param {string} tag */
function spokenName(tag) {
  try {
    return new Intl.DisplayNames(language.value, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** @param {{ task: Task }} props */
export function Script({ task }) {
  return html`<section class="card"><h2>${t("how_to_say")}</h2><ol class="script">${told(task.scripts).map((line) => html`<li><span>${line}</span></li>`)}</ol></section>`;
}

