// @ts-check
// Getting in: name, password and authenticator; or a link, used once, by which these are set too.
import { request } from "../../shared/api.js";
import { html, useEffect, useState } from "../../shared/html.js";
import { signIn } from "../data/session.js";
import { faultsOf, Main, Refusal, SERVICE } from "../frame.js";
import { goOn } from "../router.js";
import { choose, clock, language, of, t } from "../words.js";

/** @import { Answer } from "../../shared/api.js" */
/** @import { Word } from "../words.js" */
/** @typedef {{ name: string, role: string, expires_at: string, authenticator: string, picture: string }} Looked */

/** @param {{ link: string }} props */
export const SignIn = ({ link }) => html`<${Main} title=${t("sign_in")} more="sign-in">
  <div class="sheet"><p class="brand">${SERVICE}<${Other} /></p>${link ? html`<${ByLink} link=${link} />` : html`<${ByPassword} />`}</div>
<//>`;

const Other = () => {
  const other = language.value === "en" ? "zh-CN" : "en";
  return html`<button class="btn s g" lang=${other} onClick=${() => void choose(other)}>${other === "en" ? "English" : "中文"}</button>`;
};

/** @param {HTMLFormElement} form */
const fields = (form) => Object.fromEntries(new FormData(form));

/** What of a form was refused, and sending it. @param {(form: HTMLFormElement) => Promise<Answer>} act */
function useSending(act) {
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const [busy, setBusy] = useState(false);
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    const said = await act(/** @type {HTMLFormElement} */ (event.currentTarget ?? event.target));
    setBusy(false);
    if (said.why === "ok") goOn("/");
    else setAnswer(said);
  };
  return /** @type {const} */ ([answer, send]);
}

/** @param {{ name: string, word: Word, faults: Record<string, string>, [more: string]: any }} props */
const Field = ({ name, word, faults, ...more }) => html`<label class="field">${t(word)}
  <input name=${name} required aria-invalid=${name in faults} ...${more} />${faults[name] && html`<span class="refusal">${faults[name]}</span>`}</label>`;

const DIGITS = { inputmode: "numeric", autocomplete: "one-time-code", pattern: "[0-9]{6}", maxlength: 6 };

function ByPassword() {
  const [answer, send] = useSending((form) => signIn("passwords", fields(form)));
  const faults = faultsOf(answer);
  return html`<form onSubmit=${send}><h1>${t("sign_in")}</h1>
    <${Field} name="name" word="your_name" autocomplete="username" faults=${faults} />
    <${Field} name="password" word="password" type="password" autocomplete="current-password" faults=${faults} />
    <${Field} name="code" word="six_digits" faults=${faults} ...${DIGITS} />
    <${Refusal} answer=${answer} /><button class="btn p">${t("sign_in")}</button>
    <p class="mut">${t("no_password")}</p></form>`;
}

/** @param {{ link: string }} props */
function ByLink({ link }) {
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const [setting, setSetting] = useState(false);
  useEffect(() => void request("POST", "/api/sign-in/links/look", { link }).then(setAnswer), [link]);
  if (answer?.why !== "ok") return html`<h1>${t("by_link")}</h1><${Refusal} answer=${answer} />${answer && html`<p><a href="#/sign-in">${t("sign_in")}</a></p>`}`;
  const who = /** @type {Looked} */ (answer.body);
  return html`<h1>${t("welcome", { name: who.name })}</h1>
    <p class="mut">${of("role_", who.role)} · ${t("link_until", { time: clock(who.expires_at) })}</p>
    ${setting ? html`<${SetUp} who=${who} link=${link} />` : html`<${Once} link=${link} setUp=${() => setSetting(true)} />`}`;
}

/** @param {{ link: string, setUp: () => void }} props */
function Once({ link, setUp }) {
  const [answer, send] = useSending(() => signIn("links", { link }));
  return html`<form onSubmit=${send}><p>${t("link_text")}</p><${Refusal} answer=${answer} />
    <button class="btn p" type="button" onClick=${setUp}>${t("set_password")}</button>
    <button class="btn">${t("in_once")}</button></form>`;
}

/** @param {{ who: Looked, link: string }} props */
function SetUp({ who, link }) {
  const [answer, send] = useSending((form) => signIn("links", { link, set_up: fields(form) }));
  const faults = Object.fromEntries(Object.entries(faultsOf(answer)).map(([name, says]) => [name.replace("set_up.", ""), says]));
  const secret = new URLSearchParams(who.authenticator.split("?")[1]).get("secret") ?? "";
  return html`<form onSubmit=${send}>
    <${Field} name="name" word="your_name" autocomplete="username" value=${who.name} faults=${faults} />
    <${Field} name="password" word="new_password" type="password" autocomplete="new-password" minlength="12" faults=${faults} />
    <p>${t("authenticator_text")}</p>
    <p class="qr"><img src=${who.picture} alt="" width="148" height="148" /><code class="mono">${secret.replace(/(.{4})/g, "$1 ")}</code><a href=${who.authenticator}>${t("open_authenticator")}</a></p>
    <${Field} name="code" word="six_digits" faults=${faults} ...${DIGITS} />
    <${Refusal} answer=${answer} /><button class="btn p">${t("set_and_enter")}</button></form>`;
}
