// @ts-check
// What a coordinator may do besides giving it to somebody: take, pause, close, reopen, hand on, and ring on behalf.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useRef, useState } from "../../../shared/html.js";
import { lostSince } from "../../data/live.js";
import { note } from "../../data/notes.js";
import { offline } from "../../data/offline.js";
import { meant } from "../../data/queue.js";
import { decides, me } from "../../data/session.js";
import { Dialog, Refusal, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { besides, goOn } from "../../router.js";
import { named, of, t } from "../../words.js";
import { decide, look, looked, nameOf, readOwn, view } from "./data.js";

/** @import { Answer } from "../../../shared/api.js" */

const REASONS = /** @type {Record<string, string[]>} */ ({
  pause: ["police_there", "asked", "wrong_details", "other"],
  resume: ["asked", "danger_again", "other"],
  close: ["nobody_found", "left_town", "in_hospital", "died", "wrong_details", "other"],
  reopen: ["danger_again", "closed_by_mistake", "other"],
});

/** Found at a door only, by the categories' own words, as the responders' phones have it. */
const AT_THE_DOOR = ["nobody_home", "wrong_address"];

/** @param {{ first?: string }} props `first`: what is open at once, as the queue's list of calls asks for `call` */
export function Acts({ first }) {
  const [open, setOpen] = useState("");
  const { id, status, paused_at, taken_by_id } = view.value;
  const may = decides.value;
  const ended = status === "ended";
  const mine = taken_by_id === me.value?.id;
  const take = () => void decide("take", {}, t("case_took"));
  // Off the line one can ring, and nothing else: what was decided would be on a case as it was.
  const off = offline.value;
  useKeys(may && !ended ? { c: () => setOpen("call"), t: () => !mine && !off && take() } : {});
  useEffect(() => void (first === "call" && may && !ended && setOpen("call")), [id, first]);
  useEffect(() => {
    if (meant.value !== "take") return;
    meant.value = "";
    if (may && !ended && !mine && !off) take();
  }, [id, meant.value]);
  if (!may) return null;
  const close = () => {
    setOpen("");
    if (first) goOn(`/case/${id}${besides()}`);
  };
  const title = off ? t("why_offline") : undefined;
  return html`<div class="acts">
    ${ended && html`<button class="btn s p" disabled=${off} title=${title} onClick=${() => setOpen("reopen")}>${t("case_reopen")}</button>`}
    ${!ended && html`
      <button class="btn s" disabled=${off} title=${title} onClick=${() => setOpen(paused_at ? "resume" : "pause")}>${t(paused_at ? "case_resume" : "case_pause")}</button>
      <button class="btn s" disabled=${off} title=${title} onClick=${() => setOpen("close")}>${t("case_close")}</button>
      <button class="btn s" disabled=${off} title=${title} onClick=${() => setOpen("hand-on")}>${t("case_hand_on")}</button>
      <button class="btn s" onClick=${() => setOpen("call")}>${t("case_call")} <kbd>c</kbd></button>
      <button class="btn s phone-only" onClick=${() => document.querySelector(".rt")?.scrollIntoView()}>${t("case_give")}</button>
      ${!mine && html`<button class="btn s p" disabled=${off} title=${title} onClick=${take}>${t("case_take")} <kbd>t</kbd></button>`}`}
    ${open in REASONS && html`<${Why} name=${open} close=${close} />`}
    ${open === "hand-on" && html`<${HandOn} close=${close} />`}
    ${open === "call" && html`<${Call} close=${close} />`}
  </div>`;
}

/** A decision that needs a reason. @param {{ name: string, close: () => void }} props */
function Why({ name, close }) {
  // Who was not reached stays in every share of the report: that is what such a case ends as, unless somebody says otherwise.
  const ends = [...(view.value.reached_at ? [] : ["unreached"]), "closed", "false_alarm", "withdrawn"];
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    close();
    void decide(name, Object.fromEntries(form), t(/** @type {any} */ (`case_did_${name}`)));
  };
  const word = t(/** @type {any} */ (name === "close" ? "case_close_it" : `case_${name}`));
  return html`<${Dialog} title=${word} close=${close} leave=${t("case_leave")}><form class="stack" onSubmit=${send}>
    ${name === "close" && html`<label class="field">${t("case_close_as")}<select name="end_state">${ends.map((one) => html`<option value=${one}>${of("case_end_", one)}</option>`)}</select></label>`}
    <label class="field">${t("case_reason")}<select name="reason" required><option value="">${t("case_choose_why")}</option>${REASONS[name].map((one) => html`<option value=${one}>${of("case_reason_", one)}</option>`)}</select></label>
    <button class="btn p">${word}</button></form><//>`;
}

/** @param {{ close: () => void }} props */
function HandOn({ close }) {
  const desk = useAnswer(() => ask("GET", "/api/desk"), []);
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const others = (desk?.body?.colleagues ?? []).filter((/** @type {any} */ one) => one.id !== me.value?.id);
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const body = { to: form.get("to") || null, note: form.get("note") || null };
    if (!form.get("all")) {
      close();
      return void decide("hand-on", body, t("case_did_hand_on"));
    }
    const said = await ask("POST", "/api/hand-on", body);
    setAnswer(said);
    if (said.why === "ok") close();
  };
  return html`<${Dialog} title=${t("case_hand_on")} close=${close} leave=${t("case_leave")}><form class="stack" onSubmit=${send}>
    <label class="field">${t("case_hand_to")}<select name="to"><option value="">${t("case_hand_nobody")}</option>
      ${others.map((/** @type {any} */ one) => html`<option value=${one.id}>${one.name}${one.area ? ` · ${one.area}` : ""} (${one.cases})</option>`)}</select></label>
    <label class="field">${t("case_note")}<textarea name="note" rows="3" maxlength="2000"></textarea></label>
    <label class="check"><input type="checkbox" name="all" value="1" />${t("case_hand_all")}</label>
    <${Refusal} answer=${answer} /><button class="btn p">${t("case_hand_on")}</button></form><//>`;
}

/** Ring on behalf, and say what was found: the outcomes of the category, one tap each. @param {{ close: () => void }} props */
function Call({ close }) {
  const [who, setWho] = useState("resident");
  const said = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const { id, resident, outcomes } = view.value;
  const people = who === "resident" ? resident.phones.filter((/** @type {any} */ one) => !one.wrong_at) : resident.trusted_contacts.filter((/** @type {any} */ one) => one.consent_at);
  const found = (/** @type {any} */ one) => {
    close();
    void note({ of: id, outcome: one.code, name: one.name, who, note: said.current?.value.trim() ?? "" }).then(readOwn);
  };
  return html`<${Dialog} title=${t("case_call")} close=${close}>
    <div class="pickers" role="group" aria-label=${t("case_call_whom")}>${["resident", "trusted_contact"].map((one) => html`<button class="chip" aria-pressed=${who === one} onClick=${() => setWho(one)}>${of("case_who_", one)}</button>`)}</div>
    <ul class="ring">${people.map((/** @type {any} */ one) => html`<li>${one.name ?? resident.name ?? ""} ${looked.value ? html`<a class="btn" href=${`tel:${one.number}`}>${one.number}</a>` : html`<span class="num">${one.number}</span>`}</li>`)}
      ${!people.length && html`<li class="mut">${t("case_no_number")}</li>`}</ul>
    ${!looked.value && people.length > 0 && html`<button class="btn" onClick=${look}>${t("case_look_numbers")}</button>`}
    <label class="field">${t("case_what_said")}<textarea ref=${said} rows="2" maxlength="2000"></textarea></label>
    <h3>${t("case_what_found")}</h3>
    ${lostSince.value !== null && html`<p class="soon" role="status">${t("note_will_keep")}</p>`}
    <div class="found">${outcomes.filter((/** @type {any} */ one) => !AT_THE_DOOR.includes(one.code)).map((/** @type {any} */ one) => html`<button class="btn" onClick=${() => found(one)}>${named(one.name)}</button>`)}</div>
  <//>`;
}

/** Whom the resident trusts, and what may be said to them. */
export function Trusted() {
  const contacts = view.value.resident.trusted_contacts;
  return html`<section class="card"><h2>${t("case_trusted")}</h2><dl class="kv">${contacts.map((/** @type {any} */ one) => html`<dt>${of("case_relation_", one.relation)} ${one.name}</dt>
    <dd>${one.consent_at ? t("case_may_be_told", { what: of("case_told_", one.may_be_told) }) : t("case_no_consent")} <span class="mut num">${one.number}</span></dd>`)}</dl>
    ${!contacts.length && html`<p class="none mut">${t("case_no_trusted")}</p>`}</section>`;
}

/** What somebody else changed meanwhile: theirs stands unless it is done again. @param {{ conflict: import("./data.js").Conflict, keep: () => void }} props */
export function Meanwhile({ conflict, keep }) {
  const [first] = conflict.changes;
  const by = first?.by.name ?? of("case_actor_", first?.by.kind ?? "system");
  const what = first ? of("case_changed_", first.kind, { from: first.from_responder?.name ?? t("case_nobody"), to: first.responder?.name ?? first.coordinator?.name ?? nameOf(null) }) : t("case_changed");
  const reason = first?.reason ? t("case_for_reason", { why: of("case_reason_", first.reason) }) : "";
  return html`<p><b>${first ? t("case_meanwhile", { who: by }) : ""}</b> ${what}${reason}. ${t("case_yours_not_done", { mine: conflict.mine })}</p><span class="grow"></span>
    <button class="btn s p" onClick=${keep}>${t("case_keep_theirs")}</button><button class="btn s" onClick=${() => void conflict.again()}>${t("case_do_mine")}</button>`;
}
