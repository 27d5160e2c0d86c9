// @ts-check
// For the operator of the hotline: is this visitor ours, and which case is this word of.
import { ask } from "../../shared/api.js";
import { html, useState } from "../../shared/html.js";
import { Main, Refusal } from "../frame.js";
import { t } from "../words.js";

/** @import { Answer } from "../../shared/api.js" */

export const Screen = () => html`<${Main} title=${t("hotline")} more="sign-in"><div class="sheet"><h1>${t("hotline")}</h1>
  <${Check} path="/api/visit-codes/check" field="code" word="visit_code" said=${visitor} />
  <${Check} path="/api/case-words/check" field="word" word="case_word" said=${known} /></div><//>`;

const visitor = (/** @type {any} */ body) => (body.valid ? t("visitor_ours", { who: body.organisation ?? "" }) : t("visitor_unknown"));
const known = (/** @type {any} */ body) => (body.outreach_ids.length ? t("case_word_known") : t("case_word_unknown"));

/** @param {{ path: string, field: string, word: "visit_code" | "case_word", said: (body: any) => string }} props */
function Check({ path, field, word, said }) {
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    setAnswer(await ask("POST", path, { [field]: String(form.get(field)).trim() }));
  };
  return html`<form onSubmit=${send}><label class="field">${t(word)}<input name=${field} required autocomplete="off" maxlength="60" /></label>
    <button class="btn p">${t("check")}</button><${Refusal} answer=${answer} />
    <p role="status">${answer?.why === "ok" && html`<b>${said(answer.body)}</b>`}</p></form>`;
}
