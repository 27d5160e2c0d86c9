// @ts-check
// Where somebody is signed in; each session may be ended, and all at once.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { Refusal, toast, useAnswer, why } from "../../frame.js";
import { of, t, when } from "../../words.js";

/** @param {{ of: string, all: () => Promise<import("../../../shared/api.js").Answer>, more?: number }} props `of`: whose, by id */
export function Sessions({ of: id, all, more = 0 }) {
  const [again, setAgain] = useState(0);
  const answer = useAnswer(() => ask("GET", `/api/sessions?of=${id}`), [id, again, more]);
  const rows = answer?.body?.sessions ?? [];
  const after = (/** @type {import("../../../shared/api.js").Answer} */ said) => {
    toast(said.why === "ok" ? t("people_ended") : why(said));
    setAgain((/** @type {number} */ n) => n + 1);
  };
  const end = async (/** @type {any} */ row) => after(await ask("DELETE", `/api/sessions/${row.id}`));
  return html`<section class="rg-part"><h3>${t("people_sessions")}</h3><${Refusal} answer=${answer} />
    <ul class="rg-small">${rows.map((/** @type {any} */ row) => html`<li><span>${of("people_way_", row.way)} · ${of("role_", row.kind)} <span class="mut">${t("people_since", { at: when(row.made_at, 0) })}</span></span>${row.this && html`<span class="tag good">${t("people_this")}</span>`}
      <span class="grow"></span>${!row.this && html`<button class="btn s" onClick=${() => void end(row)}>${t("people_end")}<span class="vh"> ${when(row.made_at, 0)}</span></button>`}</li>`)}</ul>
    ${answer?.why === "ok" && !rows.length && html`<p class="mut">${t("people_nowhere")}</p>`}
    ${rows.length > 0 && html`<button class="btn s" onClick=${async () => after(await all())}>${t("people_end_all")}</button>`}</section>`;
}
