// @ts-check
// The cases behind a figure: as many as it says.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { Dialog, Refusal, Severity } from "../../frame.js";
import { comma, named, of, policyOf, t } from "../../words.js";
import { dayAndTime, reasonOf } from "./figures.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @import { Report } from "./figures.js" */
/** @typedef {{ target_id: string, outreach_id: string, severity: string, category: string, category_name: Record<string, string>, area: { name: string } | null, received_at: string, reached_at: string | null, reached_by: string | null, end_state: string | null, end_reason: string | null }} Row */

/** What the figure counts, in words: `reached, in 30 min`. @param {string} figure @param {Report} report */
function meant(figure, report) {
  /** @type {Record<string, (value: string) => string>} */
  const says = {
    figure: (name) => of("behind_", name),
    within: (n) => t("report_in", { n }),
    channel: (name) => of("report_channel_", name),
    reason: reasonOf,
    told_by: (name) => of("case_after_by_", name),
    policy: policyOf,
    severity: (name) => of("severity_", name),
    category: (code) => named(report.groups.find((one) => one.name === code)?.names) || code,
    place: (path) => report.areas.find((one) => one.path === path)?.name ?? t("q_no_area"),
    hour: (hour) => `${hour}:00`,
    weekend: (n) => t(+n ? "report_weekend" : "report_weekdays"),
  };
  return [...new URLSearchParams(`figure=${figure}`)].map(([name, value]) => says[name]?.(value) ?? value).join(comma());
}

/** @param {{ figure: string, query: string, report: Report, close: () => void }} props */
export function Behind({ figure, query, report, close }) {
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
  return html`<${Dialog} title=${t("report_behind", { what: meant(figure, report), n: said?.count ?? "…", of: said?.of ?? "…" })} close=${close} wide>
    <${Refusal} answer=${answer} /><ul class="behind">${rows.map((row) => html`<li><a href="#/case/${row.outreach_id}">${dayAndTime(row.received_at)}</a>
      <span><${Severity} severity=${row.severity} />${named(row.category_name) || row.category}</span><span>${row.area?.name ?? t("q_no_area")}</span><span>${became(row)}</span></li>`)}</ul>
    ${said?.next && html`<button class="btn" onClick=${() => void more(said.next)}>${t("report_more")}</button>`}<//>`;
}

/** What became of it; an outcome that the end tells already has no word here. @param {Row} row */
function became(row) {
  const reached = row.reached_at && t("report_reached_by", { channel: of("report_channel_", row.reached_by ?? "other") });
  const end = row.end_state ? of("case_end_", row.end_state) : !reached && t("behind_open");
  const reason = of("case_reason_", row.end_reason ?? "");
  return [reached, end, reason !== row.end_reason && reason].filter(Boolean).join(" · ");
}
