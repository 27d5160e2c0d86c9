// @ts-check
// The cases behind a figure: as many as it says.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { Dialog, Refusal } from "../../frame.js";
import { clock, language, of, t } from "../../words.js";
import { day } from "./figures.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {{ target_id: string, outreach_id: string, severity: string, received_at: string, reached_at: string | null, reached_by: string | null, end_state: string | null, end_reason: string | null }} Row */

/** @param {{ figure: string, query: string, close: () => void }} props */
export function Behind({ figure, query, close }) {
  const [rows, setRows] = useState(/** @type {Row[]} */ ([]));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const more = async (/** @type {string | null} */ cursor) => {
    const got = await ask("GET", `/api/reports/cases?${query}&figure=${figure}${cursor ? `&cursor=${cursor}` : ""}`);
    setAnswer(got);
    if (got.why === "ok") setRows((before) => (cursor ? [...before, ...got.body.cases] : got.body.cases));
  };
  useEffect(() => void more(null), [figure, query]);
  const said = answer?.why === "ok" ? answer.body : null;
  return html`<${Dialog} title=${t("report_behind", { n: said?.count ?? "…" })} close=${close} wide>
    <${Refusal} answer=${answer} /><ul class="behind">${rows.map((row) => html`<li><a href="#/case/${row.outreach_id}">${day(row.received_at.slice(0, 10), language.value)} ${clock(row.received_at)}</a>
      <span>${of("severity_", row.severity)}</span><span>${row.reached_at ? t("report_reached_by", { channel: of("report_channel_", row.reached_by ?? "other") }) : row.end_reason ? of("report_reason_", row.end_reason) : t("report_still_open")}</span></li>`)}</ul>
    ${said?.next && html`<button class="btn" onClick=${() => void more(said.next)}>${t("report_more")}</button>`}<//>`;
}
