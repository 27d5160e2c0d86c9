// @ts-check
// The report on a period: one number, its band, its past; then the curve it is read from, then where the minutes went.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { Main, Refusal, SERVICE, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { choose, chosen } from "../../router.js";
import { clock, language, of, t } from "../../words.js";
import { Areas, Hours } from "./areas.js";
import { Funnel, Rates, Reasons, Stages } from "./bars.js";
import { Behind } from "./behind.js";
import { Curve } from "./curve.js";
import { day, minutes, percent, points } from "./figures.js";
import { savePicture } from "./picture.js";

/** @import { Report } from "./figures.js" */

const ASKED = ["from", "to", "area", "severity", "split"];

/** What is chosen, as the server is asked for it. */
export const asked = () => new URLSearchParams([...chosen.value].filter(([name]) => ASKED.includes(name)));

export function Screen() {
  const query = String(asked());
  const answer = useAnswer(() => ask("GET", `/api/reports/period?${query}`), [query]);
  const [behind, setBehind] = useState("");
  useKeys({ p: () => print() });
  const report = /** @type {Report | null} */ (answer?.why === "ok" ? answer.body : null);
  return html`<${Main} title=${t("nav_report")} more="report">
    <h1 class="vh">${t("nav_report")}</h1><${Refusal} answer=${answer} /><${Chosen} report=${report} />
    ${report && html`<${Sheet} report=${report} open=${setBehind} />`}
    ${behind && html`<${Behind} figure=${behind} query=${query} close=${() => setBehind("")} />`}
  <//>`;
}

/** The curve as a file. @param {Report} report */
function picture(report) {
  const drawing = /** @type {SVGSVGElement} */ (document.querySelector(".curve svg"));
  return savePicture(drawing, `${t("report_curve")} ${report.from} ${report.to}`);
}

/** @param {{ report: Report | null }} props */
function Chosen({ report }) {
  const set = (/** @type {string} */ name) => (/** @type {Event} */ event) => choose({ [name]: /** @type {HTMLInputElement} */ (event.target).value });
  const pick = (/** @type {string} */ name, /** @type {[string, string][]} */ options) => html`<label class="pick"><span class="vh">${of("report_by_", name)}</span>
    <select value=${chosen.value.get(name) ?? ""} onChange=${set(name)}>${options.map(([value, word]) => html`<option value=${value}>${word}</option>`)}</select></label>`;
  const severities = /** @type {[string, string][]} */ ([["", t("report_all_severities")], ["high", t("severity_high")], ["high,medium", t("report_high_medium")], ["low", t("severity_low")]]);
  const splits = /** @type {[string, string][]} */ ([["", t("report_no_split")], ...["policy", "severity", "category", "area"].map((one) => [one, of("report_split_", one)])]);
  const file = (/** @type {string} */ more) => `/api/reports/table?${asked()}${more}`;
  return html`<div class="fb">
    <label>${t("report_from")} <input type="date" value=${report?.from ?? chosen.value.get("from") ?? ""} onChange=${set("from")} /></label>
    <label>${t("report_to")} <input type="date" value=${report?.to ?? chosen.value.get("to") ?? ""} onChange=${set("to")} /></label>
    ${pick("area", [["", t("all_areas")], .../** @type {[string, string][]} */ (areas.value.map((area) => [area.path, area.name]))])}${pick("severity", severities)}${pick("split", splits)}
    <span class="grow"></span>${report && html`<span class="mut">${t("report_open", { n: report.all.still_open })}</span>`}
    <a class="btn s" href=${file("&table=curve")} download>CSV</a><a class="btn s" href=${file("&format=xlsx")} download>XLSX</a><button class="btn s" disabled=${!report?.all.warned} onClick=${() => report && picture(report)}>PNG</button><button class="btn s" onClick=${() => print()}>${t("report_print")} <kbd>p</kbd></button></div>`;
}

/** @param {{ report: Report, open: (figure: string) => void }} props */
function Sheet({ report, open }) {
  if (!report.all.warned) return html`<div class="empty"><b>${t("report_nobody")}</b><p>${t("report_nobody_text", { n: report.exercises })}</p></div>`;
  return html`<p class="sheet-title"><b>${SERVICE}: ${t("report_title")}</b><span>${report.area ?? t("all_areas")} · ${t("report_settled", { from: day(report.from, language.value), to: day(report.to, language.value) })}</span></p><${Hero} report=${report} open=${open} />
    <div class="g2"><${Curve} report=${report} /><${Funnel} report=${report} open=${open} /><${Stages} report=${report} open=${open} /></div>
    <div class="g3"><${Areas} report=${report} open=${open} /><${Hours} report=${report} open=${open} /><${Reasons} report=${report} open=${open} /><${Rates} report=${report} open=${open} /></div>
    <${Meant} report=${report} />`;
}

/** @param {{ report: Report, open: (figure: string) => void }} props */
function Hero({ report, open }) {
  const { all, target_minutes: target } = report;
  const wall = all.within.find((one) => one.minutes === target);
  const never = (/** @type {{ minutes: number | null }} */ one) => (one.minutes === null ? t(all.complete ? "report_never" : "report_not_yet") : t("report_minutes", { n: minutes(one.minutes) }));
  return html`<section class="hero"><button class="big" onClick=${() => open(`reached&within=${target}`)}>${all.few ? t("report_few") : percent(wall?.share)}</button>
    <div><p><b>${t("report_hero", { n: all.warned, minutes: target })}</b> <span class="mut">${t("report_band", { low: percent(wall?.low), high: percent(wall?.high) })}</span></p>
      <p class="sub"><${Change} past=${report.before} word="report_before" />${" · "}<${Change} past=${report.year_before} word="report_year" /></p></div>
    <dl class="mini">${all.within.filter((one) => one.minutes !== target && one.minutes <= 60).map((one) => html`<div><dd>${percent(one.share)}</dd><dt>${t("report_in", { n: one.minutes })}</dt></div>`)}
      <div><dd>${never(all.median)}</dd><dt>${t("report_median")}</dt></div><div><dd>${never(all.ninth_tenth)}</dd><dt>${t("report_ninth")}</dt></div></dl></section>`;
}

/** @param {{ past: Report["before"], word: "report_before" | "report_year" }} props */
function Change({ past, word }) {
  if (past.share === null || past.few) return html`<span>${t(word)}: ${t("report_no_past")}</span>`;
  const by = past.difference ?? 0;
  return html`<span><b class=${by >= 0 ? "good" : "late"}>${by >= 0 ? "▲" : "▼"} ${points(by)}</b> ${t("report_on", { word: t(word), share: percent(past.share), low: points(past.difference_low), high: points(past.difference_high) })}</span>`;
}

/** @param {{ report: Report }} props */
const Meant = ({ report }) => html`<details class="meant"><summary>${t("report_how")}</summary><p>${t("report_definitions", { n: report.exercises })}</p></details>
  <p class="foot-note"><span>${t("report_settled", { from: day(report.from, language.value), to: day(report.to, language.value) })}</span><span>${t("report_printed", { time: `${day(report.now.slice(0, 10), language.value)} ${clock(report.now)}` })}</span></p>`;
