// @ts-check
// A ladder as it is edited: the draft of one policy, kept in this browser until it is published; and what of it differs.
import { signal } from "../../../shared/html.js";
import { of, read, store, t } from "../../words.js";

/** @typedef {Record<string, any> & { do: string, after: string }} Step */
/** @typedef {Record<string, any> & { steps: Step[] }} Body */
/** What is edited: made of version `of`, of whose steps each was the one at `was` (null: it is new). @typedef {{ of: string, body: Body, was: (number | null)[] }} Draft */
/** @typedef {{ path: string, do: string, field: string, was: any, now: any }} Difference */

export const EVIDENCE = ["key", "speech", "sms_reply", "stop", "person_by_phone", "in_person", "reported_by_contact"];
export const KINDS = ["sms", "voice", "call", "visit", "trusted_contact", "coordinator", "follow_up"];
export const ICONS = /** @type {Record<string, string>} */ ({ sms: "sms", voice: "voice", call: "phone", visit: "door", trusted_contact: "people", coordinator: "up", follow_up: "clock" });
export const PEOPLE = ["call", "visit", "follow_up"];
const UNITS = /** @type {Record<string, number>} */ ({ s: 1, m: 60, h: 3600, d: 86400 });

export const draft = signal(/** @type {Draft | null} */ (null));
/** The step whose form is open; -1: the whole ladder's. */
export const at = signal(0);
/** The faults of the last try by field. */
export const faults = signal(/** @type {Record<string, string>} */ ({}));
let past = /** @type {Draft[]} */ ([]);
let key = "";

/** Take up what was left unfinished of this policy, where it is of a version that there is. @param {string} name @param {{ id: string }[]} versions */
export function takeUp(name, versions) {
  [key, past, at.value, faults.value] = [`policy_${name}`, [], 0, {}];
  const kept = JSON.parse(read(key) || "null");
  draft.value = kept && versions.some((one) => one.id === kept.of) ? kept : null;
}

/** @param {Draft | null} next */
function keep(next) {
  draft.value = next;
  store(key, next ? JSON.stringify(next) : "");
}

/** Change a copy, which can be undone. @param {Draft} now @param {(next: Draft) => void} change */
export function edit(now, change) {
  // What was changed last, even where it is not drawn yet.
  const last = draft.value ?? now;
  const next = structuredClone(last);
  change(next);
  past.push(last);
  keep(next);
}

export const undo = () => past.length && keep(/** @type {Draft} */ (past.pop()));
export const discard = () => ((past = []), (faults.value = {}), keep(null));

/** @param {string} text such as `90s` */
export const seconds = (text) => parseFloat(text) * (UNITS[text.at(-1) ?? "s"] ?? 1);

/** When each step is taken if nothing fails before, in seconds from the warning; null for follow-ups. @param {Step[]} steps */
export function times(steps) {
  let begins = 0;
  return steps.map((step) => {
    if (step.do === "follow_up") return null;
    const mine = begins + seconds(step.after);
    begins = mine + (step.do === "coordinator" ? 0 : step.repeat * seconds(step.every));
    return mine;
  });
}

/** `2 min`, `1.5 h`. @param {number} given seconds */
export function span(given) {
  const unit = given >= 172800 ? "d" : given >= 7200 ? "h" : given % 60 && given < 120 ? "s" : "m";
  return t(`policy_in_${unit}`, { n: Math.round((given / UNITS[unit]) * 10) / 10 });
}

/** What a step does, as cases say it, at the beginning of a line. @param {string} kind */
export function doing(kind) {
  const words = of("case_do_", kind);
  return words[0].toUpperCase() + words.slice(1);
}

/** A code in words: as cases say them. @param {string} code */
export function word(code) {
  const part = ["case_evidence_", "case_role_", "case_do_"].find((part) => of(part, code) !== code);
  return of(part ?? "policy_word_", code);
}

/** A value in words. @param {any} value */
export function told(value) {
  if (value === null || value === "" || (Array.isArray(value) && !value.length)) return "–";
  if (Array.isArray(value)) return value.map(word).join(t("policy_comma"));
  if (typeof value === "object") return `${value.start}–${value.end}`;
  if (typeof value === "boolean") return t(value ? "policy_yes" : "policy_no");
  return /^[\d.]+[smhd]$/.test(value) ? span(seconds(value)) : word(String(value));
}

const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);

/** Which step of the other version each step was: through the version that the draft is of. @param {Draft} now @param {any[] | null} steps the server's word on that version against the other */
export function pairs(now, steps) {
  return now.was.map((was) => (steps && was !== null ? (steps.find((one) => one.now === was)?.was ?? null) : was));
}

/** @param {Body} there @param {Draft} here @param {(number | null)[]} paired @returns {Difference[]} */
export function differences(there, here, paired) {
  const found = /** @type {Difference[]} */ ([]);
  for (const field of Object.keys(here.body))
    if (field !== "steps" && !same(there[field], here.body[field])) found.push({ path: field, do: "", field, was: there[field], now: here.body[field] });
  here.body.steps.forEach((step, n) => {
    const was = paired[n];
    if (was === null) return found.push({ path: `steps.${n}`, do: step.do, field: "new", was: null, now: null });
    for (const field of Object.keys(step)) if (!same(there.steps[was][field], step[field])) found.push({ path: `steps.${n}.${field}`, do: step.do, field, was: there.steps[was][field], now: step[field] });
  });
  there.steps.forEach((step, n) => paired.includes(n) || found.push({ path: "", do: step.do, field: "gone", was: null, now: null }));
  return found;
}
