// @ts-check
// How far they got, where the minutes went, why some were not reached, and how often the warnings were right.
import { html } from "../../../shared/html.js";
import { money, of, t } from "../../words.js";
import { compared, link, linked, minutes, nameOf, only, percent, reasonOf, table } from "./figures.js";

/** @import { Report, StagesOf } from "./figures.js" */
/** @typedef {{ report: Report, open: (figure: string) => void }} Props */
/** @typedef {typeof STEPS[number]} Step */

const CHANNELS = ["sms", "voice", "call", "visit", "other"];
const STEPS = /** @type {const} */ (["contacted", "reached", "convinced"]);
const WIDE = 118;

/** One denominator for all bars. @param {Props} props */
export function Funnel({ report, open }) {
  const { warned, funnel } = report.all;
  const step = (/** @type {Step} */ name) => html`<div class="step"><h3>${link(of("report_", name), name, open)}<span>${funnel[name].count}<em>${percent(funnel[name].count / warned)}</em></span></h3>
    <svg viewBox="0 0 300 20" preserveAspectRatio="none" aria-hidden="true"><rect class="of" x="0.500" y="0.500" width="299" height="19" />${parts(funnel[name].by, warned).map(({ channel, from, wide }) => html`<rect class="ch-${channel}" x=${from} y="0" width=${wide} height="20" />`)}</svg>
    <p class="under">${CHANNELS.filter((channel) => funnel[name].by[channel]).map((channel) => html`<button class="fig-link" onClick=${() => open(`${name}&channel=${channel}`)}><i class="ch-${channel}"></i>${of("report_channel_", channel)} ${funnel[name].by[channel]}</button>`)}</p></div>`;
  return html`<section class="cell funnel"><h2 class="ch">${t("report_funnel")} <span>${t("report_targets", { n: warned })}</span></h2>
    <div class="step"><h3>${link(t("report_warned"), "warned", open)}<span>${warned}<em>100 %</em></span></h3></div>
    ${STEPS.map(step)}<p class="mut small">${t("report_funnel_how")}</p>
    ${table(["", ...STEPS.map((name) => of("report_", name))], ["all", ...CHANNELS].map((channel) => [of("report_channel_", channel), ...STEPS.map((name) => {
      const n = funnel[name].by[channel] ?? funnel[name].count;
      return [link(n, channel === "all" ? name : `${name}&channel=${channel}`, open, `${of("report_", name)}, ${of("report_channel_", channel)}`), ` (${percent(n / warned)})`];
    })]))}</section>`;
}

/** @param {Record<string, number>} by @param {number} warned */
function parts(by, warned) {
  let from = 0;
  return CHANNELS.map((channel) => {
    const wide = (300 * (by[channel] ?? 0)) / warned;
    from += wide;
    return { channel, from: from - wide, wide };
  });
}

/** Where each stage's bar begins, of so many minutes in all, and how wide it is. @param {StagesOf} of @param {number} whole */
function laid({ stages }, whole) {
  let from = 0;
  return stages.map((stage) => {
    const wide = Math.max(((stage.minutes ?? 0) / whole) * WIDE, 0);
    from += wide;
    return { ...stage, from: from - wide, wide: Math.max(wide, 0.8) };
  });
}

/** @param {string} until */
const stageOf = (until) => of("report_stage_", until.replace(" ", "_"));

/** Means, because means add up; of two parts the first, with the second as a line below. @param {Props} props */
export function Stages({ report, open }) {
  const [first, second] = compared(report);
  const kinds = first.stages.filter((one) => one.count);
  const shown = kinds.find((one) => one.channel === "visit") ?? kinds[0];
  if (!shown) return html`<section class="cell"><h2 class="ch">${t("report_stages")}</h2><p class="mut">${t("report_none_reached")}</p></section>`;
  const other = second?.stages.find((one) => one.channel === shown.channel && one.count);
  const whole = Math.max(shown.together ?? 0, other?.together ?? 0) || 1;
  const below = other && laid(other, whole);
  const asked = (shown.channel === "all" ? "" : `&channel=${shown.channel}`) + only(report, first);
  const mean = (/** @type {number | null | undefined} */ of) => (of == null ? "–" : minutes(of));
  const name = nameOf(report, first);
  return html`<section class="cell stages"><h2 class="ch">${t("report_stages")} <span>${t("report_stages_how", { channel: of("report_channel_", shown.channel) })}${name && ` · ${name}`}</span>${link(t("report_cases"), `reached${asked}`, open)}</h2>
    <ul>${laid(shown, whole).map((bar, at) => html`<li><button class="fig-link ell" onClick=${() => open((bar.until === "source told" ? "told" : "reached") + asked)}>→ ${stageOf(bar.until)}</button><svg viewBox="0 0 ${WIDE} 14" preserveAspectRatio="none" aria-hidden="true"><rect class="stage" x=${bar.from} width=${bar.wide} height="10" />${below && html`<rect class="ghost" x=${below[at].from} y="11.500" width=${below[at].wide} height="2" />`}</svg><span class="r">${mean(bar.minutes)}</span></li>`)}</ul>
    <p class="together"><b>${t("report_together")}</b><b>${name} ${t("report_minutes", { n: mean(shown.together) })}</b>${other && html`<span class="mut"><i></i>${nameOf(report, second)} ${mean(other.together)}</span>`}</p>
    ${table(["", name || t("report_minutes", { n: "" }), other && nameOf(report, second)], [...shown.stages.map((bar, at) => [stageOf(bar.until), mean(bar.minutes), below && mean(below[at].minutes)]), [t("report_together"), mean(shown.together), other && mean(other.together)]])}</section>`;
}

/** @param {Props} props */
export function Reasons({ report, open }) {
  const { count, reasons } = report.all.unreached;
  const most = Math.max(1, ...reasons.map((one) => one.count));
  return html`<section class="cell reasons"><h2 class="ch">${t("report_unreached")} <span>${count}, ${percent(count / report.all.warned)}</span>${link(t("report_cases"), "unreached", open)}</h2>
    <ul>${reasons.map((one) => html`<li><button class="fig-link ell" onClick=${() => open(`unreached&reason=${one.reason}`)}>${reasonOf(one.reason)}</button><svg viewBox="0 0 90 12" aria-hidden="true"><rect class="reason" width=${(90 * one.count) / most} height="12" /></svg><span class="r">${one.count}</span></li>`)}</ul>
    <p class="mut small">${t("report_unreached_how", { n: report.exercises })}</p>
    ${table(["", "n", "%"], reasons.map((one) => [reasonOf(one.reason), link(one.count, `unreached&reason=${one.reason}`, open, reasonOf(one.reason)), percent(one.count / report.all.warned)]))}</section>`;
}

/** @param {Props} props */
export function Rates({ report, open }) {
  const { accuracy, feedback, aftermath } = report.all;
  const lost = money(aftermath.lost, report.currency);
  const row = (/** @type {string} */ big, /** @type {string} */ figure, /** @type {any} */ words) => html`<li>${link(big, figure, open)}<p>${words}</p></li>`;
  const tellers = Object.entries(aftermath.told_by).filter(([, n]) => n).map(([by, n], at) => html`${at ? " · " : " "}<button class="fig-link" onClick=${() => open(`defrauded&told_by=${by}`)}>${of("case_after_by_", by)} ${n}</button>`);
  return html`<section class="cell rates"><h2 class="ch">${t("report_rates")}</h2><ul>
    ${row(percent(accuracy.rate), "accurate", linked("report_accurate", { n: link(accuracy.numerator, "accurate", open), of: link(accuracy.denominator, "judged", open) }))}
    ${row(percent(feedback.rate), "fed_back", linked("report_fed_back", { n: link(feedback.numerator, "fed_back", open), of: link(feedback.denominator, "ended", open) }))}
    ${row(String(aftermath.defrauded), "defrauded", html`${linked("report_defrauded", { n: link(aftermath.defrauded_convinced, "defrauded_convinced", open), of: link(aftermath.convinced, "convinced", open), lost })}${tellers.length > 0 && html` <span>${t("report_told_by")}${tellers}</span>`}`)}</ul>
    <p class="mut small">${t("report_load", { people: report.load.responders, tasks: report.load.tasks, median: report.load.median, most: report.load.most })}${report.load.busiest_tenth !== null && ` ${t("report_tenth", { share: percent(report.load.busiest_tenth) })}`}</p></section>`;
}
