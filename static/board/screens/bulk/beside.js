// @ts-check
// Beside the list of who gets what: a map of who goes where, and each text as it will leave.
import { html } from "../../../shared/html.js";
import { areas } from "../../data/areas.js";
import { board, cases } from "../../data/queue.js";
import { comma, t } from "../../words.js";
import { Mapped } from "../queue/mapped.js";
import { onMap, toldBy } from "./moves.js";

/** @import { Chosen } from "./moves.js" */

/** @param {{ lines: any[], moving: any[], chosen: Chosen, leaver: { id: string, name: string } }} props */
export const Beside = ({ lines, moving, chosen, leaver }) => html`<aside class="bulk-side" aria-label=${t("bulk_beside")} tabindex="0">
  <${Where} lines=${lines} chosen=${chosen} leaver=${leaver} /><${Texts} told=${toldBy(moving, chosen, leaver.id)} /></aside>`;

/** @param {{ lines: any[], chosen: Chosen, leaver: { id: string, name: string } }} props */
function Where({ lines, chosen, leaver }) {
  const { nowhere, ...shown } = onMap(lines, chosen, leaver, cases.value, board.value?.staff ?? []);
  const given = { ...shown, areas: areas.value, gaps: [], pointed: "", area: "" };
  return html`<section class="blk"><h2 class="sec-h">${t("bulk_where")}<span class="grow"></span><span class="leg"><span><i class="way was"></i>${t("bulk_was")}</span><span><i class="way"></i>${t("bulk_goes")}</span><span><i class="way late"></i>${t("bulk_goes_late")}</span></span></h2>
    <${Mapped} given=${given} label=${t("bulk_map")} />
    ${board.value && nowhere.length > 0 && html`<p class="leg mut">${t("q_nowhere", { who: nowhere.map((name) => name ?? t("case_elsewhere")).join(comma()) })}</p>`}</section>`;
}

/** @param {{ told: import("./moves.js").Told[] }} props */
const Texts = ({ told }) => html`<section class="blk texts"><h2 class="sec-h">${t("bulk_phones", { n: told.length })} <span class="mut">${t("bulk_no_names")}</span></h2>
  <dl>${told.map((one) => html`<div><dt>${one.name ?? t("case_elsewhere")}</dt><dd>${one.texts.map(({ language, words }) => html`<p lang=${language}>${words}</p>`)}</dd></div>`)}</dl>
  ${told.length > 0 && html`<p class="leg mut">${t("bulk_number")}</p>`}</section>`;
