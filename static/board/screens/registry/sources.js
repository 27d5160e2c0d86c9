// @ts-check
// The systems that warn, and their keys: a key is shown once.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { me } from "../../data/session.js";
import { Dialog, Refusal, toast, useAnswer, why } from "../../frame.js";
import { t, when } from "../../words.js";
import { Copy, Form, Pick, PickArea, Text, useRecord } from "./form.js";
import { administers, one } from "./places.js";

/** @import { Thing } from "./screen.js" */

const path = "/api/sources";
/** The key of the source that was just made, until another is opened. */
const shown = { id: "", key: "" };

/** @type {Thing} */
export const sources = {
  find: () => ask("GET", path),
  line: (row) => ({ title: row.name, more: [row.unit.name, row.area?.name ?? t("reg_whole_city"), row.code], tag: row.keys.length ? "" : t("reg_no_keys") }),
  makes: administers,
  Form: ({ id, saved }) => (id === "new" ? html`<${New} saved=${saved} />` : html`<${Source} id=${id} saved=${saved} />`),
};

/** @param {{ saved: (record: any, fresh: boolean) => void }} props */
function New({ saved }) {
  const units = useAnswer(() => ask("GET", "/api/units"), []);
  const form = useRecord("new", {
    path,
    may: true,
    blank: { unit: "", code: "", name: "", area: "" },
    read: () => ask("GET", path),
    draftOf: (record) => record,
    bodyOf: (draft) => ({ ...draft, area: draft.area || null }),
    saved: (record, fresh) => {
      Object.assign(shown, { id: record.id, key: record.key });
      saved(record, fresh);
    },
  });
  return html`<${Form} of=${form} title=${t("reg_new_sources")}>
    <${Pick} of=${form} name="unit" from=${(units?.body?.units ?? []).map((/** @type {any} */ each) => [each.code, each.name])} />
    <div class="pair"><${Text} of=${form} name="name" word="names" maxlength="120" /><${Text} of=${form} name="code" maxlength="64" /></div><${PickArea} of=${form} none=${me.value?.area === null} /><//>`;
}

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void }} props */
function Source({ id, saved }) {
  const [again, setAgain] = useState(0);
  const [ending, setEnding] = useState(/** @type {any} */ (null));
  const answer = useAnswer(() => one(path, "sources", id), [id, again]);
  if (answer?.why !== "ok" || answer.body.id !== id) return html`<${Refusal} answer=${answer} />`;
  const { name, code, unit, area, keys } = answer.body;
  const changed = (/** @type {any} */ said) => {
    if (said.why !== "ok") return toast(why(said));
    if (said.body.key) Object.assign(shown, { id, key: said.body.key });
    setAgain(again + 1);
    saved(said.body, false);
  };
  const make = async () => changed(await ask("POST", `${path}/${id}/keys`));
  const revoke = async () => {
    setEnding(null);
    changed(await ask("POST", `${path}/${id}/revoke`, { key: ending.id }));
  };
  return html`<div class="rg-fields"><h2>${name}</h2><p class="mut">${unit.name} · ${area?.name ?? t("reg_whole_city")} · ${code}</p>
    ${shown.id === id && html`<div class="rg-once"><p><b>${t("reg_key_once")}</b></p><${Copy} label=${t("reg_key")} text=${shown.key} /></div>`}
    <section class="rg-part"><h3>${t("reg_keys")}</h3><ul class="rg-small">${keys.map((/** @type {any} */ key) => html`<li>${t("reg_key_made", { at: when(key.made_at, 0) })}<span class="grow"></span>
      ${administers() && html`<button class="btn s danger" onClick=${() => setEnding(key)}>${t("reg_revoke")}<span class="vh"> ${when(key.made_at, 0)}</span></button>`}</li>`)}</ul>
    ${!keys.length && html`<p class="mut">${t("reg_no_keys")}</p>`}${administers() && html`<button class="btn s" onClick=${make}>${t("reg_key_new")}</button>`}</section>
    ${ending && html`<${Dialog} title=${t("reg_revoke")} close=${() => setEnding(null)}><p>${t("reg_revoke_sure", { name })}</p><button class="btn danger" onClick=${revoke}>${t("reg_revoke")}</button><//>`}</div>`;
}
