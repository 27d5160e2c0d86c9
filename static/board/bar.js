// @ts-check
// The bar above every screen: where one is, which area, whether it is live, who one is; on a phone the tabs below.
import { html, useState } from "../shared/html.js";
import { areas } from "./data/areas.js";
import { lostSince } from "./data/live.js";
import { leave, unsent } from "./data/notes.js";
import { calls } from "./data/queue.js";
import { decides, me, reads } from "./data/session.js";
import { Icon, SERVICE, theTime } from "./frame.js";
import { useKeys } from "./keys.js";
import { atQueue, besides, choose as chooseHere, chosen, go } from "./router.js";
import { places, screens } from "./screens.js";
import { choose, clockS, dress, lasting, language, of, t, theme } from "./words.js";

/** @param {{ here: string }} props */
export function Bar({ here }) {
  useKeys({ n: () => decides.value && go("/new") });
  return html`<header class="top">
    <a class="brand" href="#/"><${Icon} name="mark" />${SERVICE}</a>
    ${reads.value && html`<${Nav} here=${here} />`}
    <span class="grow"></span>
    ${decides.value && html`<a class="btn s new" href="#/new" aria-label=${t("new_warning")}><${Icon} name="warn" /><span class="desk">${t("new_warning")} <kbd>n</kbd></span></a>`}
    ${reads.value && html`<${AreaChoice} />`}
    <${Unsent} /><${Live} />
    <${Who} />
  </header>`;
}

const there = places.filter(([path]) => path.slice(1) in screens);

/** @param {{ here: string }} props */
const Nav = ({ here }) => html`<nav class="nav desk" aria-label=${t("nav")}>${there.map(
  ([path, word, names]) => html`<a href="#${path}" aria-current=${names.some((name) => name === here) ? "page" : undefined}>${t(word)}</a>`,
)}</nav>`;

function AreaChoice() {
  const here = chosen.value.get("area") ?? "";
  const choice = (/** @type {Event} */ event) => chooseHere({ area: /** @type {HTMLSelectElement} */ (event.target).value });
  return html`<label class="pick area"><span class="vh">${t("area")}</span><select value=${here} onChange=${choice}>
    <option value="">${t("all_areas")}</option>
    ${areas.value.map((area) => html`<option value=${area.path}>${" ".repeat(area.depth)}${area.name}</option>`)}
  </select></label>`;
}

function Unsent() {
  const [first] = unsent.value;
  return first && html`<a class="unsent" href="#/case/${first.of}" title=${t("note_unsent", { n: unsent.value.length })}><${Icon} name="phone" /><span class="desk">${t("note_unsent", { n: unsent.value.length })}</span><span class="phone-only">${unsent.value.length}</span></a>`;
}

function Live() {
  // Whoever answers the hotline is sent nothing live.
  if (!reads.value) return null;
  const lost = lostSince.value;
  const now = theTime();
  if (lost === null) return html`<span class="live"><i></i>${t("live")} <span class="num">${clockS(now)}</span></span>`;
  return html`<span class="live lost"><i></i>${t("live_lost", { time: lasting((now - lost) / 1000) })}</span>`;
}

function Who() {
  const [open, setOpen] = useState(false);
  const name = me.value?.name ?? "";
  const other = language.value === "en" ? "zh-CN" : "en";
  const dark = theme.value === "dark" ? "light" : theme.value === "light" ? "" : "dark";
  return html`<div class="who-menu">
    <button class="me" aria-expanded=${open} onClick=${() => setOpen(!open)}><span class="ava" aria-hidden="true">${initials(name)}</span><span class="desk">${name}</span><span class="vh">${t("menu")}</span></button>
    ${open && html`<div class="menu" role="group" aria-label=${t("menu")} onClick=${() => setOpen(false)}>
      <p><b>${name}</b><br />${of("role_", me.value?.role ?? "")}</p>
      <button lang=${other} onClick=${() => choose(other)}>${other === "en" ? "English" : "中文"}</button>
      <button onClick=${() => dress(dark)}>${t(`theme_${dark || "auto"}`)}</button>
      ${reads.value && there.slice(2).map(([path, word]) => html`<a class="no-tab" href="#${path}">${t(word)}</a>`)}
      ${reads.value && "people" in screens && html`<a href="#/people">${t("nav_people")}</a>`}
      <button onClick=${() => void leave()}>${t("sign_out")}</button>
    </div>`}
  </div>`;
}

/** @param {string} name */
function initials(name) {
  return /^[\x00-\x7f]/.test(name) ? name.split(/\s+/).map((part) => part[0]).slice(0, 2).join("").toUpperCase() : name.slice(0, 1);
}

/** Each part of the board with its icon: the queue, and what a desk has beside it. */
const TABS = /** @type {const} */ ([["", "list", "tab_queue"], ["map", "map", "tab_map"], ["calls", "phone", "tab_calls"]]);

/** On a phone, in reach of the thumb. @param {{ here: string }} props */
export const Tabs = ({ here }) => html`<nav class="tabs phone" aria-label=${t("nav")}>${TABS.map(
  ([side, icon, word]) => html`<a href=${`#/${atQueue() ? besides({ side }) : side && `?side=${side}`}`} aria-current=${here === "" && (chosen.value.get("side") ?? "") === side ? "page" : undefined}><${Icon} name=${icon} />${t(word)} ${side === "calls" && (calls.value.length || "")}</a>`,
)}
  ${"report" in screens && html`<a href="#/report" aria-current=${here === "report" ? "page" : undefined}><${Icon} name="curve" />${t("nav_report")}</a>`}
</nav>`;
