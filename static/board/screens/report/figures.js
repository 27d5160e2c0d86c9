// @ts-check
// How figures are written, and how they open their cases.
import { html } from "../../../shared/html.js";
import { language, named, of, policyOf, t } from "../../words.js";

/** @import { Word } from "../../words.js" */
/** @typedef {(figure: string) => void} Open what is asked of the cases, as in `reached&within=30` */
/** @typedef {{ minutes: number, share: number | null, low: number | null, high: number | null, reached: number }} Share */
/** @typedef {{ minutes: number | null }} Until */
/** @typedef {{ count: number, by: Record<string, number> }} Step */
/** @typedef {{ numerator: number, denominator: number, rate: number | null, few: boolean }} Rate */
/** @typedef {{ channel: string, count: number, stages: { until: string, minutes: number | null }[], together: number | null }} StagesOf */
/**
 * @typedef {{ name: string, names?: Record<string, string>, warned: number, few: boolean, still_open: number, complete: boolean, within: Share[], median: Until, ninth_tenth: Until, curve: Share[],
 *   funnel: Record<"contacted" | "reached" | "convinced", Step>, stages: StagesOf[], unreached: { count: number, reasons: { reason: string, count: number }[] },
 *   accuracy: Rate, feedback: Rate, aftermath: { defrauded: number, defrauded_convinced: number, convinced: number, lost: number, told_by: Record<string, number> } }} Figures
 * @typedef {{ from: string, to: string, share: number | null, few: boolean, difference: number | null, difference_low: number | null, difference_high: number | null }} Past
 * @typedef {{ first: string, second: string, difference: number | null, difference_low: number | null, difference_high: number | null }} Compared
 * @typedef {{ code: string | null, name: string | null, path: string | null, boundary: any, warned: number, few: boolean, share: number | null }} AreaShare
 * @typedef {{ weekend: boolean, hour: number, warned: number, few: boolean, share: number | null, nobody: number | null }} HourShare
 * @typedef {{ area: string | null, from: string, to: string, now: string, target_minutes: number, currency: string | null, exercises: number, split: string | null, all: Figures, before: Past, year_before: Past, groups: Figures[], compared: Compared | null, areas: AreaShare[], hours: HourShare[],
 *   load: { responders: number, tasks: number, median: number, most: number, busiest_tenth: number | null } }} Report
 */

/** The two parts that are compared, else the whole alone. @param {Report} report */
export const compared = ({ all, groups, compared: two }) => (two ? [two.first, two.second].map((name) => /** @type {Figures} */ (groups.find((one) => one.name === name))) : [all]);
/** What a part is called; the whole has no name. @param {Report} report @param {Figures} one */
export const nameOf = (report, one) => (one === report.all ? "" : named(one.names) || policyOf(of("severity_", one.name)) || t("q_no_area"));
/** What asks for the cases of that part alone. @param {Report} report @param {Figures} one */
export const only = (report, one) => (one === report.all ? "" : `&${report.split === "area" ? "place" : report.split}=${encodeURIComponent(one.name)}`);
/** A figure that opens its cases, where it has any. @param {string | number} words @param {string} figure @param {Open} open @param {string} [say] what it is of, for whoever does not see it */
export const link = (words, figure, open, say) => words && html`<button class="fig-link" aria-label=${say && `${say}: ${words}`} onClick=${() => open(figure)}>${words}</button>`;
/** A sentence with figures that open their cases. @param {Word} word @param {Record<string, any>} given */
export const linked = (word, given) => t(word).split(/\{(\w+)\}/).map((part, at) => (at % 2 ? given[part] : part));

/** @param {string} reason */
export const reasonOf = (reason) => (reason ? of("case_reason_", reason) : t("report_no_reason"));
/** A plot's figures as a table. @param {any[]} head @param {any[][]} rows @param {boolean} [shown] opened, where there is no plot */
export const table = (head, rows, shown) => html`<details class="table" open=${shown}><summary>${t("report_table")}</summary><table><tr>${head.map((one) => html`<${one ? "th" : "td"}>${one}<//>`)}</tr>${rows.map((row) => html`<tr>${row.map((one) => html`<td>${one}</td>`)}</tr>`)}</table></details>`;
/** `58.2 %`. @param {number | null | undefined} share */
export const percent = (share) => (share === null || share === undefined ? "–" : `${(share * 100).toFixed(1)} %`);
/** `2.6`. @param {number | null} share */
export const points = (share) => (share === null ? "–" : (share * 100).toFixed(1));
/** @param {number} given */
export const minutes = (given) => (given < 10 ? given.toFixed(1) : String(Math.round(given)));
/** @param {string} date @param {string} language */
export const day = (date, language) => new Intl.DateTimeFormat(language, { year: "numeric", month: "short", day: "numeric" }).format(new Date(`${date}T12:00:00`));
/** A day with its time, both on this machine's clock. @param {string} moment */
export const dayAndTime = (moment) => new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(new Date(moment));
/** Which of the four fixed classes a share is in, 0 to 3. @param {number} share */
export const classOf = (share) => [0.48, 0.55, 0.62].filter((edge) => share >= edge).length;
