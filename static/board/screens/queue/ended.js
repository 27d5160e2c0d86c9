// @ts-check
// Cases that ended in the last 24 hours, the last first: whoever ended by mistake is found here, and reopened in the case.
import { ask, serverNow } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { onHappened } from "../../data/live.js";
import { fits } from "../../data/queue.js";
import { Refusal, Severity, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go, route } from "../../router.js";
import { named, of, t, when } from "../../words.js";

const TURNS = ["ended", "reopened"];
/** Each column's word and its width; the last has what is left. */
const COLUMNS = /** @type {const} */ ([["q_ended_left", "c-left c-bar"], ["q_col_resident", "c-resident"], ["q_col_danger", "c-danger"], ["q_ended_now", ""]]);

/** @param {{ compact: boolean, leave: () => void }} props */
export function Ended({ compact, leave }) {
  const [again, setAgain] = useState(0);
  useEffect(() => onHappened((what) => (!what || TURNS.includes(what.kind)) && setAgain((/** @type {number} */ n) => n + 1)), []);
  const answer = useAnswer(() => ask("GET", "/api/board/ended"), [again]);
  useKeys(compact ? {} : { Escape: leave });
  if (answer?.why !== "ok") return html`<div class="scroll" tabindex="-1"><${Refusal} answer=${answer} /></div>`;
  const rows = answer.body.cases.filter(fits);
  return html`<div class="scroll" tabindex="-1">${rows.length ? html`<table class="q ${compact ? "narrow" : ""}"><caption class="vh">${t("q_ended_caption")}</caption>
    <thead><tr>${COLUMNS.slice(0, compact ? 3 : 4).map(([word, wide]) => html`<th scope="col" class=${wide}>${t(word)}</th>`)}</tr></thead>
    <tbody>${rows.map((/** @type {any} */ one) => html`<${Row} key=${one.id} one=${one} compact=${compact} />`)}</tbody></table>` : html`<p class="empty">${t("q_none_ended")}</p>`}</div>`;
}

/** @param {{ one: any, compact: boolean }} props */
const Row = ({ one, compact }) => html`<tr class=${route.value[1] === one.id && "sel-row"} onClick=${(/** @type {Event} */ event) => (event.preventDefault(), go(`/case/${one.id}`))}>
  <td class="left" style=${{ gridColumn: "1 / 3" }}>${when(one.ended_at, serverNow())}</td>
  <td class="c-resident"><a class="name" href="#/case/${one.id}">${one.resident.name ?? t("q_no_name")}</a><small>${one.area?.name ?? t("q_no_area")}</small></td>
  <td class="c-danger"><${Severity} severity=${one.severity} />${named(one.category_name) || one.category}${one.exercise && html` <span class="tag">${t("q_exercise")}</span>`}<small>${compact ? of("case_end_", one.end_state) : t("q_began", { time: when(one.opened_at, serverNow()) })}</small></td>
  ${!compact && html`<td class="c-now">${of("case_end_", one.end_state)}<small>${[one.reached_at && t("q_reached"), one.end_reason !== one.end_state && of("case_reason_", one.end_reason ?? "")].filter(Boolean).join(" · ")}</small></td>`}</tr>`;
