// @ts-check
import { html, useState } from "../../shared/html.js";
import { signOut } from "../data/getting_in.js";
import { unsent } from "../data/state.js";
import { Sheet } from "../frame.js";
import { goOn } from "../router.js";
import { t } from "../words.js";

/** Signing out, on this phone or everywhere. */
export function Leaving() {
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const leave = async (/** @type {"session" | "sessions"} */ which) => {
    const { why } = await signOut(which);
    if (why === "ok" || why === "signed_out") goOn("/");
    else setFailed(true);
  };
  return html`<button class="btn text" onClick=${() => setOpen(true)}>${t("sign_out")}</button>
    ${open && html`<${Sheet} title=${t("sign_out")} close=${() => setOpen(false)}>
      ${unsent.value > 0 && html`<p>${t("sign_out_unsent", { n: unsent.value })}</p>`}
      ${failed && html`<p class="wrong" role="alert">${t("needs_signal")}</p>`}
      <button class="btn line" onClick=${() => leave("session")}>${t("sign_out_here")}</button>
      <button class="btn line" onClick=${() => leave("sessions")}>${t("sign_out_everywhere")}</button><//>`}`;
}
