// @ts-check
import { html, useState } from "../../shared/html.js";
import { found } from "../data/acts.js";
import { Bar, Icon, Main, Refused } from "../frame.js";
import { goOn } from "../router.js";
import { t } from "../words.js";
import { Dock } from "./help.js";
import { Tile, choices } from "./outcome.js";
import { asks, Third } from "./third.js";
import { Deadline, Known, Script } from "./visit.js";

/** @import { Outcome, Report, Task } from "../types.js" */

/** A call: ring, then one tap says how it went. @param {{ task: Task }} props */
export function Call({ task }) {
  const [rung, setRung] = useState(false);
  const [refused, setRefused] = useState(false);
  const [third, setThird] = useState(/** @type {Outcome | null} */ (null));
  const [phone] = task.resident?.phones ?? [];
  const end = (/** @type {Outcome} */ outcome, /** @type {Omit<Report, "kind">} */ more) =>
    found(task, outcome, more).then(() => goOn(`/done/${task.id}`), () => setRefused(true));
  const pick = (/** @type {Outcome} */ outcome) => (asks(outcome) ? setThird(outcome) : void end(outcome, {}));
  const tiles = html`<fieldset><legend class="label">${t("after_call")}</legend><div class="tiles">
    <a class="tile" href="#/task/${task.id}/outcome"><b>${t("answered")}</b><small>${t("pick")}</small></a>
    ${choices(task).filter((outcome) => !outcome.reached).map((outcome) => html`<${Tile} outcome=${outcome} pick=${pick} />`)}</div></fieldset>`;
  return html`<${Bar} title=${t("call_bar")} back="/" head><${Deadline} due=${task.due_at} word="call_by" /><//>
    <${Main} title=${t("call_bar")}>
      ${refused && html`<${Refused} />`}
      <section class="card"><p>${task.resident?.name}</p><p class="address num">${phone?.number}</p></section>
      ${rung && tiles}<${Script} task=${task} />${!rung && tiles}<${Known} task=${task} />
    <//>
    <${Dock} task=${task}>${phone && html`<a class="btn ${rung ? "soft" : "go"}" href="tel:${phone.number}" onClick=${() => setRung(true)}><${Icon} name="phone" />${t("ring")}</a>`}<//>
    ${third && html`<${Third} outcome=${third} close=${() => setThird(null)} end=${(/** @type {Omit<Report, "kind">} */ more) => end(third, more)} />`}`;
}
