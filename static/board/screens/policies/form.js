// @ts-check
// The form of one step, or of the whole ladder: what it was in the other version and what is wrong stand beside the field.
import { html } from "../../../shared/html.js";
import { of, t } from "../../words.js";
import { EVIDENCE, PEOPLE, at, faults, told, word } from "./data.js";

const ROLES = ["grid_worker", "community_worker", "volunteer", "officer"];
const value = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
const number = (/** @type {Event} */ event) => Number(value(event)) || 0;

/** What a form knows: the values, those of the other version if any, its path, how to set one, whether it may. @typedef {{ values: any, were: any, path: string, set: ((field: string, value: any) => void) | null, other: string }} Given */

/** @param {Given & { field: string, children?: any, off?: boolean }} props */
function Row({ field, path, values, were, other, children }) {
  const fault = faults.value[path + field] ?? Object.entries(faults.value).find(([each]) => each.startsWith(`${path}${field}.`))?.[1];
  const changed = were && JSON.stringify(were[field]) !== JSON.stringify(values[field]);
  return html`<div class=${changed ? "f ch" : "f"} role="group" aria-label=${of("policy_f_", field)}><span class="mut" aria-hidden="true">${of("policy_f_", field)}</span>
    <div>${children}${changed && html` <span class="mut">${other}: ${told(were[field])}</span>`}${fault && html`<p class="refusal" role="alert">${of("policy_fault_", fault)}</p>`}</div></div>`;
}

const wrong = (/** @type {string} */ path) => (faults.value[path] ? "true" : undefined);

/** @param {Given & { field: string, optional?: boolean }} props */
function Span(props) {
  const { field, values, set, path, optional } = props;
  const said = values[field];
  const [n, unit] = said ? [said.slice(0, -1), said.at(-1)] : ["", "m"];
  const put = (/** @type {string} */ n, /** @type {string} */ unit) => set?.(field, n || !optional ? `${n || 0}${unit}` : null);
  return html`<${Row} ...${props}><input class="n" type="number" min="0" step="any" aria-label=${of("policy_f_", field)} aria-invalid=${wrong(path + field)} disabled=${!set} value=${n} onChange=${(/** @type {Event} */ event) => put(value(event), unit)} />
    <select aria-label=${t("policy_unit")} disabled=${!set} value=${unit} onChange=${(/** @type {Event} */ event) => put(n, value(event))}>${["s", "m", "h", "d"].map((one) => html`<option value=${one}>${of("policy_unit_", one)}</option>`)}</select><//>`;
}

/** @param {Given & { field: string }} props */
const Count = (props) => html`<${Row} ...${props}><input class="n" type="number" min="0" max="20" aria-label=${of("policy_f_", props.field)} aria-invalid=${wrong(props.path + props.field)} disabled=${!props.set} value=${props.values[props.field]} onChange=${(/** @type {Event} */ event) => props.set?.(props.field, number(event))} /><//>`;

/** @param {Given & { field: string }} props */
const Flag = (props) => html`<${Row} ...${props}><label class="check"><input type="checkbox" disabled=${!props.set} checked=${props.values[props.field]} onChange=${() => props.set?.(props.field, !props.values[props.field])} />${t("policy_yes")}</label><//>`;

/** @param {Given & { field: string, options: string[] }} props */
const Choice = (props) => html`<${Row} ...${props}><select aria-label=${of("policy_f_", props.field)} aria-invalid=${wrong(props.path + props.field)} disabled=${!props.set} value=${props.values[props.field]} onChange=${(/** @type {Event} */ event) => props.set?.(props.field, value(event))}>
  ${props.options.map((one) => html`<option value=${one}>${word(one)}</option>`)}</select><//>`;

/** @param {Given & { field: string, options: string[] }} props */
function Some(props) {
  const { field, values, set, options } = props;
  const has = (/** @type {string} */ one) => values[field].includes(one);
  const flip = (/** @type {string} */ one) => set?.(field, [...values[field].filter((/** @type {string} */ each) => each !== one), ...(has(one) ? [] : [one])].sort());
  return html`<${Row} ...${props}><div class="some">${options.map((one) => html`<label class="check"><input type="checkbox" disabled=${!set} checked=${has(one)} onChange=${() => flip(one)} />${word(one)}</label>`)}</div><//>`;
}

/** @param {Given} props */
function Hours(props) {
  const { values, set } = props;
  const now = values.hours;
  const put = (/** @type {any} */ next) => set?.("hours", next);
  if (values.severity === "high") return html`<${Row} ...${props} field="hours">${t("policy_any_hour")}<//>`;
  return html`<${Row} ...${props} field="hours"><label class="check"><input type="checkbox" disabled=${!set} checked=${!!now} onChange=${() => put(now ? null : { start: "08:00", end: "20:00" })} />${t("policy_only_in_hours")}</label>
    ${now && ["start", "end"].map((part) => html`<input type="time" aria-label=${of("policy_hour_", part)} aria-invalid=${wrong(`hours.${part}`)} disabled=${!set} value=${now[part]} onChange=${(/** @type {Event} */ event) => put({ ...now, [part]: value(event) })} /> `)}<//>`;
}

/** @param {Given} props */
export const WholeForm = (props) => html`<${Some} ...${props} field="accepts" options=${EVIDENCE} /><${Span} ...${props} field="gives_up_after" /><${Span} ...${props} field="again_after" optional />
  <${Hours} ...${props} /><${Flag} ...${props} field="stop_hurries" />${faults.value.steps && html`<p class="refusal" role="alert">${of("policy_fault_", faults.value.steps)}</p>`}`;

/** @param {Given & { texts: Record<string, string[]> }} props */
export function StepForm(props) {
  const { values, texts, path } = props;
  const kind = values.do;
  const people = PEOPLE.includes(kind);
  return html`${faults.value[`${path}do`] && html`<p class="refusal" role="alert">${of("policy_fault_", faults.value[`${path}do`])}</p>`}
    <${Span} ...${props} field="after" />
    ${texts[kind]?.length > 1 && html`<${Choice} ...${props} field="text" options=${texts[kind]} />`}
    ${kind === "follow_up" && html`<${Choice} ...${props} field="by" options=${["call", "visit"]} />`}
    ${people && html`<${Count} ...${props} field="ask" /><${Span} ...${props} field="lapse" /><${Span} ...${props} field="acknowledge" /><${Span} ...${props} field="within" /><${Some} ...${props} field="roles" options=${ROLES} /><${Flag} ...${props} field="same_language" />`}
    ${kind === "visit" && html`<${Flag} ...${props} field="companion" />`}
    ${kind !== "coordinator" && html`<${Count} ...${props} field="repeat" />`}
    ${(kind === "coordinator" || values.repeat > 0) && html`<${Span} ...${props} field="every" />`}
    ${kind !== "follow_up" && html`<${Some} ...${props} field="stops_on" options=${EVIDENCE} />`}`;
}

/** The first field with a fault, opened. @param {Record<string, string>} found */
export function showFaults(found) {
  faults.value = found;
  const [first] = Object.keys(found);
  at.value = first?.startsWith("steps.") ? Number(first.split(".")[1]) : -1;
}
