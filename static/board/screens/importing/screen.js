// @ts-check
// A file is brought in: what it is, what becomes of each row, and only then the same bytes applied.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { Main, Refusal, useAnswer } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { of, t } from "../../words.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {"new" | "changed" | "unchanged" | "refused"} What */
/** @typedef {{ line: number, key: string, what: What, columns: string[], reason: string }} Row */

const WHATS = /** @type {What[]} */ (["new", "changed", "unchanged", "refused"]);
const MOST = 200;

/** @param {{ parts: string[] }} props */
export function Screen({ parts }) {
  const taken = useAnswer(() => ask("GET", "/api/registry/imports"), []);
  const kinds = taken?.body?.kinds ?? [];
  const kind = kinds.find((/** @type {any} */ one) => one.kind === parts[0]) ?? kinds[0];
  const [file, setFile] = useState(/** @type {{ name: string, content: string } | null} */ (null));
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  const [busy, setBusy] = useState(false);
  useKeys({ Escape: () => go("/registry") });
  const send = async (/** @type {string} */ name, /** @type {{ name: string, content: string } | null} */ given, /** @type {string} */ apply = "") => {
    setBusy(true);
    const got = given && (await ask("POST", "/api/registry/imports", { kind: name, ...given, ...(apply && { apply }) }));
    setAnswer(got);
    setBusy(false);
  };
  const choose = async (/** @type {Event} */ event) => {
    const [chosen] = /** @type {HTMLInputElement} */ (event.target).files ?? [];
    const given = chosen ? { name: chosen.name, content: await base64(chosen) } : null;
    setFile(given);
    await send(kind.kind, given);
  };
  const turn = (/** @type {any} */ event) => (go(`/import/${event.target.value}`), void send(event.target.value, file));
  const said = answer?.why === "ok" ? answer.body : null;
  return html`<${Main} title=${t("import_title")} more="import"><header class="ph"><h1>${t("import_title")}</h1><span class="grow"></span><a class="btn" href="#/registry">${t("nav_registry")}</a></header>
    <${Refusal} answer=${taken} />${kind && html`<div class="im"><section>
      <label class="field">${t("import_what")}<select value=${kind.kind} onChange=${turn}>${kinds.map((/** @type {any} */ one) => html`<option value=${one.kind}>${of("reg_", one.kind)}</option>`)}</select></label>
      <label class="field">${t("import_file")}<input type="file" accept=".csv,.xlsx,.geojson,.json" onChange=${choose} /></label>
      <p class="mut">${t("import_most", { rows: taken?.body.most_rows, mb: (taken?.body.most_bytes / 1e6).toFixed(1) })}</p>
      <h2>${t("import_columns")}</h2><ul class="cols">${kind.columns.map((/** @type {any} */ one) => html`<li class=${said?.columns.includes(one.name) ? "good" : ""}><code>${one.name}</code> ${one.needed && html`<span class="tag">${t("import_needed")}</span>`}${said?.columns.includes(one.name) && html`<span class="vh">${t("import_there")}</span> ✓`}</li>`)}</ul>
      ${said?.ignored_columns.length > 0 && html`<p class="mut">${t("import_ignored", { names: said.ignored_columns.join(", ") })}</p>`}</section>
    <section aria-busy=${busy}><${Refusal} answer=${answer} /><ul class="refusal">${(answer?.body?.errors ?? []).map((/** @type {any} */ one) => html`<li>${told(`${one.field}: ${one.reason}`)}</li>`)}</ul>
      ${said ? html`<${Preview} key=${said.digest + said.applied + said.kind} said=${said} busy=${busy} apply=${() => void send(said.kind, file, said.digest)} />` : !answer && html`<p class="mut">${t(busy ? "import_reading" : "import_none")}</p>`}</section></div>`}<//>`;
}

/** @param {{ said: any, busy: boolean, apply: () => void }} props */
function Preview({ said, busy, apply }) {
  const [only, setOnly] = useState(/** @type {What | ""} */ (""));
  const [most, setMost] = useState(MOST);
  const rows = /** @type {Row[]} */ (said.rows).filter((row) => !only || row.what === only);
  const chip = (/** @type {What | ""} */ what, /** @type {number} */ n) => html`<button class=${what === "refused" && n ? "chip late" : "chip"} aria-pressed=${only === what} onClick=${() => (setOnly(what), setMost(MOST))}>${of("import_", what || "all")} <b>${n}</b></button>`;
  return html`<div class=${said.applied ? "done" : "done not"} role="status">${said.applied ? t("import_done", said) : t("import_not_yet")}
      ${!said.applied && html`<button class="btn p" disabled=${busy || !(said.new + said.changed)} onClick=${apply}>${t("import_apply", said)}</button>`}</div>
    <div class="chips" role="group" aria-label=${t("import_show")}>${chip("", said.rows.length)}${WHATS.map((what) => chip(what, said[what]))}</div>
    <table class="rows"><thead><tr><th>${t("import_line")}</th><th>${t("import_key")}</th><th>${t("import_becomes")}</th></tr></thead>
      <tbody>${rows.slice(0, most).map((row) => html`<tr class=${row.what}><td class="num">${row.line}</td><td class="mono">${row.key}</td><td><b class=${row.what === "refused" ? "late" : row.what === "unchanged" ? "mut" : "good"}>${of("import_", row.what)}</b> ${row.columns.length ? row.columns.map((one) => html`<code>${one}</code> `) : told(row.reason)}</td></tr>`)}</tbody></table>
    ${rows.length > most && html`<button class="btn" onClick=${() => setMost(most + MOST)}>${t("report_more")}</button>`}`;
}

/** Why a row is refused, as far as we have words for it. @param {string} reason */
function told(reason) {
  return reason.split("; ").map((part) => {
    const [field, ...why] = part.split(": ");
    return why.length ? html`<span class="why-not"><code>${field}</code> ${of("import_why_", why.join(": "))} </span>` : part;
  });
}

/** @param {File} file */
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let n = 0; n < bytes.length; n += 8192) text += String.fromCharCode(...bytes.subarray(n, n + 8192));
  return btoa(text);
}
