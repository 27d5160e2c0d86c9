// @ts-check
// Who coordinates, as an admin sees and changes it; to everybody their own access.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { me } from "../../data/session.js";
import { Dialog, Main, Refusal, toast, useAnswer, why } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { of, t, when } from "../../words.js";
import { Copy, Form, Pick, PickArea, Text, useRecord, worded } from "../registry/form.js";
import { one } from "../registry/places.js";
import { Mine } from "./mine.js";
import { Sessions } from "./sessions.js";
import { Tabs } from "./tabs.js";

export { Screen as Hotline } from "../hotline.js";
export { Screen as Audit } from "./audit.js";

const path = "/api/coordinators";
const ROLES = ["coordinator", "chief", "hotline", "admin"];

/** @param {{ parts: string[] }} props */
export function Screen({ parts: [id] }) {
  const mine = id === "me" || me.value?.role !== "admin";
  useKeys({ Escape: () => go(id && !mine ? "/people" : "/") });
  return html`<${Main} title=${t("nav_people")} more=${`registry people ${id && !mine ? "rg-one" : ""}`}>
    <header class="rg-top"><h1>${t("nav_people")}</h1><span class="grow"></span>${!mine && html`<a class="btn p" href="#/people/new">${t("people_new")}</a>`}</header>
    <${Tabs} at=${mine ? "me" : "all"} />${mine ? html`<${Mine} />` : html`<${All} id=${id} />`}<//>`;
}

/** @param {{ id: string | undefined }} props */
function All({ id }) {
  const [again, setAgain] = useState(0);
  const answer = useAnswer(() => ask("GET", path), [again]);
  const saved = (/** @type {any} */ record, /** @type {boolean} */ fresh) => {
    setAgain((/** @type {number} */ n) => n + 1);
    if (fresh) go(`/people/${record.id}`);
  };
  const gone = () => {
    setAgain((/** @type {number} */ n) => n + 1);
    go("/people");
  };
  return html`<div class="rg-body"><section class="rg-list" aria-label=${t("people_coordinators")} tabindex="0"><${Refusal} answer=${answer} />
    <ul>${(answer?.body?.coordinators ?? []).map((/** @type {any} */ row) => html`<li key=${row.id}><a href=${`#/people/${row.id}`} aria-current=${row.id === id ? "true" : undefined}><b>${row.name}</b> ${!row.password && !row.sessions && html`<span class="tag soon">${t("people_not_in")}</span>`}
      <small>${of("role_", row.role)} · ${row.area?.name ?? t("reg_whole_city")}</small></a></li>`)}</ul></section>
    ${id ? html`<section class="rg-form" key=${id}><a class="btn s g phone-only" href="#/people">‹ ${t("people_coordinators")}</a><${One} id=${id} saved=${saved} gone=${gone} /></section>` : html`<p class="rg-form rg-none mut desk">${t("reg_choose")}</p>`}</div>`;
}

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void, gone: () => void }} props */
function One({ id, saved, gone }) {
  const form = useRecord(id, {
    path,
    may: true,
    blank: { name: "", phone: "", role: "coordinator", area: "" },
    read: () => one(path, "coordinators", id),
    draftOf: (record) => ({ name: record.name, phone: record.phone ?? "", role: record.role, area: record.area?.code ?? "" }),
    bodyOf: (draft) => ({ ...draft, phone: draft.phone || null, area: draft.area || null }),
    saved,
  });
  return html`<${Form} of=${form} title=${form.record?.name ?? t("people_new")}>
    <div class="pair"><${Text} of=${form} name="name" maxlength="200" required /><${Text} of=${form} name="phone" inputmode="tel" /></div>
    <div class="pair"><${Pick} of=${form} name="role" from=${worded("role_", ROLES)} /><${PickArea} of=${form} none /></div>
    <p class="mut">${of("people_may_", form.draft.role ?? "")}</p><//>
    ${form.record && html`<${WayIn} record=${form.record} /><${Sessions} of=${id} all=${() => ask("DELETE", `${path}/${id}/sessions`)} more=${form.record.version} /><${LetGo} record=${form.record} gone=${gone} />`}`;
}

/** The link by which they get in once: shown once, to be handed over or scanned. @param {{ record: any }} props */
function WayIn({ record }) {
  const [made, setMade] = useState(/** @type {any} */ (null));
  const make = async () => {
    const said = await ask("POST", `${path}/${record.id}/link`);
    if (said.why === "ok") setMade(said.body);
    else toast(why(said));
  };
  const now = record.password ? t("people_has_password") : made || record.link_until ? t("people_link_until", { at: when(made?.expires_at ?? record.link_until, 0) }) : t("people_no_way");
  return html`<section class="rg-part"><h3>${t("people_way")}</h3><p class="mut">${now}</p>
    ${made && html`<div class="rg-once"><p><b>${t("people_link_once")}</b> ${t("link_until", { time: when(made.expires_at, 0) })}</p><div class="pp-in"><img src=${made.picture} alt="" width="148" height="148" /><${Copy} label=${t("people_link")} text=${made.url} /></div></div>`}
    <button class="btn s" onClick=${make}>${t("people_link_make")}</button></section>`;
}

/** @param {{ record: any, gone: () => void }} props */
function LetGo({ record, gone }) {
  const [sure, setSure] = useState(false);
  const go_on = async () => {
    setSure(false);
    const said = await ask("DELETE", `${path}/${record.id}`);
    toast(said.why === "ok" ? t("people_gone", { who: record.name }) : why(said));
    if (said.why === "ok") gone();
  };
  return html`<section class="rg-part"><h3>${t("people_let_go")}</h3><p class="mut">${t("people_let_go_how")}</p><button class="btn s danger" onClick=${() => setSure(true)}>${t("people_let_go")}…</button>
    ${sure && html`<${Dialog} title=${t("people_let_go")} close=${() => setSure(false)}><p>${t("people_let_go_sure", { who: record.name })}</p><button class="btn danger" onClick=${go_on}>${t("people_let_go")}</button><//>`}</section>`;
}
