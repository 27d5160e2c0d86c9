// @ts-check
// Beside the queue: who goes where, where nobody is or will be, whom to ring.
import { html, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { board, calls, fitting, picked, pointed, said } from "../../data/queue.js";
import { decides } from "../../data/session.js";
import { Icon, theTime } from "../../frame.js";
import { besides } from "../../router.js";
import { comma, failing, of, t, when } from "../../words.js";
import { Mapped } from "./mapped.js";

/** @import { Staff } from "../../types.js" */
/** @typedef {{ from: string, names: string[], path: string }} Hole */

const OLD_MIN = 15;
const SHOWN = 6;

export const Side = () => html`<aside class="side" aria-label=${t("q_beside")}><${Where} /><${Gaps} /><${Calls} /></aside>`;

function Where() {
  const now = theTime();
  const staff = (board.value?.staff ?? []).filter((one) => one.until || one.holds);
  const old = staff.filter((one) => one.point && one.position_at && now - Date.parse(one.position_at) > OLD_MIN * 60_000);
  const nowhere = staff.filter((one) => !one.point);
  const given = /** @type {const} */ ({ cases: fitting.value, staff, areas: areas.value, gaps: board.value?.gaps ?? [], pointed: pointed.value || picked.value, area: said("area"), minute: Math.floor(now / 15_000) });
  return html`<section class="blk where"><h2 class="sec-h">${t("q_where")} <span class="mut">${t("q_staff", { n: staff.length, old: old.length })}</span></h2>
    <${Mapped} given=${given} label=${t("q_map")} />
    <p class="leg">${["high", "medium", "low"].map((one) => html`<span><svg class="sev" viewBox="0 0 12 12"><use href="#sev-${one}" /></svg>${of("severity_", one)}</span>`)}
      <span><i class="who-dot"></i>${t("q_people")}</span><span><i class="who-dot old"></i>${t("q_old")}</span><span><i class="way"></i>${t("q_way")}</span></p>
    ${nowhere.length > 0 && html`<p class="leg mut">${t("q_nowhere", { who: some(nowhere.map((one) => one.name)) })}</p>`}
    <${OnDuty} staff=${staff} /></section>`;
}

/** Everybody the map shows, for whoever reads lists. @param {{ staff: Staff[] }} props */
function OnDuty({ staff }) {
  const [open, setOpen] = useState(false);
  const name = (/** @type {string} */ path) => areas.value.find((area) => area.path === path)?.name ?? "";
  const seen = (/** @type {Staff} */ one) => (one.point && one.position_at ? t("q_seen", { n: Math.max(0, Math.floor((theTime() - Date.parse(one.position_at)) / 60_000)) }) : t("q_unseen"));
  return html`<details class="on-duty" onToggle=${(/** @type {Event} */ event) => setOpen(/** @type {HTMLDetailsElement} */ (event.target).open)}><summary>${t("q_each", { n: staff.length })}</summary>
    ${open && html`<ul class="cov">${staff.map((one) => html`<li key=${one.id}><b class="ell">${one.name}</b><span class="grow ell">${name(one.area)}</span><span class="nw mut">${seen(one)} · <${Holds} one=${one} /></span></li>`)}</ul>`}</details>`;
}

/** How much they have, and the way to give it to others. @param {{ one: Staff }} props */
const Holds = ({ one }) => (one.holds && decides.value ? html`<a href="#/bulk/${one.id}">${one.holds}/${one.capacity}<span class="vh"> ${t("q_bulk")}: ${one.name}</span></a>` : `${one.holds}/${one.capacity}`);

/** A few of many. @param {string[]} names */
const some = (names) => (names.length > 4 ? t("q_and_more", { who: names.slice(0, 3).join(comma()), n: names.length - 3 }) : names.join(comma()));

/** Grids that lose their last one at the same moment are one line. */
function holes() {
  /** @type {Map<string, Hole>} */
  const found = new Map();
  const here = said("area");
  for (const gap of board.value?.gaps ?? []) {
    if (!gap.path.startsWith(here)) continue;
    const hole = found.get(gap.from) ?? { from: gap.from, names: [], path: gap.path };
    hole.names.push(gap.name);
    found.set(gap.from, hole);
  }
  return [...found.values()];
}

function Gaps() {
  const now = theTime();
  const lines = holes();
  const [all, setAll] = useState(false);
  const leaving = (board.value?.staff ?? []).filter((one) => (one.away || !one.until) && one.holds);
  return html`<section class="blk gaps"><h2 class="sec-h">${t("q_gaps")} ${lines.length + leaving.length > 0 && html`<span class="tag soon"><${Icon} name="warn" /> ${lines.length + leaving.length}</span>`}</h2>
    ${!lines.length && !leaving.length && html`<p class="mut pad">${t("q_no_gaps")}</p>`}
    <ul class="cov">${lines.slice(0, all ? lines.length : SHOWN).map((hole) => html`<li><b class="soon nw">${Date.parse(hole.from) <= now + 60_000 ? t("q_now") : t("q_from", { time: when(hole.from, now) })}</b><span class="grow ell" title=${hole.names.join(comma())}>${t("q_gap", { who: some(hole.names) })}</span><a href="#/registry/shifts">${t("q_find")}</a></li>`)}
    ${leaving.map((one) => html`<li><b class="soon nw">${t("q_now")}</b><span class="grow ell">${t(one.away ? "q_away_holds" : "q_off_holds", { who: one.name, n: one.holds })}</span>${decides.value && html`<a href="#/bulk/${one.id}">${t("q_bulk")}</a>`}</li>`)}</ul>
    ${lines.length > SHOWN && !all && html`<button class="btn s g" onClick=${() => setAll(true)}>${t("q_more", { n: lines.length - SHOWN })}</button>`}</section>`;
}

function Calls() {
  const now = theTime();
  const line = (/** @type {import("../../types.js").Case} */ one) => html`<li><b class="ell">${one.resident.name ?? t("q_no_name")}</b>
    <span class="grow ell">${failing("call_", one.call ?? "", one.now.do)}</span>
    ${decides.value && html`<a href=${`#/case/${one.id}/call${besides()}`} onClick=${() => void (picked.value = one.id)}><${Icon} name="phone" />${t("q_ring")}<span class="vh"> ${one.resident.name}</span></a>`}</li>`;
  return html`<section class="blk calls"><h2 class="sec-h">${t("q_calls")} <span class="mut">${calls.value.length}</span><span class="grow"></span><kbd class="desk">c</kbd></h2>
    ${!calls.value.length && html`<p class="mut pad">${t("q_no_calls")}</p>`}<ul class="cov">${calls.value.map(line)}</ul></section>`;
}
