// @ts-check
// The words that stand under the bar, on every screen: one line each, the grave ones first and all of them.
import { html, useState } from "../shared/html.js";
import { GRAVE, seen, standing } from "./data/standing.js";
import { decides } from "./data/session.js";
import { Icon } from "./frame.js";
import { clock, of, t } from "./words.js";

/** @import { Word } from "./data/standing.js" */

const FEW = 3;

export function Standing() {
  const [all, setAll] = useState(false);
  const grave = standing.value.filter((one) => GRAVE.includes(one.kind));
  const shown = all ? standing.value : standing.value.slice(0, Math.max(FEW, grave.length));
  const rest = standing.value.length - shown.length;
  // An alarm is read out at once; the others when one comes to them.
  return html`<aside class="stands" aria-label=${t("stands")}><p class="vh" role="alert">${grave.length > 0 && of("stands_", grave[0].kind, given(grave[0]))}</p>
    ${shown.length > 0 && html`<ul class="standing">${shown.map((one) => html`<${Line} key=${one.id} one=${one} />`)}
      ${(rest > 0 || all) && html`<li><button class="btn s g" onClick=${() => setAll(!all)}>${t(all ? "stands_fewer" : "stands_more", { n: rest })}</button></li>`}</ul>`}</aside>`;
}

/** @param {Word} one */
const given = ({ responder, resident, data }) => ({ who: responder ?? t("stands_somebody"), resident: resident ?? t("q_no_name"), code: data.code ?? "", minutes: data.minutes ?? "" });

/** @param {{ one: Word }} props */
function Line({ one }) {
  const grave = GRAVE.includes(one.kind);
  const where = one.point ? ` · ${one.point.map((part) => part.toFixed(5)).join(", ")}` : "";
  return html`<li class=${grave ? "grave" : ""}><${Icon} name=${grave ? "warn" : "clock"} /><span class="num">${clock(one.at)}</span>
    <span class="grow"><b>${of("stands_", one.kind, given(one))}</b><span class="mut">${one.area ? ` ${one.area}` : ""}${where}</span></span>
    ${one.outreach_id && html`<a class="btn s" href=${`#/case/${one.outreach_id}`}>${t("stands_open")}</a>`}
    ${decides.value && html`<button class="btn s" onClick=${() => void seen(one)}>${t("stands_seen")}<span class="vh"> ${of("stands_", one.kind, given(one))}</span></button>`}</li>`;
}
