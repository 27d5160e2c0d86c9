// @ts-check
import { html, useRef, useState } from "../../shared/html.js";
import { found, visitOf } from "../data/acts.js";
import { hasSignal } from "../data/state.js";
import { Bar, Icon, Main, Refused, say } from "../frame.js";
import { goOn } from "../router.js";
import { has, language, named, t } from "../words.js";
import { Dock } from "./help.js";
import { asks, Third } from "./third.js";
import { Track } from "./visit.js";

/** @import { Outcome, Report, Task } from "../types.js" */

/** Outcomes of the other kind of task, by the category's own words. */
const ONLY = { visit: ["nobody_home", "wrong_address"], call: ["no_answer", "busy", "wrong_number"] };

/** What may be found in this kind of task. @param {Task} task */
export const choices = (task) => task.outcomes.filter((outcome) => !ONLY[task.kind === "call" ? "visit" : "call"].includes(outcome.code));

/** How did it end? Pick, save; a third tap where the outcome asks something. @param {{ task: Task }} props */
export function OutcomeScreen({ task }) {
  const [picked, pick] = useState(/** @type {Outcome | null} */ (null));
  const [refused, setRefused] = useState(false);
  const [third, setThird] = useState(false);
  const words = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const saving = useRef(false);
  const call = task.kind === "call";
  const fitting = choices(task);
  const groups = /** @type {const} */ ([
    [call ? "met_call" : "met", fitting.filter((outcome) => outcome.reached)],
    ["not_met", fitting.filter((outcome) => !outcome.reached && !call)],
  ]);

  const save = async (/** @type {Omit<Report, "kind">} */ more) => {
    if (!picked || saving.current) return;
    saving.current = true;
    try {
      await found(task, picked, { note: words.current?.value.trim() || undefined, ...more });
      say(t("done_saved"));
      goOn(`/done/${task.id}`);
    } catch {
      setRefused(true);
      setThird(false);
    } finally {
      saving.current = false;
    }
  };
  const quiet = !hasSignal.value && html`<span class="chip"><${Icon} name="no-signal" />${t("no_signal_saved")}</span>`;
  return html`<${Bar} title=${t("outcome_bar")} back="/task/${task.id}" head>${quiet}<//>
    <${Main} title=${t("outcome_bar")}>
      <${Track} visit=${visitOf(task)} ending />
      ${groups.map(([word, outcomes]) => outcomes.length > 0 && html`<fieldset><legend class="label">${t(word)}</legend>
        <div class="tiles">${outcomes.map((outcome) => html`<${Tile} outcome=${outcome} on=${picked?.code === outcome.code} pick=${pick} />`)}</div></fieldset>`)}
      <${Note} words=${words} />
    <//>
    <${Dock} task=${task}>
      ${refused ? html`<${Refused} />` : html`<p class="small counted" role="status">${picked ? t("counted", { how: counted(picked, call) }) : t("pick")}</p>`}
      <button class="btn go" aria-disabled=${!picked} onClick=${() => (picked && asks(picked) ? setThird(true) : save({}))}>${picked ? t("save_as", { name: named(picked.name) }) : t("save")}</button>
    <//>
    ${third && html`<${Third} outcome=${picked} end=${save} close=${() => setThird(false)} />`}`;
}

/** @param {{ outcome: Outcome, on?: boolean, pick: (outcome: Outcome) => void }} props */
export function Tile({ outcome, on = false, pick }) {
  const hint = `hint_${outcome.code}`;
  return html`<button class="tile ${on ? "on" : ""}" aria-pressed=${on ? "true" : "false"} onClick=${() => pick(outcome)}>
    <b>${named(outcome.name)}</b>${has(hint) && html`<small>${t(hint)}</small>`}${on && html`<${Icon} name="check" more="tick" />`}</button>`;
}

/** What the report will say of it. @param {Outcome} outcome @param {boolean} call */
function counted(outcome, call) {
  const met = t(outcome.reached ? (call ? "met_call" : "met") : "not_met");
  if (outcome.ends === "false_alarm") return t("counts_false", { met });
  if (outcome.emergency) return t("counts_emergency", { met });
  if (!outcome.reached) return t("counts_not", { met });
  return t(outcome.danger_off ? "counts_off" : "counts_on", { met });
}

/** By keyboard, or by voice where the browser can; else the keyboard's own microphone is one tap away. @param {{ words: { current: HTMLTextAreaElement | null } }} props */
function Note({ words }) {
  const hear = () => {
    const field = words.current;
    const Hearing = /** @type {any} */ (window).SpeechRecognition ?? /** @type {any} */ (window).webkitSpeechRecognition;
    field?.focus();
    if (!Hearing || !field || !hasSignal.value) return;
    const hearing = new Hearing();
    hearing.lang = language.value;
    hearing.onresult = (/** @type {any} */ event) => (field.value = `${field.value} ${event.results[0][0].transcript}`.trim());
    hearing.start();
  };
  return html`<div><label class="label" for="note">${t("say_a_word")}</label>
    <div class="note"><textarea id="note" rows="1" maxlength="1000" placeholder=${t("say_hint")} ref=${words}></textarea>
      <button class="btn soft" aria-label=${t("dictate")} onClick=${hear}><${Icon} name="mic" /></button></div></div>`;
}
