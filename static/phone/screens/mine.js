// @ts-check
import { html } from "../../shared/html.js";
import { me } from "../data/state.js";
import { Bar, Main, Tabs } from "../frame.js";
import { choose, dress, language, t, theme } from "../words.js";
import { Pushes } from "./hints.js";
import { Leaving } from "./leaving.js";

/** Language, and light or dark. */
export const Mine = () => html`<${Bar} title=${t("mine_bar")} />
  <${Main} title=${t("mine_bar")}>
    ${me.value && html`<h1>${me.value.name}</h1>`}
    <a class="btn soft" href="#/hours">${t("my_hours")}</a>
    <${Choice} label=${t("language")} now=${language.value} choose=${choose} of=${[["zh-CN", "中文"], ["en", "English"]]} />
    <${Choice} label=${t("theme")} now=${theme.value} choose=${dress}
      of=${[["", t("theme_auto")], ["light", t("theme_light")], ["dark", t("theme_dark")]]} />
    <${Pushes} />
    <${Leaving} />
  <//>
  <${Tabs} here="mine" />`;

/** One of a few. @param {{ label: string, now: string, choose: (value: any) => void, of: [string, string][] }} props */
export const Choice = ({ label, now, choose, of }) => html`<fieldset class="card"><legend class="label">${label}</legend>
  <div class="tiles">${of.map(([value, word]) => html`<button class="tile short ${value === now ? "on" : ""}" aria-pressed=${value === now ? "true" : "false"}
    lang=${/^(zh|en)/.test(value) ? value : undefined} onClick=${() => choose(value)}><b>${word}</b></button>`)}</div></fieldset>`;
