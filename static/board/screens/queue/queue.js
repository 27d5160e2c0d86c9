// @ts-check
// The queue: one table with one deadline line down all rows; on the case's screen the same, narrower.
import { computed, html, useEffect, useRef } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { board, cases, filters, fitting, meant, moved, picked, said, shown, sortNow, sought, toneOf } from "../../data/queue.js";
import { decides } from "../../data/session.js";
import { say, theTime } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { choose, go, route } from "../../router.js";
import { clock, of, t } from "../../words.js";
import { Ended } from "./ended.js";
import { Row } from "./row.js";

/** @import { Case } from "../../types.js" */

/** @param {{ compact?: boolean }} props */
export function Queue({ compact = false }) {
  useSpokenLate();
  const ended = said("only") === ENDED;
  return html`<${Filters} compact=${compact} />${ended ? html`<${Ended} compact=${compact} leave=${clearFilters} />` : html`<${Live} compact=${compact} />`}`;
}

/** What is chosen for those that are not in the queue any more. */
const ENDED = "ended";

/** @param {{ compact: boolean }} props */
function Live({ compact }) {
  useQueueKeys();
  const groups = grouped(shown.value, turn.value.split(","));
  const columns = compact ? ["left", "bar", "resident", "danger"] : ["left", "bar", "resident", "danger", "now", "who", "next"];
  return html`${moved.value > 0 && html`<button class="sort" onClick=${sortNow}>${t("q_moved", { n: moved.value })} <kbd>s</kbd></button>`}
    <div class="scroll" tabindex="-1">${groups.length ? html`<table class="q ${compact ? "narrow" : ""}">
      <caption class="vh">${t("q_caption")}</caption>
      <thead><tr>${columns.map((name) => html`<th scope="col" class="c-${name}">${t(/** @type {any} */ (`q_col_${name}`))}</th>`)}</tr></thead>
      ${groups.map(({ word, tone, rows }) => html`<tbody key=${word}>
        <tr class="grp"><th colspan=${columns.length} scope="rowgroup"><b class=${tone}>${t(word)} ${rows.length}</b>${word === "q_late" && html` <span class="mut">${t("q_first")}</span>`}</th></tr>
        ${rows.map((one) => html`<${Row} key=${one.id} one=${one} compact=${compact} />`)}
      </tbody>`)}
    </table>` : html`<${Empty} />`}</div>
    <${Foot} compact=${compact} />`;
}

/** @typedef {{ word: "q_late" | "q_soon" | "q_later" | "q_after", tone: string, rows: Case[] }} Group */

/** Whose turn each row has come to, as text: the list is drawn anew when one goes over to another, not each second. */
const turn = computed(() => shown.value.map((one) => turnOf(one, theTime())).join(","));

/** @param {Case} one @param {number} now */
const turnOf = (one, now) => /** @type {Group["word"]} */ (one.reached_at ? "q_after" : `q_${toneOf(one, now) || "later"}`);

const TONES = /** @type {const} */ ([["q_late", "late"], ["q_soon", "soon"], ["q_later", ""], ["q_after", "good"]]);

/** @param {Case[]} rows @param {string[]} turns @returns {Group[]} */
function grouped(rows, turns) {
  const groups = TONES.map(([word, tone]) => ({ word, tone, rows: rows.filter((_, at) => turns[at] === word) }));
  return groups.filter((group) => group.rows.length);
}

/** @param {{ compact: boolean }} props */
function Filters({ compact }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useKeys({ "/": () => field.current?.focus() });
  const only = said("only") || "all";
  const count = (/** @type {string} */ name) => fitting.value.filter((one) => !one.gone && filters[name](one)).length;
  const chip = (/** @type {string} */ name) => html`<button class="chip" aria-pressed=${only === name} onClick=${() => choose({ only: name === "all" ? "" : name })}>${of("q_only_", name)} <b>${count(name)}</b></button>`;
  const pick = (/** @type {keyof typeof PICKS} */ name) => {
    const [word, part, all] = PICKS[name];
    const value = all.includes(said(name)) ? said(name) : "";
    return html`<label class="pick"><span class="vh">${t(word)}</span><select class=${value && "on"} value=${value} onChange=${(/** @type {any} */ event) => choose({ [name]: event.target.value })}>
      <option value="">${t(word)}</option>${all.map((one) => html`<option value=${one}>${of(part, one)}${one in filters && ` ${count(one)}`}</option>`)}</select></label>`;
  };
  // Beside a case there is no room for all: what else is chosen can be taken away.
  const more = joined(what(CHIPS.includes(only) ? "" : only));
  return html`<div class="fl">${CHIPS.map(chip)}${compact ? more && html`<button class="chip" aria-pressed="true" onClick=${clearFilters}>${more} ×</button>` : html`${chip("after")}${pick("only")}${pick("severity")}${only !== ENDED && pick("step")}`}
    <span class="grow"></span>
    <label class="find"><span class="vh">${t("q_search")}</span><input type="search" ref=${field} placeholder=${t("q_search")} value=${sought} onInput=${(/** @type {any} */ event) => (sought.value = event.target.value)} /></label>
  </div>`;
}

const CHIPS = ["all", "nobody", "mine"];
const joined = (/** @type {(string | undefined)[]} */ words) => words.filter(Boolean).join(" · ");

/** What one of several is chosen of: its word, how each begins in the dictionary, and all. */
const PICKS = /** @type {const} */ ({
  only: ["q_state", "q_only_", /** @type {string[]} */ (["asked", "going", "there", "paused", ENDED])],
  severity: ["q_severity", "severity_", /** @type {string[]} */ (["high", "medium", "low"])],
  step: ["q_step", "do_", /** @type {string[]} */ (["sms", "voice", "call", "visit", "trusted_contact", "coordinator", "follow_up"])],
});

function Empty() {
  const hidden = [...cases.value.values()].filter((one) => !one.gone);
  const today = board.value?.today;
  if (!today) return html`<p class="empty">${t("opening")}</p>`;
  if (hidden.length) return html`<div class="empty"><b>${t("q_none_fit", { what: joined([...what(said("only")), areas.value.find((one) => one.path === said("area"))?.name, sought.value]) })}</b><p>${t("q_hidden", { n: hidden.length, late: hidden.filter((one) => toneOf(one, theTime()) === "late").length })}</p><button class="btn s" onClick=${clearFilters}>${t("q_clear")} <kbd>Esc</kbd></button></div>`;
  return html`<div class="empty"><b>${t("q_nobody_to_reach")}</b><p>${t("q_today", /** @type {any} */ (today))}<br />
    ${today.last_at ? t("q_last", { time: clock(today.last_at) }) : t("q_none_yet")}</p>${decides.value && html`<a class="btn s" href="#/new">${t("new_warning")} <kbd>n</kbd></a>`}</div>`;
}

/** What is chosen of these, in words. @param {string} only */
const what = (only) => [of("q_only_", only), of("severity_", said("severity")), of("do_", said("step"))];

function clearFilters() {
  sought.value = "";
  choose({ only: "", severity: "", step: "", area: "" });
}

/** @param {{ compact: boolean }} props */
const Foot = ({ compact }) => html`<div class="foot keys desk"><span><kbd>j</kbd><kbd>k</kbd>${t("q_key_move")}</span>
  ${compact ? html`<span><kbd>Esc</kbd>${t("q_key_back")}</span>` : html`<span><kbd>↵</kbd>${t("key_Enter")}</span>${decides.value && html`<span><kbd>r</kbd>${t("q_key_r")}</span><span><kbd>c</kbd>${t("key_c")}</span><span><kbd>t</kbd>${t("q_key_t")}</span>`}`}
  <span><kbd>?</kbd>${t("key_?")}</span><span class="grow"></span>${!compact && html`<span>${t("q_still")}</span>`}</div>`;

function useQueueKeys() {
  const step = (/** @type {number} */ by) => () => {
    sortNow();
    const ids = shown.value.map((one) => one.id);
    const at = ids.indexOf(picked.value);
    const next = ids[at < 0 ? 0 : Math.min(Math.max(at + by, 0), ids.length - 1)];
    if (!next) return;
    picked.value = next;
    if (route.value[0] === "case") go(`/case/${next}`);
    else document.getElementById(`row-${next}`)?.querySelector("a")?.focus();
  };
  const open = (/** @type {string} */ part, means = "") => () => {
    const id = picked.value || shown.value[0]?.id;
    meant.value = means;
    if (id) go(`/case/${id}${part}`);
  };
  const acting = { r: open("", "reassign"), c: open("/call"), t: open("", "take") };
  const here = route.value[0] !== "case";
  useKeys({ j: step(1), ArrowDown: step(1), k: step(-1), ArrowUp: step(-1), s: sortNow, ...(here ? { Enter: open(""), Escape: clearFilters, ...(decides.value ? acting : {}) } : {}) });
}

/** A case that has just become late is said once, politely. */
function useSpokenLate() {
  const known = useRef(/** @type {Set<string> | null} */ (null));
  const turns = turn.value.split(",");
  const late = shown.value.filter((one, at) => turns[at] === "q_late" && !one.gone);
  useEffect(() => {
    const fresh = known.current && late.filter((one) => !known.current?.has(one.id));
    if (fresh?.length) say(t("q_said_late", { n: fresh.length, who: fresh[0].resident.name ?? "" }));
    known.current = new Set(late.map((one) => one.id));
  }, [late.length]);
}

