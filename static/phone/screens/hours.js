// @ts-check
import { ask } from "../../shared/api.js";
import { html, useEffect, useState } from "../../shared/html.js";
import { Bar, Main } from "../frame.js";
import { language, span, t } from "../words.js";
import { Choice } from "./mine.js";

/** @import { HoursDone } from "../types.js" */

const SINCE = { month: () => Date.now() - 30 * 86_400_000, year: () => new Date(new Date().getFullYear(), 0).getTime() };

/** @param {string} moment */
const date = (moment) => new Intl.DateTimeFormat(language.value, { dateStyle: "long" }).format(new Date(moment));

/** What somebody has done, as a certificate to print. */
export function Hours() {
  const [since, setSince] = useState(/** @type {keyof typeof SINCE} */ ("month"));
  const [told, setTold] = useState(/** @type {HoursDone | null | undefined} */ (undefined));
  useEffect(() => {
    void ask("GET", `/api/me/hours?from=${new Date(SINCE[since]()).toISOString()}`).then(({ why, body }) => setTold(why === "ok" ? body : null));
  }, [since]);
  return html`<${Bar} title=${t("my_hours")} back="/mine" />
    <${Main} title=${t("my_hours")}>
      <${Choice} label=${t("my_hours")} now=${since} choose=${setSince} of=${[["month", t("period_month")], ["year", t("period_year")]]} />
      ${told === null && html`<p role="status">${t("needs_signal")}</p>`}
      ${told && html`<section class="card certificate"><p>${told.service}</p><h1>${t("certificate")}</h1><p class="address">${told.name}</p><p>${date(told.from)} – ${date(told.to)}</p>
        <ul class="facts num"><li>${t("n_visits", { n: told.visits })}</li><li>${t("n_calls", { n: told.calls })}</li><li><b>${t("worked", { span: span(told.minutes * 60_000) })}</b></li></ul>
        <ol class="receipts num small">${told.done.map((one) => html`<li><span>${date(one.at)}</span>${t(one.kind === "call" ? "call_bar" : "visit_bar")}, ${span(one.minutes * 60_000)}</li>`)}</ol></section>`}
    <//>
    <footer class="dock"><button class="btn go" aria-disabled=${!told} onClick=${() => told && print()}>${t("print")}</button></footer>`;
}
