// @ts-check
import { html } from "../../shared/html.js";
import { Bar, Main } from "../frame.js";
import { t } from "../words.js";

/** Nobody is signed in on this phone. */
export const SignIn = () => html`<${Bar} title=${t("sign_in_bar")} />
  <${Main} title=${t("sign_in_bar")}><section class="ask"><h1>${t("sign_in_title")}</h1><p>${t("sign_in_text")}</p></section><//>`;
