// @ts-check
// Whom the case may be given to, in order of arrival; and why not the others.
import { ask } from "../../../shared/api.js";
import { html, signal, useEffect, useState } from "../../../shared/html.js";
import { offline } from "../../data/offline.js";
import { meant } from "../../data/queue.js";
import { decides } from "../../data/session.js";
import { useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { distance, of, t } from "../../words.js";
import { decide, nameOf, view } from "./data.js";
import { Undoing } from "./undoing.js";

const REASONS = ["asked", "closer", "home_grid", "knows_resident", "language", "went_home", "no_answer", "other"];
/** As many as have a key. */
const MOST = 9;
/** Whom the keys point at; -1: nobody picks. */
export const picked = signal(-1);
const shown = { fit: /** @type {any[]} */ ([]), give: (/** @type {any} */ _to) => {} };
const down = () => setAt(Math.min(picked.value + 1, shown.fit.length - 1));
const up = () => setAt(Math.max(picked.value - 1, 0));
const PICKING = /** @type {Record<string, () => void>} */ ({ j: down, ArrowDown: down, k: up, ArrowUp: up, Enter: () => shown.fit[picked.value] && shown.give(shown.fit[picked.value]) });
for (let n = 1; n <= MOST; n++) PICKING[n] = () => n <= shown.fit.length && setAt(n - 1);
/** What is heard now: changed with the choice itself and not when it is drawn, so that fast fingers lose no key. @type {Record<string, () => void>} */
const keys = {};

/** Point at one of the list; -1 leaves it. @param {number} at */
export function setAt(at) {
  picked.value = at;
  for (const key in PICKING) at < 0 ? delete keys[key] : (keys[key] = PICKING[key]);
}

export function Giving() {
  const { id, version, ended_at, tasks } = view.value;
  const held = tasks.find((/** @type {any} */ one) => one.status !== "closed");
  const [kind, setKind] = useState(/** @type {string} */ (held?.kind ?? "visit"));
  const answer = useAnswer(() => ask("GET", `/api/outreaches/${id}/candidates?kind=${kind}`), [id, version, kind]);
  const at = picked.value;
  const [reason, setReason] = useState("");
  const all = answer?.body?.candidates ?? [];
  const fit = all.filter((/** @type {any} */ one) => !one.left_out);
  const first = fit.slice(0, MOST);
  const out = all.filter((/** @type {any} */ one) => one.left_out);
  const may = decides.value && !ended_at && !offline.value;
  const fastest = Math.min(...fit.map((/** @type {any} */ one) => one.travel_s ?? Infinity));
  // What speaks for them, as far as it is so: of several nobody but one gets there first.
  const own = (/** @type {any} */ one) => (one && one.reason !== "nearest" ? one.reason : one?.travel_s > fastest ? "other" : "closer");
  const give = (/** @type {any} */ to) => {
    const why = reason || own(to);
    setAt(-1);
    void decide("reassign", { responder_id: to.responder_id, kind, reason: why }, t("case_gave", { who: to.name ?? t("case_somebody"), why: of("case_reason_", why) }));
  };
  [shown.fit, shown.give] = [fit, give];
  if (may) keys.r = () => setAt(0);
  else delete keys.r;
  useKeys(keys);
  useEffect(() => void setAt(-1), [id]);
  useEffect(() => {
    if (meant.value !== "reassign" || !may || !fit.length) return;
    meant.value = "";
    setAt(0);
  }, [id, fit.length, meant.value]);
  useEffect(() => document.querySelector(".cd .pick")?.scrollIntoView({ block: "nearest" }), [at]);
  if (ended_at) return null;
  return html`<section class="card" aria-label=${t("case_give_title")}><h2>${t("case_give_title")} <span class="mut">${t("case_by_arrival")}</span><span class="grow"></span>
      <select class="kind" aria-label=${t("case_kind")} value=${kind} onChange=${(/** @type {any} */ event) => setKind(event.target.value)}>
        ${["visit", "call"].map((one) => html`<option value=${one}>${of("case_do_", one)}</option>`)}</select>${may && html`<kbd>r</kbd>`}</h2>
    ${may && html`<${Undoing} />`}
    ${at >= 0 && html`<p class="hint" role="status">${t("case_picking", { who: fit[at]?.name ?? "" })}</p>
      <label class="field why-for">${t("case_reason")}<select value=${reason || own(fit[at])} onChange=${(/** @type {any} */ event) => setReason(event.target.value)}>
        ${REASONS.map((one) => html`<option value=${one}>${of("case_reason_", one)}</option>`)}</select></label>`}
    <${Candidates} from=${first} picked=${at} give=${may && give} />
    ${fit.length > MOST && html`<details open=${at >= MOST}><summary>${t("case_more_fit", { n: fit.length - MOST })}</summary><${Candidates} from=${fit.slice(MOST)} before=${MOST} picked=${at - MOST} give=${may && give} /></details>`}
    ${offline.value && html`<p class="none mut">${t("why_offline")}</p>`}
    ${answer?.why === "ok" && !fit.length && html`<p class="none late">${of("case_shortage_", answer.body.shortage ?? "NobodyLeft")}</p>`}
    ${out.length > 0 && html`<details><summary>${t("case_why_not", { n: out.length })}</summary><ul class="why">
      ${out.map((/** @type {any} */ one) => html`<li><b>${one.name ?? t("case_elsewhere")}</b><span class="grow">${leftOut(one)}</span>${may && one.givable && one.responder_id !== held?.responder_id && html`<${Give} one=${one} give=${give} />`}</li>`)}</ul></details>`}
    ${may && held && html`<p class="none"><a class="u" href=${`#/bulk/${held.responder_id}`}>${t("bulk_title", { who: nameOf(held.responder_id) })}…</a></p>`}
  </section>`;
}

/** @param {any} props `before`: how many stand above them */
const Candidates = ({ from, before = 0, picked, give }) => html`<table class="cd"><tbody>${from.map((/** @type {any} */ one, /** @type {number} */ n) => html`<${Candidate} one=${one} n=${before + n} picked=${n === picked} give=${give} />`)}</tbody></table>`;

/** @param {any} props */
const Candidate = ({ one, n, picked, give }) => html`<tr class=${picked ? "pick" : ""} aria-current=${picked ? "true" : undefined}>
  <td class="mut">${n + 1}</td>
  <td><b>${one.name ?? t("case_elsewhere")}</b><small>${of("case_reason_", one.reason)} · ${of("case_role_", one.role)}</small></td>
  <td class="r">${one.travel_s == null ? "?" : t("case_minutes", { n: Math.ceil(one.travel_s / 60) })}<small>${one.distance_m == null ? "" : distance(one.distance_m)}</small></td>
  <td><${Load} load=${one.load} capacity=${one.capacity} /><small class=${one.speaks === false ? "soon" : ""}>${one.languages.map((/** @type {string} */ each) => of("case_lang_", each)).join(" · ")}</small></td>
  <td class="r">${give && html`<${Give} one=${one} give=${give} />`}</td></tr>`;

/** @param {any} props */
const Give = ({ one, give }) => html`<button class="btn s" onClick=${() => give(one)}>${t("case_give")}<span class="vh"> ${one.name}</span></button>`;

/** @param {{ load: number, capacity: number }} props */
export const Load = ({ load, capacity }) => html`<span class="ld" role="img" aria-label=${t("case_load", { load, capacity })}>${
  Array.from({ length: Math.min(capacity, 6) }, (_, n) => html`<i class=${n < load ? "on" : ""}></i>`)}<em>${load}/${capacity}</em></span>`;

/** @param {any} one */
function leftOut(one) {
  const more = one.left_out === "at_capacity" ? ` ${one.load}/${one.capacity}` : one.left_out === "too_far" && one.distance_m ? ` ${distance(one.distance_m)}` : "";
  return of("case_left_", one.left_out) + more;
}
