// @ts-check
import { html, useState } from "../../shared/html.js";
import { flush, toldByHand } from "../data/outbox.js";
import { hasSignal, isAnothers, outbox, receipts } from "../data/state.js";
import { Bar, Icon, Main, SERVICE, Tabs, say } from "../frame.js";
import { clock, comma, day, has, named, t } from "../words.js";

/** @import { Receipt, Row, What } from "../types.js" */

/** What waits to be sent, what was not taken, and what has its receipt. No names here. */
export function Records() {
  const rows = outbox.value;
  const again = async () => {
    await flush(true);
    if (!hasSignal.value) say(t("still_none"));
  };
  return html`<${Bar} title=${t("records_bar")} head=${!rows.length} />
    <${Main} title=${t("records_bar")}>
      ${rows.length > 0 && html`<${Summary} rows=${rows} />`}
      ${rows.map((row) => html`<${Item} key=${row.id} row=${row} />`)}
      ${receipts.value.length > 0 && html`<section class="told"><h2 class="label">${t("delivered")}</h2><ul class="receipts num">
        ${receipts.value.map((receipt) => html`<${Delivered} key=${receipt.id} receipt=${receipt} />`)}</ul></section>`}
      ${!rows.length && !receipts.value.length && html`<p class="none">${t("none_yet")}</p>`}
    <//>
    <${Tabs} here="records">${rows.length > 0 && html`<div class="dock"><button class="btn go" onClick=${again}>${t("send_now")}</button></div>`}<//>`;
}

/** @param {{ rows: Row[] }} props */
function Summary({ rows }) {
  const look = rows.filter((row) => !isAnothers(row) && (row.state === "refused" || row.state === "signed_out")).length;
  const counts = [
    rows.length - look > 0 && t("n_waiting", { n: rows.length - look }),
    look > 0 && t("n_look", { n: look }),
  ].filter(Boolean);
  const title = !hasSignal.value ? "nothing_lost" : look === rows.length ? "look_at" : "being_sent";
  return html`<section class="banner" role="status"><${Icon} name=${hasSignal.value ? "clock" : "no-signal"} />
    <div><h1>${t(title)}</h1><p class="num">${counts.join(comma())}</p></div></section>`;
}

/** @param {What} what */
function name(what) {
  if (what.kind === "duty") return what.until ? t("act_duty_on", { time: clock(what.until) }) : t("act_duty_off");
  return named(what.name) || t(/** @type {any} */ (`act_${what.kind}`));
}

/** @param {string | undefined} code */
function reason(code) {
  const word = `reason_${code}`;
  return t(has(word) ? word : "reason_other");
}

/** @param {{ row: Row }} props */
function Item({ row }) {
  const [exported, setExported] = useState(false);
  const refused = row.state === "refused" && !isAnothers(row);
  const state = isAnothers(row)
    ? html`<p class="state"><${Icon} name="clock" /><span>${t("state_another", { name: row.owner?.name ?? "" })}</span></p>`
    : refused
    ? html`<p class="state stop"><span class="bang" aria-hidden="true">!</span><span>${t("state_refused", { reason: reason(row.reason) })}</span></p>`
    : html`<p class="state"><${Icon} name="clock" />${row.state === "signed_out" ? html`<a class="link" href="#/sign-in">${t("state_signed_out")}</a>` : html`<span>${t(/** @type {any} */ (`state_${row.state}`))}</span>`}${row.what.area && html`<small>${row.what.area}</small>`}</p>`;
  return html`<section class="card item">
    <header><b>${name(row.what)}</b><small class="num">${day(row.made_at)}</small></header>${state}
    ${refused && html`<p class="small">${t("kept_told")}</p><div class="two">
      <button class="btn line" onClick=${() => handOut(row).then(setExported)}>${t("export")}</button>
      ${exported && html`<button class="btn line" onClick=${() => toldByHand(row)}>${t("told_by_hand")}</button>`}</div>`}
  </section>`;
}

/** Share the row as a text file, or save it where the phone shares nothing; answers whether it was handed out. @param {Row} row */
async function handOut(row) {
  const lines = [SERVICE, name(row.what), row.made_at, reason(row.reason), `${row.method} ${row.path}`, row.body];
  const file = new File([lines.join("\n")], `${row.id}.txt`, { type: "text/plain" });
  if (navigator.canShare?.({ files: [file] })) {
    return navigator.share({ files: [file], title: t("export_title") }).then(() => true, () => false);
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}

/** @param {{ receipt: Receipt }} props */
function Delivered({ receipt }) {
  const more = receipt.by_hand ? t("by_hand") : t("receipt", { mark: receipt.mark });
  return html`<li><${Icon} name="check" /><span>${name(receipt.what)} <span class="when">${clock(receipt.made_at)}</span>
    ${receipt.after_handover && html`<small>${t("after_handover")}</small>`}</span><small>${more}</small></li>`;
}
