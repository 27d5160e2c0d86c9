// @ts-check
// One's own access: where one is signed in, and another password with another authenticator.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { me } from "../../data/session.js";
import { Refusal, faultsOf } from "../../frame.js";
import { go } from "../../router.js";
import { of, t } from "../../words.js";
import { Sessions } from "./sessions.js";

/** @import { Answer } from "../../../shared/api.js" */

export function Mine() {
  const id = me.value?.id ?? "";
  const where = areas.value.find((area) => area.path === me.value?.area)?.name ?? me.value?.area ?? t("reg_whole_city");
  const everywhere = async () => {
    const said = await ask("DELETE", "/api/sessions");
    if (said.why === "ok") me.value = null;
    return said;
  };
  return html`<div class="rg-form"><div class="rg-fields"><h2>${me.value?.name}</h2><p class="mut">${of("role_", me.value?.role ?? "")} · ${where}</p></div>
    <${Password} /><${Sessions} of=${id} all=${everywhere} /></div>`;
}

/** Whoever has a password shows it first: a desk left open is not to be taken over. */
function Password() {
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const said = await ask("POST", "/api/session/link", Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target))));
    setAnswer(said);
    if (said.why === "ok") go(`/join/${said.body.link}`);
  };
  const faults = faultsOf(answer);
  return html`<section class="rg-part"><h3>${t("people_password")}</h3><p class="mut">${t("people_password_how")}</p><form class="rg-fields" onSubmit=${send}>
    <div class="pair"><label class="field">${t("people_present")}<input type="password" name="password" maxlength="200" autocomplete="current-password" aria-invalid=${"password" in faults} /></label>
    <label class="field">${t("six_digits")}<input name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxlength="6" aria-invalid=${"code" in faults} /></label></div>
    <${Refusal} answer=${answer} /><p><button class="btn">${t("people_another")}</button></p></form></section>`;
}
