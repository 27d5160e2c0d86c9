// @ts-check
// The kinds of danger: what they are called, what may be found, and what is said; the whole city's.
import { ask } from "../../../shared/api.js";
import { html } from "../../../shared/html.js";
import { me } from "../../data/session.js";
import { language, named, of, t } from "../../words.js";
import { Form, Pick, Rows, Text, Tick, useRecord, worded } from "./form.js";
import { administers, one } from "./places.js";

/** @import { Thing } from "./screen.js" */

const path = "/api/categories";
const PARTS = ["scripts", "say", "keep_back", "door"];
const FLAGS = ["reached", "danger_off", "emergency", "wrong_place", "wrong_number"];
const lines = (/** @type {string} */ text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
/** The languages that a category speaks, one's own first. @param {any} record */
const tongues = (record) => [...new Set([language.value, "zh-CN", "en", ...Object.keys(record.names)])];

/** @type {Thing} */
export const categories = {
  find: () => ask("GET", path),
  line: (row) => ({ title: named(row.names), more: [of("policy_family_", row.family), row.code], tag: row.edited_at ? t("reg_edited") : "" }),
  makes: () => false,
  Form: CategoryForm,
};

/** @param {any} record */
function draftOf(record) {
  const all = tongues(record);
  const flat = (/** @type {string} */ part, /** @type {(tag: string) => any} */ value) => Object.fromEntries(all.map((tag) => [`${part}.${tag}`, value(tag)]));
  const outcomes = record.outcomes.map((/** @type {any} */ { name, ...rest }) => ({ ...rest, follow_up: rest.follow_up ?? "", again_after: rest.again_after ?? "", accurate: String(rest.accurate ?? ""), ...flat("name", (tag) => name[tag] ?? "") }));
  return Object.assign(flat("names", (tag) => record.names[tag] ?? ""), ...PARTS.map((part) => flat(part, (tag) => (record[part][tag] ?? []).join("\n"))), { outcomes });
}

/** @param {any} draft @param {any} record */
function bodyOf(draft, record) {
  const by = (/** @type {any} */ from, /** @type {string} */ part, /** @type {(text: string) => any} */ value) =>
    Object.fromEntries(tongues(record).map((tag) => [tag, value(from[`${part}.${tag}`] ?? "")]).filter(([, said]) => said.length));
  const outcomes = draft.outcomes.map((/** @type {any} */ row) => ({
    ...Object.fromEntries(["code", "ends", ...FLAGS].map((name) => [name, row[name]])),
    name: by(row, "name", (text) => text.trim()),
    follow_up: row.follow_up || null,
    again_after: row.again_after || null,
    accurate: row.accurate === "" ? null : row.accurate === "true",
  }));
  return Object.assign({ names: by(draft, "names", (text) => text.trim()), outcomes }, ...PARTS.map((part) => ({ [part]: by(draft, part, lines) })));
}

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void }} props */
function CategoryForm({ id, saved }) {
  const may = administers() && me.value?.area === null;
  const form = useRecord(id, { path, may, blank: {}, read: () => one(path, "categories", id), draftOf, bodyOf, saved });
  if (!form.record) return html`<${Form} of=${form} title="" />`;
  const all = tongues(form.record);
  const blank = { code: "", ends: "", follow_up: "", again_after: "", accurate: "", ...Object.fromEntries([...FLAGS.map((name) => [name, false]), ...all.map((tag) => [`name.${tag}`, ""])]) };
  return html`<${Form} of=${form} title=${named(form.record.names)}>
    <p class="mut">${of("policy_family_", form.record.family)} · ${form.record.code}${!may && administers() ? ` · ${t("reg_citys")}` : ""}</p>
    <div class="pair">${all.map((tag) => html`<${Text} of=${form} name=${`names.${tag}`} maxlength="120" />`)}</div>
    <${Rows} of=${form} name="outcomes" blank=${blank} title=${(/** @type {any} */ row) => row[`name.${language.value}`] || row.code || "…"}>${(/** @type {any} */ row) => html`${row.draft.fresh && html`<${Text} of=${row} name="code" />`}
      ${all.map((tag) => html`<${Text} of=${row} name=${`name.${tag}`} />`)}
      <${Pick} of=${row} name="ends" none from=${worded("case_end_", ["convinced", "false_alarm", "closed"])} /><${Pick} of=${row} name="accurate" none from=${[["true", t("reg_yes")], ["false", t("reg_no")]]} />
      <${Text} of=${row} name="follow_up" placeholder="30m" /><${Text} of=${row} name="again_after" placeholder="20m" /><div class="rg-ticks">${FLAGS.map((name) => html`<${Tick} of=${row} name=${name} />`)}</div>`}<//>
    ${PARTS.map((part) => html`<div class="pair">${all.map((tag) => html`<${Text} of=${form} name=${`${part}.${tag}`} long=${4} />`)}</div>`)}<//>`;
}
