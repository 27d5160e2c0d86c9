// @ts-check
// The cases behind a figure: as many as it says.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { Dialog, Refusal } from "../../frame.js";
import { of, t } from "../../words.js";
import { dayAndTime } from "./figures.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {{ target_id: string, outreach_id: string, severity: string, received_at: string, reached_at: string | null, reached_by: string | null, end_state: string | null, end_reason: string | null }} Row */

/** @param {{ figure: string, query: string, close: () => void }} props */
export function Behind({ figure, query, close }) {
  const [rows, setRows] = useState(/** @type {Row[]} */ ([]));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const more = async (/** @type {string | null} */ cursor) => {
    const asked = new URLSearchParams(query);
    // A figure may be of an earlier period, or of one part of what was chosen.
    for (const [name, value] of new URLSearchParams(`figure=${figure}${cursor ? `&cursor=${cursor}` : ""}`)) asked.set(name, value);
    const got = await ask("GET", `/api/reports/cases?${asked}`);
    setAnswer(got);
    if (got.why === "ok") setRows((before) => (cursor ? [...before, ...got.body.cases] : got.body.cases));
  };
  useEffect(() => void more(null), [figure, query]);
  const said = answer?.why === "ok" ? answer.body : null;
  return html`<${Dialog} title=${t("report_behind", { n: said?.count ?? "…" })} close=${close} wide>
    <${Refusal} answer=${answer} /><ul class="behind">${rows.map((row) => html`<li><a href="#/case/${row.outreach_id}">${dayAndTime(row.received_at)}</a>
      <span>${of("severity_", row.severity)}</span><span>${became(row)}</span></li>`)}</ul>
    ${said?.next && html`<button class="btn" onClick=${() => void more(said.next)}>${t("report_more")}</button>`}<//>`;
}

/** What became of it; an outcome that the end tells already has no word here. @param {Row} row */
function became(row) {
  const reached = row.reached_at && t("report_reached_by", { channel: of("report_channel_", row.reached_by ?? "other") });
  const end = row.end_state ? of("case_end_", row.end_state) : !reached && t("report_still_open");
  const reason = of("case_reason_", row.end_reason ?? "");
  return [reached, end, reason !== row.end_reason && reason].filter(Boolean).join(" · ");
}
