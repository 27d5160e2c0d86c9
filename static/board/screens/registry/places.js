// @ts-check
// Areas with their boundaries, and units: kept by admins, read by the others.
import { ask } from "../../../shared/api.js";
import { html, useEffect, useRef } from "../../../shared/html.js";
import { areas as known } from "../../data/areas.js";
import { readBoard } from "../../data/queue.js";
import { me } from "../../data/session.js";
import { areaMap, part } from "../../parts.js";
import { of, t } from "../../words.js";
import { Form, Pick, PickArea, Text, useRecord, worded } from "./form.js";

/** @import { Thing } from "./screen.js" */

export const administers = () => me.value?.role === "admin";
const KINDS = ["city", "district", "street", "community", "grid"];

/** @type {Thing} */
export const areas = {
  find: () => ask("GET", "/api/areas"),
  line: (row) => ({ title: row.name, more: [of("reg_area_", row.kind), row.code], tag: row.drawn || row.kind !== "grid" ? "" : t("reg_undrawn"), depth: row.path.split("/").length }),
  makes: administers,
  Form: AreaForm,
};

/** @type {Thing} */
export const units = {
  find: () => ask("GET", "/api/units"),
  line: (row) => ({ title: row.name, more: [of("reg_unit_", row.kind), row.code] }),
  makes: administers,
  Form: UnitForm,
};

/** The shape out of what stands in the field; nothing: none. A text that is no JSON is sent as it is, and refused. @param {string} text */
const shapeIn = (text) => {
  try {
    return text.trim() ? JSON.parse(text) : null;
  } catch {
    return { type: text };
  }
};

/** @param {{ id: string, saved: (record: any, fresh: boolean) => void }} props */
function AreaForm({ id, saved }) {
  const path = "/api/areas";
  const form = useRecord(id, {
    path,
    may: administers(),
    blank: { code: "", kind: "grid", name: "", parent: "", time_zone: "", boundary: "" },
    read: () => ask("GET", `${path}/${id}`),
    draftOf: (record) => ({ name: record.name, parent: record.parent ?? "", time_zone: record.time_zone ?? "", boundary: record.boundary ? JSON.stringify(record.boundary) : "" }),
    bodyOf: ({ boundary, ...rest }) => ({ ...rest, parent: rest.parent || null, time_zone: rest.time_zone || null, boundary: shapeIn(boundary) }),
    saved: (record, fresh) => (void readBoard(), saved(record, fresh)),
  });
  return html`<${Form} of=${form} title=${form.fresh ? t("reg_new_areas") : (form.record?.name ?? "")}>
    ${form.fresh ? html`<div class="pair"><${Text} of=${form} name="code" maxlength="64" /><${Pick} of=${form} name="kind" from=${worded("reg_area_", KINDS)} /></div>` : html`<p class="mut">${of("reg_area_", form.record?.kind)} · ${form.record?.code}</p>`}
    <${Text} of=${form} name="name" word="names" maxlength="120" />
    <div class="pair"><${PickArea} of=${form} name="parent" none /><${Text} of=${form} name="time_zone" placeholder="Asia/Shanghai" /></div>
    ${form.ready && html`<${Shape} form=${form} />`}
    <${Text} of=${form} name="boundary" long=${4} spellcheck=${false} class="mono" /><//>`;
}

/** The same boundary on a map, corner by corner; the text below it is the way without one. @param {{ form: any }} props */
function Shape({ form }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const map = useRef(/** @type {any} */ (null));
  const latest = useRef(form);
  latest.current = form;
  const own = form.record?.path;
  const draw = () => map.current?.draw(form.draft.boundary, known.value, own);
  useEffect(() => {
    let here = true;
    // The map's library comes only to whoever opens an area.
    void part(areaMap).then((got) => {
      if (!here || !got || !place.current) return;
      map.current = got.shaped(place.current, (text) => latest.current.may && latest.current.set("boundary", text));
      draw();
    });
    return () => {
      here = false;
      map.current?.leave();
      map.current = null;
    };
  }, [form.record?.id]);
  useEffect(draw, [form.draft.boundary, known.value]);
  const change = (/** @type {"back" | "clear"} */ how) => () => form.set("boundary", map.current?.[how](form.draft.boundary) ?? "");
  return html`<div class="rg-rows"><div class="rg-map" ref=${place} role="group" aria-label=${t("reg_boundary_map")}></div>
    ${form.may && html`<p class="rg-hint">${t("reg_boundary_hint")}<span class="grow"></span><button type="button" class="btn s" onClick=${change("back")}>${t("reg_corner_back")}</button><button type="button" class="btn s" onClick=${change("clear")}>${t("reg_clear")}</button></p>`}</div>`;
}

/** @param {{ id: string, row: any, saved: (record: any, fresh: boolean) => void }} props */
function UnitForm({ id, row, saved }) {
  const path = "/api/units";
  const form = useRecord(id, {
    path,
    may: id === "new" ? administers() : Boolean(row?.yours),
    blank: { code: "", name: "", kind: "bank" },
    read: () => one(path, "units", id),
    draftOf: (record) => ({ name: record.name, kind: record.kind }),
    bodyOf: (draft) => draft,
    saved,
  });
  return html`<${Form} of=${form} title=${form.fresh ? t("reg_new_units") : (form.record?.name ?? "")}>
    ${form.fresh ? html`<${Text} of=${form} name="code" maxlength="64" />` : html`<p class="mut">${form.record?.code}</p>`}
    <${Text} of=${form} name="name" word="names" maxlength="120" /><${Pick} of=${form} name="kind" from=${worded("reg_unit_", ["police", "bank", "telecom", "department", "community", "ngo"])} />
    ${form.ready && !form.may && administers() && html`<p class="mut">${t("reg_not_yours")}</p>`}<//>`;
}

/** One of what is only read as a list. @param {string} path @param {string} name @param {string} id */
export async function one(path, name, id) {
  const said = await ask("GET", path);
  const found = (said.body?.[name] ?? []).find((/** @type {any} */ each) => each.id === id);
  return said.why !== "ok" || found ? { ...said, body: found } : { ...said, why: /** @type {"refused"} */ ("refused"), code: "NotFound" };
}
