// @ts-check
// The registry: a search above, what there is on the left, one of it on the right. What one looks for is never in the address.
import { html, signal, useEffect, useRef, useState } from "../../../shared/html.js";
import { decides, me } from "../../data/session.js";
import { Main, Refusal } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { chosen, go } from "../../router.js";
import { of, t } from "../../words.js";
import { categories } from "./categories.js";
import { residents, responders } from "./people.js";
import { administers, areas, units } from "./places.js";
import { shifts } from "./shifts.js";
import { sources } from "./sources.js";

/** @import { Answer } from "../../../shared/api.js" */
/**
 * @typedef {object} Thing
 * @property {(text: string, after: string) => Promise<Answer>} find
 * @property {(row: any) => { title: string, more: (string | null | undefined)[], tag?: string, tone?: string, depth?: number, open?: string }} line
 * @property {() => boolean} makes whether one may make a new one
 * @property {(props: { id: string, row: any, saved: (record: any, fresh: boolean) => void }) => any} Form
 */

/** @type {Record<string, Thing>} */
const things = { residents, responders, shifts, areas, units, sources, categories };
/** Found by the server, page by page; the others come whole, and are sifted here. */
const SOUGHT = ["residents", "responders", "shifts"];
const PAUSE_MS = 250;
/** Whether a file of these may be brought in. @param {string} tab */
const brings = (tab) => decides.value && (SOUGHT.includes(tab) || (tab === "areas" && administers()));
const text = signal("");

/** @param {{ parts: string[] }} props */
export function Screen({ parts: [given = "residents", id] }) {
  const tab = given in things ? given : "residents";
  const thing = things[tab];
  const [again, setAgain] = useState(0);
  const [rows, answer, more] = useFound(tab, again);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const step = (/** @type {number} */ by) => () => {
    const links = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".rg-list a")]);
    const at = links.indexOf(/** @type {any} */ (document.activeElement));
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  // Whoever types leaves the field first: what is typed is not thrown away by one key.
  const leave = () => (document.activeElement?.matches("input, select, textarea") ? /** @type {HTMLElement} */ (document.activeElement).blur() : go(id ? `/registry/${tab}` : "/"));
  useKeys({ "/": () => field.current?.focus(), j: step(1), k: step(-1), Escape: leave });
  useEffect(() => {
    text.value = "";
    document.querySelector(".rg-tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [tab]);
  const saved = (/** @type {any} */ record, /** @type {boolean} */ fresh) => {
    setAgain(again + 1);
    if (!fresh) return;
    text.value = "";
    go(`/registry/${tab}/${record.id}`);
  };
  return html`<${Main} title=${t("nav_registry")} more=${`registry ${id ? "rg-one" : ""}`}>
    <header class="rg-top"><h1>${t("nav_registry")}</h1><label class="find"><span class="vh">${of("reg_find_", SOUGHT.includes(tab) ? tab : "other")}</span>
      <input type="search" ref=${field} placeholder=${of("reg_find_", SOUGHT.includes(tab) ? tab : "other")} value=${text.value} maxlength="100" autocomplete="off" onInput=${(/** @type {any} */ event) => (text.value = event.target.value)} /></label><kbd class="desk">/</kbd>
      <span class="grow"></span>${brings(tab) && html`<a class="btn" href=${`#/import/${tab}`}>${t("import_title")}</a>`}${thing.makes() && html`<a class="btn p" href=${`#/registry/${tab}/new`}>${of("reg_new_", tab)}</a>`}</header>
    <nav class="rg-tabs" aria-label=${t("nav_registry")}>${Object.keys(things).filter((name) => name !== "sources" || me.value?.role !== "coordinator").map((name) => html`<a href=${`#/registry/${name}`} aria-current=${name === tab ? "page" : undefined}>${of("reg_", name)}</a>`)}</nav>
    <div class="rg-body"><section class="rg-list" aria-label=${of("reg_", tab)} tabindex="0"><${Refusal} answer=${answer} />
      <ul>${rows.map((row) => html`<${Line} key=${row.id} tab=${tab} row=${row} here=${id} />`)}</ul>
      ${answer?.why === "ok" && !rows.length && html`<p class="mut none">${t("reg_none")} ${SOUGHT.includes(tab) && /\d/.test(text.value) && t("reg_whole")}</p>`}${more && html`<p class="none"><button class="btn s" onClick=${more}>${t("reg_more")}</button></p>`}</section>
    ${id && html`<section class="rg-form" key=${`${tab}/${id}`}><a class="btn s g phone-only" href=${`#/registry/${tab}`}>‹ ${of("reg_", tab)}</a><${thing.Form} id=${id} row=${rows.find((row) => row.id === id)} saved=${saved} /></section>`}
    ${!id && html`<p class="rg-form rg-none mut desk">${t("reg_choose")}</p>`}</div><//>`;
}

/** @param {{ tab: string, row: any, here: string }} props */
function Line({ tab, row, here }) {
  const { title, more, tag, tone = "soon", depth = 2, open = row.id } = things[tab].line(row);
  return html`<li><a href=${`#/registry/${tab}/${open}`} aria-current=${open === here ? "true" : undefined} style=${{ paddingLeft: `${16 + (depth - 2) * 14}px` }}><b>${title}</b>${tag && html` <span class=${`tag ${tone}`}>${tag}</span>`}<small>${more.filter(Boolean).join(" · ")}</small></a></li>`;
}

/** What there is of a kind, as far as it fits what is looked for. @param {string} tab @param {number} again @returns {[any[], Answer | null, (() => void) | null]} */
function useFound(tab, again) {
  const [got, setGot] = useState(/** @type {{ tab: string, rows: any[], answer: Answer } | null} */ (null));
  const sought = SOUGHT.includes(tab) ? text.value.trim() : "";
  const area = chosen.value.get("area");
  const asked = useRef(0);
  const read = async (/** @type {any[]} */ before, /** @type {string} */ after) => {
    const mine = ++asked.current;
    const answer = await things[tab].find(sought, after);
    // A slow answer to what was looked for before is nobody's any more.
    if (mine === asked.current) setGot({ tab, rows: [...before, ...((answer.why === "ok" && Object.values(answer.body).find(Array.isArray)) || [])], answer });
  };
  useEffect(() => {
    const timer = setTimeout(() => void read([], ""), sought ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [tab, sought, area, again]);
  const here = got?.tab === tab ? got : null;
  const words = text.value.trim().toLowerCase();
  const fits = (/** @type {any} */ row) => `${things[tab].line(row).title} ${things[tab].line(row).more.join(" ")}`.toLowerCase().includes(words);
  const rows = (here?.rows ?? []).filter((row) => SOUGHT.includes(tab) || fits(row));
  const next = here?.answer.body?.next;
  return [rows, here?.answer ?? null, next ? () => void read(here?.rows ?? [], next) : null];
}
