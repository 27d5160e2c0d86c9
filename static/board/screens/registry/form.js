// @ts-check
// One record and its form: what was read, what is typed, what is wrong in it, and what somebody else changed meanwhile.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useRef, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { Icon, Refusal, faultsOf, say, toast } from "../../frame.js";
import { language, of, t } from "../../words.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {Record<string, any>} Draft what stands in the fields, by name */
/**
 * @typedef {object} Kind
 * @property {string} path where it is kept; a new one is posted there
 * @property {boolean} may whether one may change it
 * @property {Draft} blank what a new one begins with
 * @property {() => Promise<Answer>} read
 * @property {(record: any) => Draft} draftOf
 * @property {(draft: Draft, record: any) => object} bodyOf
 * @property {(record: any, fresh: boolean) => void} saved
 */
/** @typedef {{ draft: Draft, set: (name: string, value: any) => void, faults: Record<string, string>, path: string, may: boolean }} Fields */
/** @typedef {{ name: string, now: any, mine: any, both: boolean }} Changed */

const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {string} id `new`: there is none yet @param {Kind} kind */
export function useRecord(id, kind) {
  const fresh = id === "new";
  const [record, setRecord] = useState(/** @type {any} */ (null));
  const [draft, setDraft] = useState(/** @type {Draft | null} */ (null));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const [theirs, setTheirs] = useState(/** @type {Changed[] | null} */ (null));
  const [busy, setBusy] = useState(false);
  const show = (/** @type {any} */ found) => {
    setRecord(found);
    setDraft(kind.draftOf(found));
    setTheirs(null);
  };
  useEffect(() => {
    let here = true;
    [setDraft, setRecord, setAnswer, setTheirs].forEach((clear) => clear(null));
    if (fresh) setDraft(kind.blank);
    else void kind.read().then((said) => here && (said.why === "ok" ? show(said.body) : setAnswer(said)));
    return () => void (here = false);
  }, [kind.path, id]);
  /** Theirs come in wherever one has not typed oneself; what both changed stays as typed, and is shown beside theirs. @type {(draft: Draft) => Promise<void>} */
  const meet = async (draft) => {
    const now = await kind.read();
    if (now.why !== "ok") return setAnswer(now);
    const [was, other] = [kind.draftOf(record), kind.draftOf(now.body)];
    const changed = Object.keys(other).filter((name) => !same(other[name], was[name]));
    setRecord(now.body);
    // What changed is none of this form's, such as a shift.
    if (!changed.length) return send(draft, now.body);
    setTheirs(changed.map((name) => ({ name, now: other[name], mine: draft[name], both: !same(draft[name], was[name]) && !same(draft[name], other[name]) })));
    setDraft(Object.fromEntries(Object.keys(other).map((name) => [name, same(draft[name], was[name]) ? other[name] : draft[name]])));
    say(t("case_conflict_said"));
  };
  /** @type {(draft: Draft, base: any) => Promise<void>} */
  const send = async (draft, base) => {
    const body = kind.bodyOf(draft, base);
    const said = fresh ? await ask("POST", kind.path, body) : await ask("PUT", `${kind.path}/${id}`, body, { "If-Match": `"${base.version}"` });
    setAnswer(said.code === "StaleVersion" ? null : said);
    if (said.code === "StaleVersion") return meet(draft);
    if (said.why !== "ok") return;
    toast(t("reg_saved"));
    if (!fresh) show(said.body);
    kind.saved(said.body, fresh);
  };
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy || !draft) return;
    setBusy(true);
    await send(draft, record);
    setBusy(false);
  };
  // What is wrong may be far above the button.
  useEffect(() => /** @type {HTMLElement | null} */ (document.querySelector(".rg-fields [aria-invalid]"))?.focus(), [answer]);
  const set = (/** @type {string} */ name, /** @type {any} */ value) => setDraft((/** @type {Draft} */ before) => ({ ...before, [name]: value }));
  return { fresh, record, draft: draft ?? {}, ready: draft !== null, set, save, show, busy, answer, faults: faultsOf(answer), path: "", theirs, may: kind.may };
}

/** The form around its fields, with what came from somebody else above and why it was refused below. @param {{ of: any, title: string, children?: any }} props */
export function Form({ of: form, title, children }) {
  if (!form.ready) return html`<${Refusal} answer=${form.answer} />`;
  return html`<form class="rg-fields" onSubmit=${form.save} aria-label=${title}><h2>${title}</h2>
    ${form.theirs && html`<${Meanwhile} form=${form} />`}
    <fieldset disabled=${!form.may}>${children}</fieldset>
    ${form.may && html`<${Refusal} answer=${form.answer} /><p><button class="btn p" disabled=${form.busy}>${t("reg_save")}</button></p>`}</form>`;
}

/** @param {{ form: any }} props */
function Meanwhile({ form }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []);
  return html`<div class="banner" role="alert" ref=${place}><${Icon} name="warn" /><div class="grow"><b>${t("reg_meanwhile")}</b>
  <ul>${form.theirs.map((/** @type {Changed} */ one) => html`<li>${labelled(one.name)}: ${called(one.name, one.now)}${one.both && html` <span class="late">${t("reg_yours", { what: called(one.name, one.mine) })}</span>`}</li>`)}</ul></div>
  <button type="button" class="btn s p" onClick=${() => form.show(form.record)}>${t("case_keep_theirs")}</button><button class="btn s">${t("reg_mine")}</button></div>`;
}

/** A field's value as its list calls it. @param {string} name @param {any} value @returns {string} */
function called(name, value) {
  const area = (name === "area" || name === "parent") && areas.value.find((each) => each.code === value);
  return area ? area.name : name === "language" && value ? spoken(value) : said(value);
}

/** A value in words, as the form would show it. @param {any} value @returns {string} */
const said = (value) => (value === "" || value == null ? "–" : typeof value === "boolean" ? (value ? "✓" : "–") : Array.isArray(value) ? value.map(said).join("; ") : typeof value === "object" ? Object.entries(value).filter(([name, part]) => name !== "id" && part).map(([, part]) => said(part)).join(" ") : String(value));

/** A field's word; `say.en` is that of `say`, with the language. @param {string} name */
export function labelled(name) {
  const [part, tag] = name.split(".");
  return of("reg_", part) + (tag ? ` · ${spoken(tag)}` : "");
}

/** What a language is called; a browser knows few of those spoken here. @param {string} tag */
export const spoken = (tag) => of("reg_tongue_", new Intl.DisplayNames(language.value, { type: "language" }).of(tag) ?? tag);

/** Why a field was refused, in the words of whoever reads it. @type {[RegExp, "missing" | "long" | "taken" | "unknown" | "past" | "holds" | "crosses" | "shape" | "larger" | "stay" | "after" | "wrong"][]} */
const WHY = [
  [/required|at least|give |null|valid string/, "missing"],
  [/at most|more than \d/, "long"],
  [/has it|twice|shift then/, "taken"],
  [/^no |name one|nobody|none/, "unknown"],
  [/is past/, "past"],
  [/they hold/, "holds"],
  [/crosses/, "crosses"],
  [/corners|where it begins|rings|Polygon|latitude/, "shape"],
  [/larger/, "larger"],
  [/stay:/, "stay"],
  [/end after/, "after"],
];

/** @param {Fields} form @param {string} name */
function faultOf(form, name) {
  const at = form.path + name;
  // That a span ends too soon is said of the whole of it.
  const whole = name === "ends_at" ? form.path.slice(0, -1) || "body" : at;
  const reason = Object.entries(form.faults).find(([field]) => field === at || field === whole || field.startsWith(`${at}.`))?.[1];
  return reason && t(`reg_why_${WHY.find(([pattern]) => pattern.test(reason))?.[1] ?? "wrong"}`);
}

/** @param {any} props */
function Field({ form, name, word = name, children }) {
  const fault = faultOf(form, name);
  return html`<label class="field">${labelled(word)}${children(fault ? "true" : undefined)}${fault && html`<span class="refusal">${fault}</span>`}</label>`;
}

const typed = (/** @type {Fields} */ form, /** @type {string} */ name) => (/** @type {any} */ event) => form.set(name, event.target.value);

/** @param {any} props */
export const Text = ({ of: form, name, word, long, ...more }) => html`<${Field} form=${form} name=${name} word=${word}>${(/** @type {any} */ wrong) => long
  ? html`<textarea rows=${long} value=${form.draft[name]} aria-invalid=${wrong} onInput=${typed(form, name)} ...${more}></textarea>`
  : html`<input autocomplete="off" value=${form.draft[name]} aria-invalid=${wrong} onInput=${typed(form, name)} ...${more} />`}<//>`;

/** One of several; what stands there now is always among them. @param {{ of: Fields, name: string, from: [string, string][], none?: boolean }} props */
export function Pick({ of: form, name, from, none }) {
  const now = form.draft[name] ?? "";
  const all = now && !from.some(([value]) => value === now) ? [...from, [now, now]] : from;
  return html`<${Field} form=${form} name=${name}>${(/** @type {any} */ wrong) => html`<select value=${now} aria-invalid=${wrong} onChange=${typed(form, name)}>
    ${(none || !now) && html`<option value="">–</option>`}${all.map(([value, word]) => html`<option value=${value}>${word}</option>`)}</select>`}<//>`;
}

/** Codes with their words. @param {string} part @param {string[]} codes @returns {[string, string][]} */
export const worded = (part, codes) => codes.map((code) => [code, of(part, code)]);

/** @param {{ of: Fields, name?: string, none?: boolean }} props */
export const PickArea = ({ of: form, name = "area", none }) => html`<${Pick} of=${form} name=${name} none=${none} from=${areas.value.map((area) => [area.code, " ".repeat(area.depth) + area.name])} />`;

/** @param {{ of: Fields, name: string }} props */
export const Tick = ({ of: form, name }) => html`<label class="check"><input type="checkbox" checked=${Boolean(form.draft[name])} onChange=${(/** @type {any} */ event) => form.set(name, event.target.checked)} />${labelled(name)}</label>`;

/** Several codes of those there are, the one first ticked first. @param {{ of: Fields, name: string, from: [string, string][] }} props */
export function Ticks({ of: form, name, from }) {
  const now = /** @type {string[]} */ (form.draft[name] ?? []);
  const all = [...from, ...now.filter((code) => !from.some(([known]) => known === code)).map((code) => [code, code])];
  const turn = (/** @type {string} */ code) => form.set(name, now.includes(code) ? now.filter((one) => one !== code) : [...now, code]);
  const fault = faultOf(form, name);
  return html`<div role="group" aria-label=${labelled(name)} class="rg-rows"><h3>${labelled(name)}</h3><div class="rg-ticks">${all.map(([code, word]) => html`<label class="check"><input type="checkbox" checked=${now.includes(code)} onChange=${() => turn(code)} />${word}</label>`)}</div>
    ${fault && html`<span class="refusal">${fault}</span>`}</div>`;
}

/** Several of a kind, one more of which may be added. Those known stay; a new one may be taken back. @param {{ of: any, name: string, blank: Draft, all?: boolean, title?: (row: Draft) => string, children?: any }} props */
export function Rows({ of: form, name, blank, all, title, children }) {
  const rows = /** @type {Draft[]} */ (form.draft[name] ?? []);
  const put = (/** @type {number} */ n, /** @type {Draft} */ row) => form.set(name, rows.map((each, at) => (at === n ? row : each)));
  const drawn = rows.map((row, n) => {
    const fields = { draft: row, set: (/** @type {string} */ field, /** @type {any} */ value) => put(n, { ...row, [field]: value }), faults: form.faults, path: `${name}.${n}.`, may: form.may };
    const inner = html`<div class="rg-row">${children(fields)}${form.may && (all || row.fresh) && html`<button type="button" class="btn s" onClick=${() => form.set(name, rows.filter((_, at) => at !== n))}>${t("reg_drop")}</button>`}</div>`;
    return title ? html`<details open=${row.fresh || Object.keys(form.faults).some((field) => field.startsWith(fields.path))}><summary>${title(row)}</summary>${inner}</details>` : inner;
  });
  return html`<div role="group" aria-label=${labelled(name)} class="rg-rows"><h3>${labelled(name)}</h3>${drawn}
    ${form.may && html`<button type="button" class="btn s" onClick=${() => form.set(name, [...rows, { ...blank, fresh: true }])}>${t("reg_add")}<span class="vh"> ${labelled(name)}</span></button>`}</div>`;
}

/** Something to be taken along: a link, a key. @param {{ label: string, text: string }} props */
export function Copy({ label, text }) {
  const copy = () => void navigator.clipboard.writeText(text).then(() => toast(t("reg_copied")));
  return html`<div class="rg-copy" role="status"><label class="field">${label}<input readonly value=${text} onFocus=${(/** @type {any} */ event) => event.target.select()} /></label><button type="button" class="btn p" onClick=${copy}>${t("reg_copy")}</button></div>`;
}
