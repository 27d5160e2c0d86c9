// @ts-check
// Policies: the ladder of one over real minutes, its steps and their forms, what differs from another version, and publishing.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useState } from "../../../shared/html.js";
import { Dialog, Icon, Main, Refusal, faultsOf, toast, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { choose, chosen, go } from "../../router.js";
import { language, of, t, when } from "../../words.js";
import { ICONS, KINDS, at, differences, discard, doing, draft, edit, faults, pairs, seconds, span, takeUp, times, told, undo } from "./data.js";
import { StepForm, WholeForm, showFaults } from "./form.js";
import { Ladder } from "./ladder.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @import { Difference, Draft } from "./data.js" */

/** @param {{ parts: string[] }} props */
export function Screen({ parts }) {
  const [read, setRead] = useState(0);
  const answer = useAnswer(() => ask("GET", "/api/policies"), [read]);
  const all = answer?.body?.policies ?? [];
  const policy = all.find((/** @type {any} */ one) => one.name === parts[0]) ?? all.find((/** @type {any} */ one) => one.severity === "high") ?? all[0];
  return html`<${Main} title=${t("nav_policies")} more="policies"><${Refusal} answer=${answer} />
    ${policy && html`<${Policy} key=${policy.name} policy=${policy} all=${all} said=${answer?.body} again=${() => setRead(read + 1)} />`}<//>`;
}

/** @param {{ policy: any, all: any[], said: any, again: () => void }} props */
function Policy({ policy, all, said, again }) {
  const { versions } = policy;
  useEffect(() => takeUp(policy.name, versions), [policy.name]);
  const [newest] = versions;
  const base = versions.find((/** @type {any} */ one) => one.id === draft.value?.of) ?? newest;
  const usual = draft.value ? base.version : (base.made_from ?? base.version - 1);
  const wish = chosen.value.get("against") ?? String(usual);
  const other = versions.find((/** @type {any} */ one) => String(one.version) === wish && (draft.value || one !== base));
  const mine = useAnswer(() => ask("GET", `/api/policies/${base.id}`), [base.id]);
  const theirs = useAnswer(async () => (other && other !== base ? ask("GET", `/api/policies/${other.id}`) : /** @type {any} */ (null)), [other?.id, base.id]);
  const paired = useAnswer(async () => (other && other !== base ? ask("GET", `/api/policies/${base.id}/changes?of=${other.id}`) : /** @type {any} */ (null)), [other?.id, base.id]);
  if (mine?.why !== "ok") return html`<${Refusal} answer=${mine} />`;
  // An answer about another version than the one chosen now is not here yet.
  if (mine.body.id !== base.id || (other && other !== base && theirs?.body?.id !== other.id)) return null;
  const there = other === base ? mine.body.body : other ? theirs?.body.body : null;
  const word = paired?.body;
  const steps = word?.now === base.version && word?.was === other?.version ? word?.steps : null;
  if (other && other !== base && !steps) return null;
  const now = draft.value ?? { of: base.id, body: mine.body.body, was: mine.body.body.steps.map((/** @type {any} */ _, /** @type {number} */ n) => n) };
  const given = { policy, all, said, again, versions, base, newest, other, there, now, paired: pairs(now, other === base ? null : steps) };
  return html`<${Shown} ...${given} />`;
}

const called = (/** @type {any} */ policy) => `${of("policy_family_", policy.family)} · ${of("severity_", policy.severity)}`;

/** @param {any} props */
function Shown(props) {
  const { policy, all, said, again, base, newest, other, there, now, paired } = props;
  const [asking, setAsking] = useState(/** @type {any} */ (null));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const found = there ? differences(there, now, paired) : [];
  const changed = new Set(found.filter((/** @type {Difference} */ one) => one.path.startsWith("steps.")).map((/** @type {Difference} */ one) => Number(one.path.split(".")[1])));
  const next = `v${newest.version + 1}`;
  const open = props.versions.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.still_open, 0);
  const steps = now.body.steps;
  const here = Math.min(at.value, steps.length - 1);
  const change = said.may_change ? (/** @type {(next: Draft) => void} */ how) => edit(now, how) : null;
  const move = (/** @type {number} */ by) => (at.value = Math.min(Math.max(here + by, -1), steps.length - 1));
  const sooner = (/** @type {number} */ by) => here >= 0 && change?.((next) => (next.body.steps[here].after = `${Math.max(seconds(steps[here].after) / 60 + by, 0)}m`));
  useKeys({ j: () => move(1), k: () => move(-1), "[": () => sooner(-1), "]": () => sooner(1), z: () => undo(), a: () => change && setAsking("step"), Escape: () => go("/") });
  const send = async (/** @type {string} */ path, /** @type {any} */ body, /** @type {string} */ words) => {
    const got = await ask("POST", path, body, { "If-Match": `"${newest.version}"` });
    setAsking(null);
    setAnswer(got);
    showFaults(faultsOf(got));
    if (got.code === "StaleVersion" || got.why === "ok") again();
    if (got.why !== "ok") return;
    if (body) discard();
    choose({ against: "" });
    toast(t(/** @type {any} */ (words), { v: `v${got.body.version}` }));
  };
  const publish = () => {
    const { name, family, severity, ...body } = now.body;
    return send(`/api/policies/${now.of}/versions`, body, "policy_published");
  };
  return html`<header class="ph"><h1>${called(policy)}</h1><span class="tag acc">${draft.value ? t("policy_draft", { v: next }) : `v${base.version}`}</span>
      <span class="mut">${draft.value ? t("policy_draft_of", { v: `v${base.version}` }) : madeBy(base)}</span><span class="grow"></span>
      <label class="pick"><span class="vh">${t("policy_which")}</span><select value=${policy.name} onChange=${(/** @type {any} */ event) => go(`/policies/${event.target.value}`)}>${all.map((/** @type {any} */ one) => html`<option value=${one.name}>${called(one)}</option>`)}</select></label>
      <label class="pick"><span class="vh">${t("policy_against_which")}</span><select value=${other?.version ?? ""} onChange=${(/** @type {any} */ event) => choose({ against: event.target.value || "0" })}>
        <option value="">${t("policy_alone")}</option>${props.versions.filter((/** @type {any} */ one) => draft.value || one !== base).map((/** @type {any} */ one) => html`<option value=${one.version}>${t(one.in_force ? "policy_against_force" : "policy_against", { v: `v${one.version}` })}</option>`)}</select></label>
      ${draft.value && html`<button class="btn" onClick=${() => discard()}>${t("policy_discard")}</button>`}
      ${said.may_change && html`<button class="btn p" disabled=${!draft.value} onClick=${() => setAsking("publish")}>${t("policy_publish", { v: next })}</button>`}</header>
    <${Refusal} answer=${answer} />
    <${Ladder} now=${now} there=${there} paired=${paired} changed=${changed} target=${said.target_minutes * 60} />
    <div class="pg"><${Steps} steps=${steps} there=${there} paired=${paired} here=${here} add=${change && (() => setAsking("step"))} />
      <${Form} ...${props} here=${here} change=${change} /><section><${Changes} found=${found} other=${other} title=${draft.value ? next : `v${base.version}`} /><${Does} open=${open} next=${next} may=${draft.value} />
        <${Versions} versions=${props.versions} said=${said} back=${setAsking} /></section></div>
    ${asking === "step" && html`<${Dialog} title=${t("policy_add")} close=${() => setAsking(null)}><div class="some">${KINDS.map((kind) => html`<button class="btn" onClick=${() => (change?.((next) => add(next, kind, here)), setAsking(null))}><${Icon} name=${ICONS[kind]} />${doing(kind)}</button>`)}</div><//>`}
    ${asking === "publish" && html`<${Sure} title=${t("policy_publish_sure", { v: next })} close=${() => setAsking(null)} yes=${publish}><${Changes} found=${found} other=${other} title=${next} /><//>`}
    ${asking?.id && html`<${Sure} title=${t("policy_back_sure", { v: `v${asking.version}`, next })} close=${() => setAsking(null)} yes=${() => send(`/api/policies/${asking.id}/put-back`, undefined, "policy_is_back")}><p>${t("policy_does_new", { v: next, n: open })}</p><//>`}`;
}

/** A new step after the one that is open; follow-ups come last. @param {Draft} next @param {string} kind @param {number} here */
function add(next, kind, here) {
  const last = next.body.steps.findIndex((step) => step.do === "follow_up");
  const place = kind === "follow_up" || last < 0 ? (kind === "follow_up" ? next.body.steps.length : here + 1) : Math.min(here + 1, last);
  const person = ["person_by_phone", "in_person"].filter((one) => next.body.accepts.includes(one));
  const step = { do: kind, after: "5m", repeat: 0, every: kind === "coordinator" ? "10m" : "0s", stops_on: kind === "follow_up" ? [] : person, by: "call", ask: 2, lapse: "5m", within: "45m", acknowledge: "5m", roles: [], same_language: false, text: "", companion: false };
  next.body.steps.splice(place, 0, step);
  next.was.splice(place, 0, null);
  at.value = place;
}

/** @param {any} version */
const madeBy = (version) => `${t(version.made_by ? "policy_made_by" : "policy_from_file", { who: version.made_by?.name ?? "", day: new Intl.DateTimeFormat(language.value, { dateStyle: "medium" }).format(new Date(version.made_at)), v: `v${version.made_from}` })}`;

/** @param {any} props */
function Steps({ steps, there, paired, here, add }) {
  const [mine, theirs] = [times(steps), there ? times(there.steps) : []];
  const row = (/** @type {number} */ n, /** @type {any} */ inside) => html`<li><button class=${n === here ? "on" : ""} aria-pressed=${n === here} onClick=${() => (at.value = n)}>${inside}</button></li>`;
  const broken = (/** @type {number} */ n) => Object.keys(faults.value).some((path) => (n < 0 ? !path.startsWith("steps.") : path.startsWith(`steps.${n}.`)));
  const mark = (/** @type {number} */ n) => broken(n) && html`<span class="late"><${Icon} name="warn" /><span class="vh">${t("policy_has_fault")}</span></span>`;
  return html`<section><div class="bar-h"><h2>${t("policy_steps")}</h2><span class="grow"></span>${add && html`<button class="btn s" onClick=${add}>${t("policy_add")} <kbd class="desk">a</kbd></button>`}</div>
    <ol class="st">${row(-1, html`<${Icon} name="list" /><b>${t("policy_whole")}</b><span></span>${mark(-1)}`)}${steps.map((/** @type {any} */ step, /** @type {number} */ n) => {
      const was = paired[n] === null ? null : theirs[paired[n]];
      const time = mine[n];
      return row(n, html`<${Icon} name=${ICONS[step.do]} /><b>${doing(step.do)}</b><span>${time === null ? t("policy_once_reached", { n: span(seconds(step.after)) }) : time ? t("policy_at", { n: span(time) }) : t("policy_at_once")}
        ${was != null && was !== time && html` <span class="tag">${t("policy_was", { n: span(was) })}</span>`}${there && paired[n] === null && html` <span class="tag acc">${t("policy_f_new")}</span>`}</span>${mark(n)}`);
    })}</ol><p class="keys desk"><span><kbd>j</kbd><kbd>k</kbd>${t("policy_key_step")}</span>${add && html`<span><kbd>[</kbd><kbd>]</kbd>${t("policy_key_minute")}</span><span><kbd>z</kbd>${t("undo")}</span>`}</p></section>`;
}

/** @param {any} props */
function Form({ now, there, paired, other, said, here, change }) {
  const step = now.body.steps[here];
  const set = change && ((/** @type {string} */ field, /** @type {any} */ value) => change((/** @type {Draft} */ next) => put(here < 0 ? next.body : next.body.steps[here], field, value)));
  const shift = (/** @type {number} */ by) => change((/** @type {Draft} */ next) => {
    for (const list of [next.body.steps, next.was]) list.splice(here + by, 0, .../** @type {any[]} */ (list.splice(here, 1)));
    at.value = here + by;
  });
  const out = () => change((/** @type {Draft} */ next) => (next.body.steps.splice(here, 1), next.was.splice(here, 1)));
  const given = { values: here < 0 ? now.body : step, were: there && (here < 0 ? there : paired[here] === null ? null : there.steps[paired[here]]), path: here < 0 ? "" : `steps.${here}.`, set, other: other ? `v${other.version}` : "" };
  return html`<section key=${here}><h2>${here < 0 ? t("policy_whole") : doing(step.do)}</h2>${here < 0 ? html`<${WholeForm} ...${given} />` : html`<${StepForm} ...${given} texts=${said.texts} />
    ${change && html`<p class="acts"><button class="btn s" disabled=${!here} onClick=${() => shift(-1)}>${t("policy_up")}</button><button class="btn s" disabled=${here === now.body.steps.length - 1} onClick=${() => shift(1)}>${t("policy_down")}</button><button class="btn s danger" disabled=${now.body.steps.length === 1} onClick=${out}>${t("policy_remove")}</button></p>`}`}</section>`;
}

/** @param {any} values @param {string} field @param {any} value */
function put(values, field, value) {
  values[field] = value;
  // A repeat needs a time between.
  if (field === "repeat" && value && !seconds(values.every)) values.every = "5m";
}

/** @param {{ found: Difference[], other: any, title: string }} props */
function Changes({ found, other, title }) {
  if (!other) return null;
  return html`<h2>${t("policy_against_title", { v: title, other: `v${other.version}` })}</h2><ul class="cmp">${found.map((one) => html`<li><${Icon} name=${one.do ? ICONS[one.do] : "list"} /><span>${one.do && `${doing(one.do)}${t("policy_colon")}`}${of("policy_f_", one.field)} ${one.field !== "new" && one.field !== "gone" && html`<del>${told(one.was)}</del> <ins>${told(one.now)}</ins>`}</span></li>`)}
    ${!found.length && html`<li><span></span><span class="mut">${t("policy_same")}</span></li>`}</ul>`;
}

/** @param {any} props */
const Does = ({ open, next, may }) => may && html`<h2>${t("policy_does")}</h2><ul class="ck"><li><${Icon} name="tick" /><span>${t("policy_does_new", { v: next, n: open })}</span></li><li><${Icon} name="tick" /><span>${t("policy_does_back")}</span></li></ul>`;

/** @param {any} props */
function Versions({ versions, said, back }) {
  const share = (/** @type {any} */ one) => (one.share === null ? t("policy_not_known") : one.few ? t("report_few") : `${(one.share * 100).toFixed(1)} %`);
  return html`<h2>${t("policy_versions")}</h2><ul class="vs">${versions.map((/** @type {any} */ one, /** @type {number} */ n) => html`<li><b>v${one.version}</b><span>${madeBy(one)}<small>${t("policy_did", { n: one.began, open: one.still_open })} · ${t("policy_reached_in", { n: said.target_minutes, share: share(one) })}</small></span>
    ${one.in_force ? html`<span class="tag good">${t("policy_in_force")}</span>` : n > 0 && said.may_change && html`<button class="btn s" onClick=${() => back(one)}>${t("policy_put_back")}<span class="vh"> v${one.version}</span></button>`}</li>`)}</ul>
    <p class="mut small">${t("policy_no_forecast")}</p>`;
}

/** @param {any} props */
const Sure = ({ title, close, yes, children }) => html`<${Dialog} title=${title} close=${close}>${children}<p class="acts"><button class="btn p" onClick=${yes}>${t("policy_do_it")}</button><button class="btn" onClick=${close}>${t("policy_not_yet")}</button></p><//>`;
