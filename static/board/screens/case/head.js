// @ts-check
// Whose case it is, how long it has run against its time, and the way to a look at numbers and places.
import { html } from "../../../shared/html.js";
import { Icon, Severity, theTime } from "../../frame.js";
import { lasting, named, of, policyOf, t } from "../../words.js";
import { look, looked, nameOf, view } from "./data.js";

const WIDE = 474;

export function Head() {
  const { resident, severity, area, targets, policy, exercise, taken_by_id, doubles, reached_at, ended_at, opens_record } = view.value;
  const name = resident.name ?? t("case_unnamed");
  return html`<header class="hd"><div class="hd-who">
    <h1>${opens_record ? html`<a href=${`#/registry/residents/${resident.id}`}>${name}</a>` : name}<span>${resident.vulnerabilities.map((/** @type {string} */ one) => of("case_vuln_", one)).join(" · ")}</span></h1>
    <p class="facts"><span><${Severity} severity=${severity} />${of("severity_", severity)} · ${named(view.value.category_name)}</span>
      ${area && html`<span>${area.name}</span>`}<${Numbers} /></p>
    <p class="facts"><span>${t(targets.length === 1 ? "case_warning" : "case_warnings", { n: targets.length })}</span><span>${policyOf(`${policy.name} v${policy.version}`)}</span>
      ${resident.language && html`<span>${of("case_lang_", resident.language)}</span>`}${exercise && html`<span class="tag soon">${t("case_exercise")}</span>`}
      <span>${taken_by_id ? t("case_taken_by", { who: nameOf(taken_by_id) }) : !reached_at && !ended_at && html`<b class="late">${t("case_not_taken")}</b>`}</span>
      ${doubles.length > 0 && html`<a class="tag soon" href=${`#/merge/${resident.id}/${doubles[0]}`}>${t("case_double")}</a>`}</p>
  </div><${Elapsed} /></header>`;
}

function Numbers() {
  const { phones, addresses } = view.value.resident;
  const right = phones.filter((/** @type {any} */ one) => !one.wrong_at);
  const shown = looked.value
    ? [...right.map((/** @type {any} */ one) => html`<a class="u" href=${`tel:${one.number}`}>${one.number}</a> `), ...addresses.map((/** @type {any} */ one) => one.text && html`<span>${one.text} </span>`)]
    : html`${right.map((/** @type {any} */ one) => `${one.number} `)}<button class="btn s g" onClick=${look}>${t("case_look")}</button>`;
  return html`<span class="numbers"><${Icon} name="lock" /> ${shown}</span>`;
}

/** The time that has run, as a share of its own target; each step of the ladder marked where it was taken. */
function Elapsed() {
  const { opened_at, reached_at, ended_at, target_s, timeline } = view.value;
  const began = Date.parse(opened_at);
  const until = Date.parse(reached_at ?? ended_at ?? "") || theTime();
  const ran = Math.max(0, (until - began) / 1000);
  const x = (/** @type {number} */ s) => Math.min(WIDE, (s / Math.max(target_s * 1.35, ran * 1.08)) * WIDE);
  const marks = merged(timeline.filter((/** @type {any} */ line) => line.kind === "step").map((/** @type {any} */ line) => ({ x: x((Date.parse(line.at) - began) / 1000), word: of("case_mark_", line.data.do) })));
  const label = t(ran > target_s ? "case_elapsed_late" : "case_elapsed", { time: lasting(ran), target: Math.round(target_s / 60) });
  return html`<svg class="ran" viewBox="0 -6 520 48" role="img" aria-label=${label}>
    <rect class="bar" x="0" y="16" width=${x(Math.min(ran, target_s))} height="6" />
    ${ran > target_s && html`<rect class="over" x=${x(target_s)} y="14" width=${x(ran) - x(target_s)} height="10" />`}
    ${marks.map((mark) => html`<path d=${`M${mark.x + 0.5} 11v11`} /><text class="mark" x=${mark.x} y="5" text-anchor=${mark.x > 30 ? "middle" : "start"}>${mark.word}</text>`)}
    <path class="wall" d=${`M${x(target_s)} 4v26`} /><text x=${x(target_s)} y="40" text-anchor="middle">${t("case_wall", { n: Math.round(target_s / 60) })}</text>
    <text class=${ran > target_s ? "late-t" : ""} x=${x(ran) + 4} y=${Math.abs(x(ran) - x(target_s)) < 60 ? 22 : 40}>${lasting(ran)}</text>
  </svg>`;
}

/** Where a mark's word stands: from the mark near the left edge, else around it. Letters take 6, Chinese ones 11. @param {{ x: number, word: string }} mark */
function reach({ x, word }) {
  const long = [...word].reduce((sum, letter) => sum + (letter > "\u2e80" ? 11 : 6), 0);
  return x > 30 ? [x - long / 2, x + long / 2] : [x, x + long];
}

/** Marks whose words would stand on each other are said as one. @param {{ x: number, word: string }[]} all */
function merged(all) {
  /** @type {{ x: number, word: string }[]} */
  const apart = [];
  for (const mark of all) {
    const last = apart.at(-1);
    if (!last || reach(mark)[0] > reach(last)[1] + 8) apart.push({ ...mark });
    else if (!last.word.includes(mark.word)) last.word += ` ${mark.word}`;
  }
  return apart;
}
