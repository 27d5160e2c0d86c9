// @ts-check
// One responder goes home: each of their tasks with who takes it, whether that is in time, and one click for all.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { offline } from "../../data/offline.js";
import { decides } from "../../data/session.js";
import { Main, Refusal, Severity, toast, useAnswer, why } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { clock, distance, named, of, t } from "../../words.js";
import { Load } from "../case/giving.js";
import { Lost } from "../queue/board.js";
import { Beside } from "./beside.js";
import { key, lateBy } from "./moves.js";

/** @import { Chosen } from "./moves.js" */

/** @param {{ parts: string[] }} props */
export function Screen({ parts: [id] }) {
  const [again, setAgain] = useState(0);
  const answer = useAnswer(() => ask("GET", `/api/responders/${id}/going-home`), [id, again]);
  const [chosen, setChosen] = useState(/** @type {Chosen} */ ({}));
  const [stopped, setStopped] = useState(/** @type {Record<string, any>} */ ({}));
  const [at, setAt] = useState(0);
  const lines = answer?.body?.lines ?? [];
  useEffect(() => setChosen(Object.fromEntries(lines.map((/** @type {any} */ line) => [key(line), { on: !line.keeps, to: line.proposed ?? "" }]))), [answer]);
  const set = (/** @type {any} */ line, /** @type {object} */ how) => setChosen({ ...chosen, [key(line)]: { ...chosen[key(line)], ...how } });
  const moving = lines.filter((/** @type {any} */ line) => chosen[key(line)]?.on);
  const send = async () => {
    const moves = moving.map((/** @type {any} */ line) => ({ outreach_id: line.outreach_id, version: line.version, kind: line.kind, to: chosen[key(line)].to || null }));
    const said = await ask("POST", `/api/responders/${id}/going-home`, { moves });
    if (said.why !== "ok") return toast(why(said));
    const done = said.body.lines.filter((/** @type {any} */ line) => line.done);
    setStopped(Object.fromEntries(said.body.lines.filter((/** @type {any} */ line) => !line.done).map((/** @type {any} */ line) => [line.outreach_id, line])));
    toast(t("bulk_done", { n: done.length }), () => void back(done), Date.parse(said.body.undo_until));
    setAgain(again + 1);
  };
  const back = async (/** @type {any[]} */ done) => {
    const said = await ask("POST", `/api/responders/${id}/going-home/undo`, { moves: done.map(({ outreach_id, version }) => ({ outreach_id, version })) });
    toast(said.why === "ok" ? t("case_undone") : why(said));
    setAgain((/** @type {number} */ n) => n + 1);
  };
  const turn = (/** @type {number} */ by) => lines[at] && set(lines[at], { to: next(lines[at], chosen[key(lines[at])]?.to, by) });
  useKeys({ j: () => setAt(Math.min(at + 1, lines.length - 1)), k: () => setAt(Math.max(at - 1, 0)), ArrowLeft: () => turn(-1), ArrowRight: () => turn(1), Escape: () => go("/") });
  const name = answer?.body?.responder?.name ?? "";
  if (answer?.why !== "ok") return html`<${Main} title=${t("bulk_title", { who: "" })} more="opening"><${Refusal} answer=${answer} /><//>`;
  return html`<${Main} title=${t("bulk_title", { who: name })} more="bulk">
    <div><${Lost} /><header class="hd"><div class="hd-who"><h1>${t("bulk_title", { who: name })}</h1><p class="mut">${t("bulk_nothing_yet")}</p></div><${Sums} lines=${lines} chosen=${chosen} /></header></div>
    <div class="bulk-mid"><div class="bulk-list" tabindex="0" role="region" aria-label=${t("bulk_lines")}><table class="bk"><thead><tr><th><span class="vh">${t("bulk_moves")}</span></th><th>${t("bulk_resident")}</th><th>${t("bulk_danger")}</th><th>${t("bulk_to")}</th><th>${t("bulk_load")}</th><th>${t("bulk_arrival")}</th></tr></thead>
      <tbody>${lines.map((/** @type {any} */ line, /** @type {number} */ n) => html`<${Row} line=${line} how=${chosen[key(line)] ?? { on: false, to: "" }} set=${set} here=${n === at} stop=${stopped[line.outreach_id]} now=${answer.body.now} name=${name} />`)}</tbody></table>
      ${!lines.length && html`<p class="none">${t("bulk_none", { who: name })}</p>`}
      <ul class="notes"><li>${t("bulk_note_marks")}</li><li>${t("bulk_note_stops")}</li><li>${t("bulk_note_undo")}</li>${answer.body.offers > 0 && html`<li>${t("bulk_note_offers", { n: answer.body.offers })}</li>`}</ul></div>
      <${Beside} lines=${lines} moving=${moving} chosen=${chosen} leaver=${answer.body.responder} /></div>
    <footer class="bulk-foot"><span class="keys desk"><span><kbd>j</kbd><kbd>k</kbd>${t("q_key_move")}</span><span><kbd>←</kbd><kbd>→</kbd>${t("bulk_key_to")}</span></span><span class="grow">${t("bulk_off_duty", { who: name })}</span><button class="btn" onClick=${() => go("/")}>${t("bulk_leave")}</button>
      ${decides.value && html`<button class="btn p" disabled=${offline.value} title=${offline.value ? t("why_offline") : undefined} onClick=${send}>${t("bulk_go", { n: moving.length })}</button>`}</footer><//>`;
}

/** The next to choose, round and round. @param {any} line @param {string} to @param {number} by */
function next(line, to, by) {
  const all = [...line.choices.map((/** @type {any} */ one) => one.responder_id), ""];
  return all[(all.indexOf(to) + by + all.length) % all.length];
}

/** @param {{ lines: any[], chosen: Chosen }} props */
function Sums({ lines, chosen }) {
  const moved = lines.filter((line) => chosen[key(line)]?.on);
  const late = moved.filter((line) => lateBy(line, chosen[key(line)].to) > 0);
  const sums = /** @type {const} */ ([["bulk_sum_moved", moved.length], ["bulk_sum_kept", lines.length - moved.length], ["bulk_sum_takers", new Set(moved.map((line) => chosen[key(line)].to).filter(Boolean)).size], ["bulk_sum_late", late.length]]);
  return html`<dl class="sums">${sums.map(([word, n]) => html`<div class=${word === "bulk_sum_late" && n ? "late" : ""}><dd>${n}</dd><dt>${t(word)}</dt></div>`)}</dl>`;
}

/** @param {any} props */
function Row({ line, how, set, here, stop, now, name }) {
  const taker = line.choices.find((/** @type {any} */ one) => one.responder_id === how.to);
  const label = line.resident ?? t("case_unnamed");
  return html`<tr class=${here ? "pick" : ""} aria-current=${here ? "true" : undefined}>
    <td><input type="checkbox" aria-label=${t("bulk_move_one", { who: label })} checked=${how.on} onChange=${() => set(line, { on: !how.on })} /></td>
    <td><a href=${`#/case/${line.outreach_id}`}><b>${label}</b></a><small>${line.area ?? ""} · ${line.arrived_at ? t("bulk_at_door", { time: clock(line.arrived_at) }) : of("case_do_", line.kind)}</small></td>
    <td><${Severity} severity=${line.severity} />${named(line.category_name)}</td>
    <td>${how.on ? html`<select aria-label=${t("bulk_to_for", { who: label })} value=${how.to} onChange=${(/** @type {any} */ event) => set(line, { to: event.target.value })}>
        ${line.choices.map((/** @type {any} */ one) => html`<option value=${one.responder_id}>${one.name ?? t("case_elsewhere")}</option>`)}<option value="">${t("bulk_to_ladder")}</option></select>
        <small>${taker ? `${of("case_reason_", taker.reason)}${taker.distance_m == null ? "" : ` · ${distance(taker.distance_m)}`}` : t("bulk_to_ladder_more")}</small>` : t("bulk_keeps", { who: name })}
      ${how.on && line.remedy && html`<small class="late">${of("bulk_remedy_", line.remedy)}</small>`}
      ${stop && html`<small class="late">${stop.changes[0] ? t("case_meanwhile", { who: stop.changes[0].by.name ?? "" }) + " " + of("case_changed_", stop.changes[0].kind, { from: stop.changes[0].from_responder?.name ?? "", to: stop.changes[0].responder?.name ?? "" }) : of("refused_", stop.code)}</small>`}</td>
    <td>${how.on && taker && html`<${Load} load=${taker.load} capacity=${taker.capacity} /><small>${taker.load} → ${taker.load + 1}</small>`}</td>
    <td><${Slack} line=${line} taker=${how.on ? taker : null} now=${now} /></td></tr>`;
}

const WIDE = 150;

/** The dot is the arrival, the tick the deadline; what lies between is the slack. @param {{ line: any, taker: any, now: string }} props */
function Slack({ line, taker, now }) {
  const began = Date.parse(now);
  const deadline = (Date.parse(line.deadline) - began) / 60_000;
  const arrives = taker?.arrives_at ? (Date.parse(taker.arrives_at) - began) / 60_000 : null;
  const most = Math.max(30, deadline, arrives ?? 0);
  const x = (/** @type {number} */ minutes) => Math.max(0, (minutes / most) * WIDE);
  const late = arrives !== null && arrives > deadline;
  const said = arrives === null ? t("bulk_due", { time: clock(line.deadline) }) : t(late ? "bulk_late" : "bulk_slack", { n: Math.abs(Math.round(deadline - arrives)) });
  return html`<span class=${`slack ${late ? "late" : ""}`}><svg width=${WIDE + 10} height="24" aria-hidden="true"><path d=${`M0 12H${x(arrives ?? 0)}`} />
    <path class="tick" d=${`M${x(deadline) + 1} 2v20`} />${arrives !== null && html`<circle cx=${x(arrives)} cy="12" r="4" />`}</svg>${said}</span>`;
}
