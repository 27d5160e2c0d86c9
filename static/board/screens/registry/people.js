// @ts-check
// Residents and responders: found by the search, put right, taken down anew.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { decides, me } from "../../data/session.js";
import { Refusal, toast, useAnswer, why } from "../../frame.js";
import { comma, language, named, of, t } from "../../words.js";
import { Copy, Form, Pick, PickArea, Rows, Text, Tick, Ticks, spoken, useRecord, worded } from "./form.js";
import { Hours } from "./shifts.js";

/** @import { Thing } from "./screen.js" */

/** @returns {[string, string][]} */
const languages = () => ["zh-CN", "wuu", "yue", "nan", "en"].map((tag) => [tag, spoken(tag)]);
const parts = (/** @type {string} */ text) => text.split(/[\s,，、;]+/).filter(Boolean);
const orNull = (/** @type {string} */ text) => text.trim() || null;
/** As near as a door, and no longer to read. @param {string | null} text */
const near = (text) => parts(text ?? "").map((part) => Number(part).toFixed(5)).join(", ");
/** `30.27, 120.15` @param {string} text */
const point = (text) => {
  const [lat, lon] = parts(text);
  return lat ? { lat: Number(lat), lon: Number(lon ?? NaN) } : {};
};
const found = (/** @type {string} */ people) => (/** @type {string} */ text, /** @type {string} */ after) => ask("POST", `/api/${people}/search`, { text, after: after || null });

/** @type {Thing} */
export const residents = {
  find: found("residents"),
  line: (row) => ({ title: row.name ?? t("q_no_name"), more: [row.area?.name, row.phone, row.address], tag: row.possible_double ? t("reg_double") : "" }),
  makes: () => decides.value,
  Form: ResidentForm,
};

/** @type {Thing} */
export const responders = {
  find: found("responders"),
  line: (row) => ({ title: row.name, more: [of("case_role_", row.role), row.area.name, `${row.load}/${row.capacity}`], tag: row.vetted_until && Date.parse(row.vetted_until) < Date.now() ? t("reg_vetted_over") : "" }),
  makes: () => decides.value,
  Form: ResponderForm,
};

/** @param {any} record */
const residentDraft = (record) => ({
  name: record.name ?? "",
  language: record.language ?? "",
  area: record.area?.code ?? "",
  vulnerabilities: record.vulnerabilities.join(comma()),
  phones: record.phones.map((/** @type {any} */ one) => ({ id: one.id, number: one.number, kind: one.kind, wrong: Boolean(one.wrong_at) })),
  addresses: record.addresses.map((/** @type {any} */ one) => ({ id: one.id, text: one.text ?? "", point: near(one.point), kind: one.kind, wrong: Boolean(one.wrong_at) })),
  trusted_contacts: record.trusted_contacts.map((/** @type {any} */ one) => ({ id: one.id, name: one.name, number: one.number, relation: one.relation, language: one.language, may_be_told: one.may_be_told, consents: Boolean(one.consent_at) })),
});

/** @param {any} draft @param {any} record */
function residentBody(draft, record) {
  const was = new Map((record?.addresses ?? []).map((/** @type {any} */ one) => [one.id, near(one.point)]));
  const addresses = draft.addresses.map((/** @type {any} */ { id, text, kind, wrong, point: at }) => ({ id, text: orNull(text), kind, wrong, ...(was.get(id) === at ? {} : point(at)) }));
  return { ...draft, name: orNull(draft.name), language: draft.language || null, area: draft.area || null, vulnerabilities: parts(draft.vulnerabilities), addresses };
}

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void }} props */
function ResidentForm({ id, saved }) {
  const path = "/api/residents";
  const blank = { name: "", language: "", area: "", vulnerabilities: "", phones: [{ number: "", kind: "mobile", fresh: true }], addresses: [], trusted_contacts: [] };
  const form = useRecord(id, { path, may: decides.value, blank, read: () => ask("GET", `${path}/${id}`), draftOf: residentDraft, bodyOf: residentBody, saved });
  const wishes = (form.record?.opt_outs ?? []).filter((/** @type {any} */ one) => !one.lifted_at);
  return html`<${Form} of=${form} title=${form.fresh ? t("reg_new_residents") : (form.record?.name ?? t("q_no_name"))}>
    ${form.record?.possible_double_of_id && decides.value && html`<p><a class="tag soon" href=${`#/merge/${id}/${form.record.possible_double_of_id}`}>${t("reg_double")}</a></p>`}
    <${Text} of=${form} name="name" maxlength="200" />
    <div class="pair"><${PickArea} of=${form} none=${me.value?.area === null} /><${Pick} of=${form} name="language" none from=${languages()} /></div>
    <${Text} of=${form} name="vulnerabilities" />
    <${Rows} of=${form} name="phones" blank=${{ number: "", kind: "mobile" }}>${(/** @type {any} */ row) => html`<${Text} of=${row} name="number" inputmode="tel" /><${Pick} of=${row} name="kind" from=${worded("reg_phone_", ["mobile", "landline"])} />${!row.draft.fresh && html`<${Tick} of=${row} name="wrong" />`}`}<//>
    <${Rows} of=${form} name="addresses" blank=${{ text: "", point: "", kind: "home" }}>${(/** @type {any} */ row) => html`<${Text} of=${row} name="text" maxlength="500" /><${Text} of=${row} name="point" placeholder="30.27, 120.15" />${!row.draft.fresh && html`<${Tick} of=${row} name="wrong" />`}`}<//>
    <${Rows} of=${form} name="trusted_contacts" blank=${{ name: "", number: "", relation: "daughter", may_be_told: "please_call" }}>${(/** @type {any} */ row) => html`<${Text} of=${row} name="name" /><${Text} of=${row} name="number" inputmode="tel" />
      <${Pick} of=${row} name="relation" from=${worded("case_relation_", ["daughter", "son", "spouse", "neighbour"])} /><${Pick} of=${row} name="may_be_told" from=${worded("case_told_", ["nothing", "please_call", "more_by_phone"])} /><${Tick} of=${row} name="consents" />`}<//>
    ${wishes.length > 0 && html`<p class="late">${t("reg_opt_outs")}: ${wishes.map((/** @type {any} */ one) => of("do_", one.channel)).join(comma())}</p>`}<//>
    ${form.record && html`<${Cases} id=${id} />`}`;
}

const [FEW, MOST] = [20, 200];
/** With its year: some are old. @param {string} moment */
const day = (moment) => new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }).format(new Date(moment));

/** Their cases, the last first: where an ended one is found again. @param {{ id: string }} props */
function Cases({ id }) {
  const [most, setMost] = useState(FEW);
  const answer = useAnswer(() => ask("GET", `/api/outreaches?resident_id=${id}&limit=${most}`), [id, most]);
  const desk = useAnswer(() => ask("GET", "/api/categories"), []);
  if (answer?.why !== "ok") return html`<${Refusal} answer=${answer} />`;
  const { outreaches: rows, next } = answer.body;
  const danger = (/** @type {string} */ code) => named((desk?.body?.categories ?? []).find((/** @type {any} */ one) => one.code === code)?.names) || code;
  const stands = (/** @type {any} */ one) => (one.ended_at ? `${of("case_end_", one.end_state)} ${day(one.ended_at)}` : of("reg_case_", one.paused_at ? "paused" : one.status));
  return html`<section class="rg-part"><h3>${t("reg_cases")}</h3>${rows.length > 0 && html`<ul class="rg-small">${rows.map((/** @type {any} */ one) => html`<li><a class="grow" href=${`#/case/${one.id}`}><b>${day(one.opened_at)}</b> ${danger(one.category)}</a><span class=${one.ended_at ? "mut" : "soon"}>${stands(one)}</span></li>`)}</ul>`}
    ${!rows.length && html`<p class="mut">${t("reg_no_cases")}</p>`}${next && most < MOST && html`<button class="btn s" onClick=${() => setMost(MOST)}>${t("reg_more")}</button>`}</section>`;
}

/** @param {any} record */
const responderDraft = (record) => ({
  name: record.name,
  phone: record.phone,
  role: record.role,
  area: record.area.code,
  unit: record.unit?.code ?? "",
  languages: record.languages,
  trained: record.trained,
  capacity: String(record.capacity),
  vetted_until: record.vetted_until?.slice(0, 10) ?? "",
  point: near(`${record.lat},${record.lon}`),
  absences: record.absences.map((/** @type {any} */ one) => ({ starts_at: local(one.starts_at), ends_at: local(one.ends_at) })),
});

/** A moment as a field for local times has it. @param {string} moment */
const local = (moment) => new Date(Date.parse(moment) - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
/** @param {string} text */
const moment = (text) => (text ? new Date(text).toISOString() : "");

/** @param {any} draft @param {any} record */
function responderBody(draft, record) {
  const { point: at, unit, absences, ...rest } = draft;
  const away = absences.map((/** @type {any} */ one) => ({ starts_at: moment(one.starts_at), ends_at: moment(one.ends_at) }));
  // Through the whole of that day.
  const vetted_until = rest.vetted_until ? (record?.vetted_until?.startsWith(rest.vetted_until) ? record.vetted_until : `${rest.vetted_until}T23:59:59Z`) : null;
  const home = record && near(`${record.lat},${record.lon}`) === at ? { lat: record.lat, lon: record.lon } : point(at);
  const said = { ...rest, ...home, capacity: Number(rest.capacity), vetted_until, absences: away, shifts: record?.shifts ?? [] };
  return unit === (record?.unit?.code ?? "") ? said : { ...said, unit: unit || null };
}

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void }} props */
function ResponderForm({ id, saved }) {
  const path = "/api/responders";
  const units = useAnswer(() => ask("GET", "/api/units"), []);
  const desk = useAnswer(() => ask("GET", "/api/categories"), []);
  const blank = { name: "", phone: "", role: "volunteer", area: "", unit: "", languages: ["zh-CN"], trained: [], capacity: "1", vetted_until: "", point: "", absences: [] };
  const form = useRecord(id, { path, may: decides.value, blank, read: () => ask("GET", `${path}/${id}`), draftOf: responderDraft, bodyOf: responderBody, saved });
  // Until somebody says where they live, they are taken to live in the middle of their area.
  const set = (/** @type {string} */ name, /** @type {any} */ value) => {
    form.set(name, value);
    const middle = areas.value.find((area) => area.code === value)?.point;
    if (name === "area" && middle && !form.draft.point) form.set("point", middle.map((/** @type {number} */ part) => part.toFixed(5)).join(", "));
  };
  const all = /** @type {any[]} */ (desk?.body?.categories ?? []);
  const kinds = [...new Set(all.map((one) => one.family))].map((family) => [family, t("reg_family", { family: of("policy_family_", family) })]).concat(all.map((one) => [one.code, named(one.names)]));
  return html`<${Form} of=${form} title=${form.fresh ? t("reg_new_responders") : (form.record?.name ?? "")}>
    <div class="pair"><${Text} of=${form} name="name" maxlength="200" /><${Text} of=${form} name="phone" inputmode="tel" /></div>
    <div class="pair"><${Pick} of=${form} name="role" from=${worded("case_role_", ["volunteer", "grid_worker", "community_worker", "officer"])} /><${PickArea} of=${{ ...form, set }} /></div>
    <div class="pair"><${Pick} of=${form} name="unit" none from=${(units?.body?.units ?? []).map((/** @type {any} */ one) => [one.code, one.name])} /><${Text} of=${form} name="point" placeholder="30.27, 120.15" /></div>
    <div class="pair"><${Text} of=${form} name="capacity" type="number" min="0" max="100" /><${Text} of=${form} name="vetted_until" type="date" /></div>
    <${Ticks} of=${form} name="languages" from=${languages()} /><${Ticks} of=${form} name="trained" from=${kinds} />
    <${Rows} of=${form} name="absences" all blank=${{ starts_at: "", ends_at: "" }}>${(/** @type {any} */ row) => html`<${Text} of=${row} name="starts_at" type="datetime-local" /><${Text} of=${row} name="ends_at" type="datetime-local" />`}<//><//>
    ${form.record && html`<${Hours} id=${id} />`}
    ${form.record && decides.value && html`<${Invite} id=${id} />`}`;
}

/** The link by which they get in on their phone. @param {{ id: string }} props */
function Invite({ id }) {
  const [url, setUrl] = useState("");
  const make = async () => {
    const said = await ask("POST", `/api/responders/${id}/invite`);
    if (said.why === "ok") setUrl(said.body.url);
    else toast(why(said));
  };
  return html`<section class="rg-part"><h3>${t("reg_invite")}</h3>${url ? html`<${Copy} label=${t("reg_invite_link")} text=${url} />` : html`<button class="btn s" onClick=${make}>${t("reg_invite_make")}</button>`}</section>`;
}
