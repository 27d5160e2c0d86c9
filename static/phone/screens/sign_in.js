// @ts-check
import { html, useEffect, useRef, useState } from "../../shared/html.js";
import { asked, askForCode, signIn } from "../data/getting_in.js";
import { Bar, Main, Sheet, useNow } from "../frame.js";
import { go, goOn } from "../router.js";
import { choose, language, t } from "../words.js";

/** @import { Answer } from "../../shared/api.js" */
/** @import { Who } from "../data/getting_in.js" */

const DIGITS = 6;
const AGAIN = 60;
const [zh, en] = /** @type {const} */ (["zh-CN", "en"]);

/** By number or by invitation, then by the code that comes. @param {{ invite?: string, coding?: boolean }} props */
export const SignIn = ({ invite, coding }) => (coding && asked.value ? html`<${Code} who=${asked.value} />` : html`<${AskFor} invite=${invite} />`);

const Other = () => {
  const other = language.value === zh ? en : zh;
  return html`<button class="chip tap" lang=${other} onClick=${() => choose(other)}>${other === en ? "English" : "中文"}</button>`;
};

/** An in-app browser keeps its own cookies and rings nobody. */
const InApp = () => /MicroMessenger/i.test(navigator.userAgent) && html`<p class="small">${t("in_wechat")}</p>`;

/** What went wrong, in words. @param {Answer} answer */
function wrong({ why, code, body, wait }) {
  if (why === "no_signal") return t("needs_signal");
  if (why === "busy") return wait ? t("sign_in_wait", { n: Math.ceil(wait / 60_000) }) : t("sign_in_busy");
  if (code === "WrongCode") return body.tries_left ? t("code_wrong", { n: body.tries_left }) : t("code_used_up");
  return t(code === "BadInput" ? "number_wrong" : "sign_in_busy");
}

/** @param {{ text: string }} props */
const Wrong = ({ text }) => html`<p class="wrong" id="wrong" role="alert">${text}</p>`;

/** @param {{ invite?: string }} props */
function AskFor({ invite }) {
  const [said, setSaid] = useState("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const sending = useRef(false);
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    // Only so many codes are sent in an hour: a second tap is not another.
    if (sending.current) return;
    sending.current = true;
    const answer = await askForCode(invite ? { invite } : { phone: field.current?.value.trim() ?? "" });
    sending.current = false;
    if (answer.why === "ok") go("/sign-in/code");
    else setSaid(wrong(answer));
  };
  return html`<${Bar} title=${t("sign_in_bar")}><${Other} /><//>
    <${Main} title=${t("sign_in_bar")}><form class="form" onSubmit=${send}>
      <h1>${t(invite ? "invited_title" : "number_title")}</h1>
      ${invite ? html`<p class="dim">${t("invited_text")}</p>` : html`<div class="note"><input type="tel" autocomplete="tel" required maxlength="40" aria-label=${t("number_title")} aria-describedby="wrong" ref=${field} /></div>`}
      <${Wrong} text=${said} />
      <${InApp} />
      <button class="btn go last">${t("send_code")}</button>
    </form><//>`;
}

/** @param {{ who: Who & { at: number } }} props */
function Code({ who }) {
  const [code, setCode] = useState("");
  const [said, setSaid] = useState("");
  const [none, setNone] = useState(false);
  const sending = useRef(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);

  const send = async (/** @type {string} */ digits) => {
    if (digits.length < DIGITS || sending.current) return;
    sending.current = true;
    const answer = await signIn(digits);
    sending.current = false;
    if (answer.why === "ok") return goOn("/");
    setSaid(wrong(answer));
    if (answer.why === "refused") setCode("");
    field.current?.focus();
  };
  const type = (/** @type {any} */ event) => {
    const digits = event.target.value.replace(/\D/g, "").slice(0, DIGITS);
    event.target.value = digits;
    setCode(digits);
    void send(digits);
  };
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void send(code);
  };
  const number = "phone" in who ? t("if_known", { number: `${who.phone.slice(0, 3)} **** ${who.phone.slice(-4)}` }) : t("if_invited");
  return html`<${Bar} title=${t("sign_in_bar")} back="/sign-in"><${Other} /><//>
    <${Main} title=${t("sign_in_bar")}><form class="form" onSubmit=${submit}>
      <div><h1>${t("code_title")}</h1><p class="dim num">${number}</p></div>
      <label class="digits"><input inputmode="numeric" autocomplete="one-time-code" aria-label=${t("code_title")} aria-describedby="wrong" value=${code}
        ref=${field} onInput=${type} />${[...Array(DIGITS).keys()].map((i) => html`<span aria-hidden="true" class=${i === Math.min(code.length, DIGITS - 1) ? "now" : ""}>${code[i]}</span>`)}</label>
      <${Wrong} text=${said} />
      <div class="row between"><${Again} who=${who} say=${setSaid} /><button type="button" class="link" onClick=${() => setNone(true)}>${t("none_came")}</button></div>
      <p class="safe">${t("code_yours")}</p>
      <${InApp} />
      <button class="btn go last" aria-disabled=${code.length < DIGITS}>${t("sign_in_bar")}</button>
    </form><//>
    ${none && html`<${Sheet} title=${t("none_came")} close=${() => setNone(false)}><p>${t("late_code")}</p>
      <a class="btn line" href="#/sign-in">${t("other_number")}</a><//>`}`;
}

/** @param {{ who: Who & { at: number }, say: (text: string) => void }} props */
function Again({ who: { at, ...who }, say }) {
  useNow(1000);
  const left = Math.ceil(AGAIN - (Date.now() - at) / 1000);
  // A clock that was set back makes nobody wait for hours.
  if (left > 0 && left <= AGAIN) return html`<span class="num">${t("send_again_in", { n: left })}</span>`;
  const again = () => askForCode(/** @type {Who} */ (who)).then((answer) => say(answer.why === "ok" ? "" : wrong(answer)));
  return html`<button type="button" class="link" onClick=${again}>${t("send_again")}</button>`;
}
