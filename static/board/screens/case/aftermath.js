// @ts-check
// What was learnt after a case ended: whether they were defrauded all the same, how much was lost, and who told.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { offline } from "../../data/offline.js";
import { decides } from "../../data/session.js";
import { Dialog, Refusal, toast } from "../../frame.js";
import { money, of, t, when } from "../../words.js";
import { read, view } from "./data.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {{ defrauded: boolean | null, lost: number | null, told_by: string | null }} Learnt */

const TELLERS = ["police", "bank", "resident", "other"];

export function Aftermath() {
  const [open, setOpen] = useState(false);
  const { ended_at, targets } = view.value;
  const known = targets.some((/** @type {any} */ one) => one.aftermath.defrauded !== null);
  if (!ended_at || !(known || decides.value)) return null;
  const off = offline.value;
  return html`<section class="card"><h2>${t("case_after")}<span class="grow"></span>
      ${decides.value && html`<button class="btn s" disabled=${off} title=${off ? t("why_offline") : undefined} onClick=${() => setOpen(true)}>${t(known ? "case_after_change" : "case_after_enter")}</button>`}</h2>
    ${targets.map((/** @type {any} */ one) => html`<p class="none"><span class="mut">${which(one)}</span> ${learnt(one.aftermath)}</p>`)}</section>
    ${open && html`<${Asked} close=${() => setOpen(false)} />`}`;
}

/** Which warning it is, where there are several: who sent it and when. @param {any} target */
export const which = ({ warning }) => view.value.targets.length > 1 && `${warning.source_name} ${when(warning.received_at, 0)}`;

/** What is known, in words. @param {Learnt} known */
export const learnt = ({ defrauded, lost, told_by }) =>
  [of("case_after_is_", `${defrauded}`), lost && t("case_after_sum", { sum: money(lost, view.value.currency) }), told_by && t("case_after_told", { who: of("case_after_by_", told_by) })].filter(Boolean).join(" · ");

/** A part of the form for each warning; only what was touched in it is sent. @param {{ close: () => void }} props */
function Asked({ close }) {
  const { id, targets, currency } = view.value;
  const [touched, setTouched] = useState(/** @type {Record<string, Learnt>} */ ({}));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    for (const [target_id, { defrauded, lost, told_by }] of Object.entries(touched)) {
      const said = await ask("POST", `/api/outreaches/${id}/aftermath`, { target_id, defrauded, lost: lost ?? 0, told_by: told_by ?? TELLERS[0] });
      if (said.why !== "ok") return setAnswer(said);
      delete touched[target_id];
      toast(t("case_after_kept"));
    }
    close();
    void read();
  };
  const part = (/** @type {any} */ one) => {
    const known = touched[one.target_id] ?? one.aftermath;
    const say = (/** @type {(typed: string) => object} */ more) => (/** @type {any} */ { target }) => setTouched({ ...touched, [one.target_id]: { ...known, ...more(target.value) } });
    return html`<fieldset class="stack">${targets.length > 1 && html`<legend>${which(one)}</legend>`}
      <label class="field">${t("case_after_asked")}<select value=${`${known.defrauded}`} onChange=${say((typed) => ({ defrauded: JSON.parse(typed) }))}>${[null, true, false].map((is) => html`<option value=${`${is}`}>${of("case_after_is_", `${is}`)}</option>`)}</select></label>
      ${known.defrauded && html`
        <label class="field">${t("case_after_lost", { currency: currency ? `(${currency})` : "" })}<input type="number" min="0" max=${10 ** 12} value=${known.lost || ""} onInput=${say((typed) => ({ lost: +typed }))} /></label>
        <label class="field">${t("case_after_who")}<select value=${known.told_by ?? TELLERS[0]} onChange=${say((typed) => ({ told_by: typed }))}>${TELLERS.map((by) => html`<option value=${by}>${of("case_after_by_", by)}</option>`)}</select></label>`}</fieldset>`;
  };
  return html`<${Dialog} title=${t("case_after")} close=${close} leave=${t("case_leave")}><form class="stack" onSubmit=${send}>${targets.map(part)}
    <${Refusal} answer=${answer} /><button class="btn p">${t("case_after_keep")}</button></form><//>`;
}
