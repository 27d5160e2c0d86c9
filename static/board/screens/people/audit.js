// @ts-check
// Who looked at whose data: newest first, filtered in the address by ids and codes; as CSV for the person concerned.
import { ask, serverNow } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { me } from "../../data/session.js";
import { Main, Refusal } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { choose, chosen, go } from "../../router.js";
import { of, t, when } from "../../words.js";
import { Tabs } from "./tabs.js";

/** @import { Answer } from "../../../shared/api.js" */

const WAYS = ["case", "search", "record", "board"];
/** From a day's first moment on, to a day's last, where the browser is. @type {Record<string, (day: string) => string>} */
const EDGES = {
  from: (day) => new Date(`${day}T00:00`).toISOString(),
  to: (day) => new Date(new Date(`${day}T00:00`).setHours(24)).toISOString(),
};

/** What is asked of the server, as what is chosen in the address says. */
function asked() {
  const query = new URLSearchParams();
  for (const name of ["resident", "who", "what", "from", "to"]) {
    const value = chosen.value.get(name);
    if (value) query.set(name, EDGES[name]?.(value) ?? value);
  }
  return query;
}

export function Screen() {
  const may = me.value?.role !== "coordinator";
  const query = asked().toString();
  const [rows, answer, more] = useLooks(query);
  useKeys({ Escape: () => go("/") });
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => choose({ [name]: event.target.value });
  const [whose, who] = [chosen.value.get("resident"), chosen.value.get("who")];
  const today = new Date(serverNow()).toISOString().slice(0, 10);
  return html`<${Main} title=${t("people_looks")} more="audit"><header class="rg-top"><h1>${t("nav_people")}</h1></header><${Tabs} at="looks" />
    ${may && html`<div class="fb"><label>${t("audit_what")} <select value=${chosen.value.get("what") ?? ""} onChange=${set("what")}><option value="">${t("audit_all")}</option>${WAYS.map((way) => html`<option value=${way}>${of("audit_way_", way)}</option>`)}</select></label>
      <label>${t("report_from")} <input type="date" max=${today} value=${chosen.value.get("from") ?? ""} onChange=${set("from")} /></label><label>${t("report_to")} <input type="date" max=${today} value=${chosen.value.get("to") ?? ""} onChange=${set("to")} /></label>
      ${who && html`<button class="chip" aria-pressed="true" onClick=${() => choose({ who: "" })}>${t("audit_one")} ×</button>`}
      ${whose && html`<button class="chip" aria-pressed="true" onClick=${() => choose({ resident: "" })}>${t("audit_person")} ×</button><a class="btn" href=${`/api/audit?${query}&format=csv`} download="looks.csv">${t("audit_export")}</a>`}
      <span class="grow"></span>${!whose && html`<span class="mut">${t("audit_export_how")}</span>`}</div>`}
    <${Refusal} answer=${answer} />
    ${may && html`<table class="looks"><caption class="vh">${t("people_looks")}</caption><thead><tr><th>${t("audit_when")}</th><th>${t("audit_who")}</th><th>${t("audit_whose")}</th></tr></thead>
      <tbody>${rows.map((row) => html`<${Row} key=${`${row.way}${row.id ?? row.seq}`} row=${row} />`)}</tbody></table>`}
    ${answer?.why === "ok" && !rows.length && html`<p class="none mut">${t("audit_none")}</p>`}${more && html`<p class="none"><button class="btn s" onClick=${more}>${t("reg_more")}</button></p>`}<//>`;
}

/** @param {{ row: any }} props */
const Row = ({ row }) => html`<tr><td class="num mut">${when(row.at, 0)}</td>
  <td><a href=${here({ who: row.who.id })}>${row.who.name ?? t("case_somebody")}</a> ${row.who.kind === "responder" && html`<span class="mut">${of("case_actor_", row.who.kind)}</span>`}</td>
  <td>${of("audit_did_", row.way, { n: row.people.length })} ${row.outreach_id ? html`· <a href=${`#/case/${row.outreach_id}`}>${t("case_title")}</a> ` : ""}<${Whose} people=${row.people} /></td></tr>`;

/** By number and not by name: to read who was looked at would be a look itself. @param {{ people: string[] }} props */
function Whose({ people }) {
  const link = (/** @type {string} */ id) => html`<a href=${here({ resident: id })}>${t("audit_only", { id: id.slice(-6) })}</a>`;
  if (people.length < 2) return people.map((id) => html`· ${link(id)}`);
  return html`<details><summary>${t("audit_people", { n: people.length })}</summary>${people.map((id) => html`${link(id)} `)}</details>`;
}

/** @param {Record<string, string>} more */
function here(more) {
  const next = new URLSearchParams(chosen.value);
  for (const [name, value] of Object.entries(more)) next.set(name, value);
  return `#/audit?${next}`;
}

/** Page by page; a slow answer to what was asked before is nobody's any more. @param {string} query @returns {[any[], Answer | null, (() => void) | null]} */
function useLooks(query) {
  const [got, setGot] = useState(/** @type {{ query: string, rows: any[], answer: Answer } | null} */ (null));
  const read = async (/** @type {any[]} */ before, /** @type {string} */ cursor) => {
    const answer = await ask("GET", `/api/audit?${query}${cursor && `&cursor=${cursor}`}`);
    setGot((/** @type {any} */ now) => (cursor && now?.query !== query ? now : { query, rows: [...before, ...(answer.body?.looks ?? [])], answer }));
  };
  useEffect(() => void read([], ""), [query]);
  const mine = got?.query === query ? got : null;
  const next = mine?.answer.body?.next;
  return [mine?.rows ?? [], mine?.answer ?? null, next ? () => void read(mine?.rows ?? [], next) : null];
}
