// @ts-check
// The share within the target by area and by hour: four fixed classes, the same on map and hours, the number in each.
import { html } from "../../../shared/html.js";
import { t } from "../../words.js";
import { classOf, link, table } from "./figures.js";

/** @import { AreaShare, Open, Report } from "./figures.js" */

const [WIDE, HIGH] = [288, 210];

/** @param {AreaShare} area @returns {number[][][]} rings of longitude and latitude */
const rings = (area) => (area.boundary?.type === "MultiPolygon" ? area.boundary.coordinates.flat() : (area.boundary?.coordinates ?? []));
/** @param {{ few: boolean, share: number | null }} one */
const tone = (one) => (one.few || one.share === null ? "few" : `class-${classOf(one.share)}`);
/** @param {{ few: boolean, share: number | null }} one */
const said = (one) => (one.few || one.share === null ? "n<20" : Math.round(one.share * 100));

/** @param {AreaShare} area */
const behind = (area) => `warned&place=${encodeURIComponent(area.path ?? "")}`;
/** @typedef {{ report: Report, open: Open }} Given */

/** @param {Given} props */
export function Areas({ report, open }) {
  const drawn = report.areas.filter((area) => area.boundary);
  const all = drawn.flatMap((area) => rings(area).flat());
  const [[west, east], [south, north]] = [0, 1].map((way) => [Math.min, Math.max].map((end) => end(...all.map((p) => p[way]))));
  const flat = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min(WIDE / ((east - west) * flat || 1), HIGH / (north - south || 1));
  const at = (/** @type {number[]} */ [lon, lat]) => [(lon - west) * flat * scale, (north - lat) * scale];
  const path = (/** @type {AreaShare} */ area) => rings(area).map((ring) => `M${ring.map((point) => at(point).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`).join("");
  const middle = (/** @type {AreaShare} */ area) => at(rings(area)[0].slice(1).reduce((sum, p, _, ring) => [sum[0] + p[0] / ring.length, sum[1] + p[1] / ring.length], [0, 0]));
  return html`<section class="cell"><h2 class="ch">${t("report_by_grid")} <span>${t("report_in_target", { minutes: report.target_minutes })}</span></h2>
    ${drawn[0] && html`<svg class="areas" viewBox="-2 -2 ${WIDE + 4} ${HIGH + 4}" role="img" aria-label=${t("report_by_grid")}>${drawn.map((area) => html`<path class=${tone(area)} d=${path(area)} onClick=${() => open(behind(area))}><title>${area.name}: ${said(area)}</title></path><text class="mid" x=${middle(area)[0]} y=${middle(area)[1] + 4}>${said(area)}</text>`)}</svg>
      <p class="mut small keyed">${[0, 1, 2, 3].map((one) => html`<i class="class-${one}"></i>`)}${t("report_classes")}</p>`}
    ${table([t("area"), "%", "n"], report.areas.map((area) => [area.name ?? t("q_no_area"), said(area), link(area.warned, behind(area), open, area.name ?? t("q_no_area"))]), !drawn[0])}</section>`;
}

/** @param {Given} props */
export function Hours({ report, open }) {
  const figure = (/** @type {{ hour: number, weekend: boolean }} */ { hour, weekend }) => `warned&hour=${hour}&weekend=${+weekend}`;
  const hourOf = (/** @type {{ hour: number, weekend: boolean }} */ { hour, weekend }) => `${t(weekend ? "report_weekend" : "report_weekdays")} ${hour}:00`;
  // A weekend's stand on those of the weekdays at that hour.
  const both = report.hours.map((one, at) => one.warned + (report.hours[at - 24]?.warned ?? 0));
  const most = Math.max(1, ...both);
  const named = report.hours.filter((one) => !one.few && one.share !== null).sort((a, b) => (a.share ?? 0) - (b.share ?? 0));
  const ends = [...new Set([named[0], named.at(-1)])];
  const manned = report.hours.filter((one) => one.nobody !== null).sort((a, b) => (b.nobody ?? 0) - (a.nobody ?? 0));
  const whole = (/** @type {number | null | undefined} */ share) => `${Math.round((share ?? 0) * 100)} %`;
  return html`<section class="cell"><h2 class="ch">${t("report_by_hour")} <span>${t("report_in_target", { minutes: report.target_minutes })}</span></h2>
    <svg class="hours" viewBox="0 0 288 150" role="img" aria-label=${t("report_by_hour")}>
      ${[false, true].map((weekend) => html`<text x="0" y=${weekend ? 54 : 28}>${t(weekend ? "report_weekend" : "report_weekdays")}</text>`)}
      ${report.hours.map((one) => html`<rect class=${tone(one)} x=${52 + one.hour * 9.8} y=${one.weekend ? 40 : 14} width="9" height="20" onClick=${() => open(figure(one))}><title>${one.hour}:00 ${said(one)}</title></rect>`)}
      ${report.hours.map((one, at) => html`<rect class="warned" x=${52 + one.hour * 9.8} y=${130 - (52 * both[at]) / most} width="9" height=${(52 * one.warned) / most} onClick=${() => open(figure(one))} />`)}
      <text x="0" y="110">${t("report_warned")}</text>${[0, 6, 12, 18].map((hour) => html`<text x=${52 + hour * 9.8} y="145">${String(hour).padStart(2, "0")}</text>`)}</svg>
    <p class="small">${ends.map((one) => one && [link(`${hourOf(one)} ${said(one)} %`, figure(one), open), " "])}</p>
    ${manned[0] && html`<p class="small">${t("report_nobody_on_shift", { most: hourOf(manned[0]), share: whole(manned[0].nobody), least: hourOf(manned[manned.length - 1]), other: whole(manned.at(-1)?.nobody) })}</p>`}
    ${table([t("report_hour"), "%", "n", manned[0] && t("report_nobody_on")], report.hours.map((one) => [hourOf(one), said(one), link(one.warned, figure(one), open, hourOf(one)), manned[0] && (one.nobody === null ? "–" : whole(one.nobody))]))}</section>`;
}
