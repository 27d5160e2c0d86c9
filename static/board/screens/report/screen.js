// @ts-check
// The report on a period: one number, its band, its past; then the curve it is read from, then where the minutes went.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { Main, Refusal, SERVICE, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { choose, chosen } from "../../router.js";
import { language, named, of, t } from "../../words.js";
import { Areas, Hours } from "./areas.js";
import { Funnel, Rates, Reasons, Stages } from "./bars.js";
import { Behind } from "./behind.js";
import { Curve, Multiples } from "./curve.js";
import { day, dayAndTime, link, linked, minutes, percent, points } from "./figures.js";
import { savePicture } from "./picture.js";

/** @import { Open, Report } from "./figures.js" */

const ASKED = ["from", "to", "area", "severity", "category", "split", "first", "second"];

/** What is chosen, as the server is asked for it. */
export const asked = () => new URLSearchParams([...chosen.value].filter(([name]) => ASKED.includes(name)));

export function Screen() {
  const query = String(asked());
  const answer = useAnswer(() => ask("GET", `/api/reports/period?${query}`), [query]);
  const [behind, setBehind] = useState("");
  useKeys({ p: () => print() });
  const report = /** @type {Report | null} */ (answer?.why === "ok" ? answer.body : null);
  return html`<${Main} title=${t("nav_report")} more="report">
    <h1 class="vh">${t("nav_report")}</h1><${Refusal} answer=${answer} /><${Chosen} report=${report} open=${setBehind} />
    ${report && html`<${Sheet} report=${report} open=${setBehind} />`}
    ${behind && report && html`<${Behind} report=${report} figure=${behind} query=${query} close=${() => setBehind("")} />`}
  <//>`;
}

/** The curve as a file. @param {Report} report */
function picture(report) {
  const drawing = /** @type {SVGSVGElement} */ (document.querySelector(".curve svg"));
  return savePicture(drawing, `${t("report_curve")} ${report.from} ${report.to}`);
}

/** @param {{ report: Report | null, open: Open }} props */
function Chosen({ report, open }) {
  const desk = useAnswer(() => ask("GET", "/api/desk"), []);
  const categories = (desk?.body?.categories ?? []).map((/** @type {any} */ one) => [one.code, named(one.name) || one.code]);
  const set = (/** @type {string} */ name) => (/** @type {Event} */ event) => choose({ [name]: /** @type {HTMLInputElement} */ (event.target).value });
  const pick = (/** @type {string} */ name, /** @type {[string, string][]} */ options) => html`<label class="pick"><span class="vh">${of("report_by_", name)}</span>
    <select value=${chosen.value.get(name) ?? ""} onChange=${set(name)}>${options.map(([value, word]) => html`<option value=${value}>${word}</option>`)}</select></label>`;
  const severities = /** @type {[string, string][]} */ ([["", t("report_all_severities")], ["high", t("severity_high")], ["high,medium", t("report_high_medium")], ["low", t("severity_low")]]);
  const splits = /** @type {[string, string][]} */ ([["", t("report_no_split")], ...["policy", "severity", "category", "area"].map((one) => [one, of("report_split_", one)])]);
  const file = (/** @type {string} */ more) => `/api/reports/table?${asked()}${more}`;
  return html`<div class="fb">
    <label>${t("report_from")} <input type="date" value=${report?.from ?? chosen.value.get("from") ?? ""} onChange=${set("from")} /></label>
    <label>${t("report_to")} <input type="date" value=${report?.to ?? chosen.value.get("to") ?? ""} onChange=${set("to")} /></label>
    ${pick("area", [["", t("all_areas")], .../** @type {[string, string][]} */ (areas.value.map((area) => [area.path, area.name]))])}${pick("severity", severities)}${pick("category", [["", t("report_all_categories")], ...categories])}${pick("split", splits)}
    <span class="grow"></span>${report && link(t("report_open", { n: report.all.still_open }), "open", open)}
    <a class="btn s" href=${file("&table=curve")} title=${t("report_csv")} download>CSV</a><a class="btn s" href=${file("&format=xlsx")} download>XLSX</a><button class="btn s" disabled=${!report?.all.warned} onClick=${() => report && picture(report)}>PNG</button><button class="btn s" onClick=${() => print()}>${t("report_print")} <kbd>p</kbd></button></div>`;
}

/** @param {{ report: Report, open: Open }} props */
function Sheet({ report, open }) {
  if (!report.all.warned) return html`<div class="empty"><b>${t("report_nobody")}</b><p>${t("report_nobody_text", { n: report.exercises })}</p></div>`;
  return html`<p class="sheet-title"><b>${SERVICE}: ${t("report_title")}</b><span>${areas.value.find((area) => area.path === report.area)?.name ?? t("all_areas")} · ${t("report_settled", { from: day(report.from, language.value), to: day(report.to, language.value) })}</span></p><${Hero} report=${report} open=${open} />
    <div class="g2"><${Curve} report=${report} open=${open} /><${Funnel} report=${report} open=${open} /><${Stages} report=${report} open=${open} /></div>${report.groups.length > 2 && html`<${Multiples} report=${report} />`}
    <div class="g3"><${Areas} report=${report} open=${open} /><${Hours} report=${report} open=${open} /><${Reasons} report=${report} open=${open} /><${Rates} report=${report} open=${open} /></div>
    <details class="meant"><summary>${t("report_how")}</summary><p>${t("report_definitions", { n: report.exercises })}</p></details>
    <p class="foot-note">${t("report_printed", { time: dayAndTime(report.now) })}</p>`;
}

/** @param {{ report: Report, open: Open }} props */
function Hero({ report, open }) {
  const { all, target_minutes: target } = report;
  const wall = all.within.find((one) => one.minutes === target);
  const late = (/** @type {import("../../words.js").Word} */ word, /** @type {{ minutes: number | null }} */ one) => html`<div><dd>${link(never(one), "reached", open, t(word))}</dd><dt>${t(word)}</dt></div>`;
  const never = (/** @type {{ minutes: number | null }} */ one) => (one.minutes === null ? t(all.complete ? "report_never" : "report_not_yet") : t("report_minutes", { n: minutes(one.minutes) }));
  return html`<section class="hero"><button class="big" onClick=${() => open(`reached&within=${target}`)}>${all.few ? t("report_few") : percent(wall?.share)}</button>
    <div><p><b>${linked("report_hero", { n: link(all.warned, "warned", open, t("report_warned")), minutes: target })}</b> <span class="mut">${t("report_band", { low: percent(wall?.low), high: percent(wall?.high) })}</span></p>
      <p class="sub">${change(report.before, "report_before", target, open)}${" · "}${change(report.year_before, "report_year", target, open)}</p></div>
    <dl class="mini">${all.within.filter((one) => one.minutes !== target && one.minutes <= 60).map((one) => html`<div><dd>${link(percent(one.share), `reached&within=${one.minutes}`, open, t("report_in", { n: one.minutes }))}</dd><dt>${t("report_in", { n: one.minutes })}</dt></div>`)}
      ${late("report_median", all.median)}${late("report_ninth", all.ninth_tenth)}</dl></section>`;
}

/** @param {Report["before"]} past @param {"report_before" | "report_year"} word @param {number} target @param {Open} open */
function change(past, word, target, open) {
  if (past.share === null || past.few) return html`<span>${t(word)}: ${t("report_no_past")}</span>`;
  const by = past.difference ?? 0;
  return html`<span><b class=${by >= 0 ? "good" : "late"}>${by >= 0 ? "▲" : "▼"} ${points(by)}</b> ${linked("report_on", { word: t(word), share: link(percent(past.share), `reached&within=${target}&from=${past.from}&to=${past.to}`, open, t(word)), low: points(past.difference_low), high: points(past.difference_high) })}</span>`;
}
