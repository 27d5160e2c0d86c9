// @ts-check
// A warning typed in at the board, as somebody rings it in: few fields, and the case opens at once.
import { ask, serverNow } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { Main, Refusal, faultsOf, toast, toasted, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { named, of, t } from "../../words.js";

/** @import { Answer } from "../../../shared/api.js" */

const LANGUAGES = ["zh-CN", "wuu", "yue", "en"];

export function Screen() {
  const desk = useAnswer(() => ask("GET", "/api/desk"), []);
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  // One id for one typing: sent twice, it is one warning.
  const [id] = useState(() => crypto.randomUUID());
  useKeys({ Escape: () => go("/") });
  // Somebody is on the phone: nothing may lie over the form. What can be taken back can be so in its case.
  useEffect(() => void (toasted.value = null), []);
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const said = await ask("POST", "/api/warnings", warning(id, new FormData(/** @type {HTMLFormElement} */ (event.target))));
    setAnswer(said);
    if (said.why === "ok") await show(said.body.outreach_id);
  };
  const faults = faultsOf(answer);
  const categories = desk?.body?.categories ?? [];
  return html`<${Main} title=${t("case_new_title")}><form class="sheet new" onSubmit=${send}><h1>${t("case_new_title")}</h1>
    <label class="field">${t("case_new_what")}<select name="category" required>${categories.map((/** @type {any} */ one) => html`<option value=${one.code}>${named(one.name)}</option>`)}</select></label>
    <label class="field">${t("case_new_severity")}<select name="severity">${["high", "medium", "low"].map((one) => html`<option value=${one}>${of("severity_", one)}</option>`)}</select></label>
    <${Text} name="summary" word="case_new_summary" most=${2000} faults=${faults} long required />
    <h2>${t("case_new_who")}</h2>
    <div class="pair"><${Text} name="phone" word="case_new_phone" most=${40} faults=${faults} inputmode="tel" /><${Text} name="name" word="case_new_name" most=${200} faults=${faults} /></div>
    <${Text} name="address" word="case_new_address" most=${500} faults=${faults} />
    <label class="field">${t("case_new_language")}<select name="language">${LANGUAGES.map((one) => html`<option value=${one}>${of("case_lang_", one)}</option>`)}</select></label>
    <${Refusal} answer=${answer} /><button class="btn p" disabled=${!categories.length}>${t("case_new_send")}</button></form><//>`;
}

/** Go to the new case. Until a place is known it is the whole city's, and whoever has only an area does not see it. @param {string} id */
async function show(id) {
  const seen = (await ask("GET", `/api/outreaches/${id}?masked=true`)).why !== "refused";
  toast(t(seen ? "case_new_done" : "case_new_citys"));
  go(seen ? `/case/${id}` : "/");
}

/** @param {any} props */
function Text({ name, word, most, faults, long, ...more }) {
  const fault = faults[name] ?? faults[`resident.${name}`];
  const given = { name, maxlength: most, autocomplete: "off", "aria-invalid": fault ? "true" : undefined, ...more };
  return html`<label class="field">${t(word)}${long ? html`<textarea rows="3" ...${given}></textarea>` : html`<input ...${given} />`}${fault && html`<span class="refusal">${fault}</span>`}</label>`;
}

/** @param {string} id @param {FormData} form */
function warning(id, form) {
  const said = (/** @type {string} */ name) => String(form.get(name) ?? "").trim() || undefined;
  const resident = { phone: said("phone"), name: said("name"), address: said("address"), language: said("language") };
  const what = { category: said("category"), severity: said("severity"), summary: said("summary") ?? "" };
  return { external_id: `board-${id}`, ...what, detected_at: new Date(serverNow()).toISOString(), resident };
}
