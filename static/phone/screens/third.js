// @ts-check
// What is asked beyond the outcome: the right address or number, and when to come again.
import { serverNow } from "../../shared/api.js";
import { html, useState } from "../../shared/html.js";
import { Refused, Sheet } from "../frame.js";
import { named, t } from "../words.js";

/** @import { Correction, Outcome, Report } from "../types.js" */

/** What this outcome asks for, if anything. @param {Outcome} outcome @returns {"address" | "phone" | "again" | ""} */
export function asks({ wrong_place, wrong_number, follow_up, emergency }) {
  if (wrong_place) return "address";
  if (wrong_number) return "phone";
  return follow_up && !emergency ? "again" : "";
}

/** The third tap. @param {{ outcome: Outcome, end: (more: Omit<Report, "kind">) => unknown, close: () => void }} props */
export function Third({ outcome, end, close }) {
  const what = asks(outcome);
  const at = (/** @type {number} */ time) => () => end({ again_at: new Date(time).toISOString() });
  const button = (/** @type {import("../words.js").Word} */ word, /** @type {() => unknown} */ tap) => html`<button class="btn line" onClick=${tap}>${t(word)}</button>`;
  if (what !== "again") {
    return html`<${Sheet} title=${named(outcome.name)} close=${close}><${Correcting} of=${[what]} save=${(/** @type {Correction} */ correction) => end({ correction })} />
      ${button("not_known", () => end({}))}<//>`;
  }
  const now = serverNow();
  return html`<${Sheet} title=${t("when_again")} close=${close}>${button("again_usual", () => end({}))}${button("again_hours", at(now + 7_200_000))}
    ${button("again_morning", at(new Date(now + 86_400_000).setHours(9, 0, 0, 0)))}<//>`;
}

/** A form for the address, the number, or both. @param {{ of: string[], save: (correction: Correction) => unknown }} props */
export function Correcting({ of, save }) {
  const [refused, setRefused] = useState(false);
  const send = async (/** @type {any} */ event) => {
    event.preventDefault();
    const said = [...new FormData(event.target)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value);
    if (!said.length) return event.target[0].focus();
    setRefused(await Promise.resolve(save(Object.fromEntries(said))).then(() => false, () => true));
  };
  return html`<form class="form" onSubmit=${send}>${refused && html`<${Refused} />`}
    ${of.map((name) => html`<label class="label">${t(/** @type {any} */ (`new_${name}`))}<span class="note"><input name=${name} maxlength="200" autocomplete="off"
      ...${name === "phone" ? { type: "tel", pattern: "[+\\d\\s\\-\\(\\)]{5,}" } : {}} /></span></label>`)}
    <button class="btn go">${t("save_new")}</button></form>`;
}
