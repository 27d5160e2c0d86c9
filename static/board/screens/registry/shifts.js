// @ts-check
// Who is on duty in the next seven days; one more shift, and the end of one.
import { ask, serverNow } from "../../../shared/api.js";
import { html, signal, useState } from "../../../shared/html.js";
import { decides } from "../../data/session.js";
import { Refusal, faultsOf, toast, useAnswer, why } from "../../frame.js";
import { chosen } from "../../router.js";
import { clock, of, t, when } from "../../words.js";
import { Text } from "./form.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @import { Thing } from "./screen.js" */

const again = signal(0);
const WEEKS_MS = 28 * 86_400_000;

/** `27.11. 08:00–16:00` @param {any} one */
const span = (one) => `${when(one.starts_at, 0)}–${new Date(one.starts_at).toDateString() === new Date(one.ends_at).toDateString() ? clock(one.ends_at) : when(one.ends_at, 0)}`;
const runs = (/** @type {any} */ one) => (Date.parse(one.starts_at) <= serverNow() ? t("reg_runs") : "");

/** @type {Thing} */
export const shifts = {
  // Whose they are is looked for among responders; without a word, all that are planned here.
  find: (text, after) => {
    const area = chosen.value.get("area");
    return text ? ask("POST", "/api/responders/search", { text, after: after || null }) : ask("GET", `/api/shifts${area ? `?area=${encodeURIComponent(area)}` : ""}`);
  },
  line: (row) => (row.responder ? { title: row.responder.name, more: [row.area.name, span(row)], tag: runs(row), tone: "acc", open: row.responder.id } : { title: row.name, more: [of("case_role_", row.role), row.area.name] }),
  makes: () => false,
  Form: ({ id }) => html`<${Whose} id=${id} />`,
};

/** @param {{ id: string }} props */
function Whose({ id }) {
  const answer = useAnswer(() => ask("GET", `/api/responders/${id}`), [id]);
  if (answer?.why !== "ok") return html`<${Refusal} answer=${answer} />`;
  return html`<div class="rg-fields"><h2>${answer.body.name}</h2><${Hours} id=${id} /></div>`;
}

/** The shifts of one responder. @param {{ id: string }} props */
export function Hours({ id }) {
  const till = new Date(serverNow() + WEEKS_MS).toISOString();
  const listed = useAnswer(() => ask("GET", `/api/shifts?responder=${id}&to=${encodeURIComponent(till)}`), [id, again.value]);
  const end = async (/** @type {any} */ one) => {
    const said = await ask("POST", `/api/shifts/${one.id}/end`);
    toast(said.why === "ok" ? t(said.body.removed ? "reg_shift_back" : "reg_shift_ended") : why(said));
    again.value++;
  };
  return html`<section class="rg-part"><h3>${t("reg_shifts")}</h3><ul class="rg-small">${(listed?.body?.shifts ?? []).map((/** @type {any} */ one) => html`<li><span class="num">${span(one)}</span> ${runs(one) && html`<span class="tag acc">${runs(one)}</span>`}<span class="grow"></span>
      ${decides.value && html`<button type="button" class="btn s" onClick=${() => end(one)}>${t(runs(one) ? "reg_end" : "reg_take_back")}<span class="vh"> ${span(one)}</span></button>`}</li>`)}</ul>
    ${listed?.why === "ok" && !listed.body.shifts.length && html`<p class="mut">${t("reg_no_shifts")}</p>`}
    ${decides.value && html`<${More} id=${id} />`}</section>`;
}

/** @param {{ id: string }} props */
function More({ id }) {
  const [draft, setDraft] = useState(/** @type {Record<string, string>} */ ({ starts_at: "", ends_at: "" }));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const fields = { draft, set: (/** @type {string} */ name, /** @type {any} */ value) => setDraft({ ...draft, [name]: value }), faults: faultsOf(answer), path: "", may: true };
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const said = await ask("POST", "/api/shifts", { responder_id: id, starts_at: new Date(draft.starts_at).toISOString(), ends_at: new Date(draft.ends_at).toISOString() });
    setAnswer(said);
    if (said.why !== "ok") return;
    setDraft({ starts_at: "", ends_at: "" });
    again.value++;
  };
  return html`<form class="rg-row" onSubmit=${send} aria-label=${t("reg_plan")}><${Text} of=${fields} name="starts_at" type="datetime-local" required /><${Text} of=${fields} name="ends_at" type="datetime-local" required />
    <button class="btn s">${t("reg_plan")}</button><${Refusal} answer=${answer} /></form>`;
}
