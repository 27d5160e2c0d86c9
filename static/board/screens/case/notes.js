// @ts-check
// What calls of this case found, and the server does not have yet.
import { html } from "../../../shared/html.js";
import { again, drop, refusalOf, unsent } from "../../data/notes.js";
import { Icon } from "../../frame.js";
import { clock, named, t } from "../../words.js";

/** @param {{ of: string }} props */
export function Notes({ of }) {
  const here = unsent.value.filter((one) => one.of === of);
  return html`${here.map((one) => html`<div class="banner ${one.refused ? "bad" : ""}" role="status" key=${one.id}><${Icon} name=${one.refused ? "warn" : "phone"} />
    <p><b>${named(one.name)}</b> ${clock(one.at)} · ${one.refused ? t("note_refused", { why: refusalOf(one.refused) }) : t("note_kept")}${one.note && ` “${one.note}”`}</p><span class="grow"></span>
    ${one.refused && html`<button class="btn s p" onClick=${() => again(one)}>${t("note_again")}</button><button class="btn s" onClick=${() => drop(one)}>${t("note_drop")}</button>`}</div>`)}`;
}
