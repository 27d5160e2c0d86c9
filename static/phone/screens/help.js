// @ts-check
// Help is two taps away wherever somebody is at a door or on the phone.
import { html, signal, useEffect } from "../../shared/html.js";
import { amFine, callForHelp, visitOf } from "../data/acts.js";
import { here } from "../data/position.js";
import { hasSignal, outbox, receipts } from "../data/state.js";
import { EMERGENCY, Icon, Refused, Sheet, useNow } from "../frame.js";
import { t } from "../words.js";

/** @import { Task } from "../types.js" */

const REFUSED = "refused";
const open = signal(false);
/** The id of the last call for help, or that the phone would not keep it. */
const sent = signal("");

const isTold = () => receipts.value.some((one) => one.id === sent.value);

function show() {
  if (isTold() || sent.value === REFUSED) sent.value = "";
  open.value = true;
}

/** The dock of whoever is with a resident: help first, then the next step. @param {{ task: Task, more?: string, children?: any }} props */
export function Dock({ task, more: dress = "", children }) {
  useEffect(() => () => void (open.value = false), []);
  const [more, label] = task.kind === "call" ? ["line", t("coordinator")] : ["help", [html`<${Icon} name="hand" />`, t("help")]];
  return html`<footer class="dock ${dress}"><button class="btn ${more}" onClick=${show}>${label}</button>${children}</footer>
    ${open.value && html`<${Asking} task=${task} />`}`;
}

/** @param {{ task: Task }} props */
function Asking({ task }) {
  const call = async () => void (sent.value = await callForHelp(task).catch(() => REFUSED));
  const row = outbox.value.find((one) => one.id === sent.value);
  // Tried, and not through: a signal that does not carry it is none.
  const lost = !isTold() && (!hasSignal.value || (row && row.tries > 0 && row.state !== "sending"));
  const state = isTold() ? "help_told" : lost ? "help_no_signal" : "help_going";
  const text = encodeURIComponent(t("help_sms", { area: task.area ?? "", place: here ? `${here.lat},${here.lon}` : "" }));
  return html`<${Sheet} title=${t("help_title")} leave=${t(sent.value ? "close" : "help_mistake")} close=${() => (open.value = false)}>
    ${sent.value === REFUSED ? html`<${Refused} />` : sent.value ? html`<p class="banner" role="status">${t(state, { n: EMERGENCY })}</p>` : html`<button class="btn help xl" onClick=${call}>${t("help_tell")}</button>`}
    <a class="btn line" href="tel:${EMERGENCY}"><${Icon} name="phone" />${t("ring_number", { n: EMERGENCY })}</a>
    ${sent.value && lost && html`<a class="btn line" href="sms:?&body=${text}">${t("help_text")}</a>`}<//>`;
}

/** Past the time to check in, the phone asks. @param {{ task: Task }} props */
export function Overdue({ task }) {
  const due = Date.parse(task.due_at);
  if (useNow(20_000) < due || Date.parse(visitOf(task).fine_at ?? "0") > due) return null;
  const fine = () => amFine(task).catch(show);
  return html`<section class="banner" role="alert"><div class="grow"><h2>${t("all_right")}</h2>
    <div class="two gap"><button class="btn line" onClick=${fine}>${t("fine")}</button><button class="btn help" onClick=${show}>${t("help")}</button></div></div></section>`;
}
