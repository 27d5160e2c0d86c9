// @ts-check
// What the server says is copied to the phone: at the start, when it comes into sight, when the line is back, and by the clock.
import { ask, serverNow, session } from "../../shared/api.js";
import { write } from "./database.js";
import { flush, onReceipt } from "./outbox.js";
import { changed, hasSignal, me, offers, onDutyUntil, outbox, signedOut, storageRefused, tasks } from "./state.js";

/** @import { Me, Offer, Task } from "../types.js" */
/** @import { Answer } from "../../shared/api.js" */

const ON_DUTY = 8_000;
const AT_REST = 60_000;
const TASKS_EVERY = 300_000;

let tasksAt = 0;

/** Who this phone belongs to. */
export async function refreshMe() {
  const answer = heard(await ask("GET", "/api/me"));
  if (answer.why === "ok") await keep({ me: /** @type {Me} */ (answer.body) });
}

/** What may be taken now. Offers that were declined on this phone stay away. */
export async function refreshOffers() {
  const answer = heard(await ask("GET", "/api/me/offers"));
  if (answer.why !== "ok") return;
  const declined = new Set(outbox.value.map((row) => row.what.offer_id));
  await keep({ offers: /** @type {Offer[]} */ (answer.body.offers).filter((offer) => !declined.has(offer.id)) });
}

/** What is held, with names and addresses; the server notes each look, so this is asked for seldom. */
export async function refreshTasks() {
  const answer = heard(await ask("GET", "/api/me/tasks"));
  if (answer.why !== "ok") return;
  tasksAt = Date.now();
  const ended = endedHere();
  await keep({ tasks: /** @type {Task[]} */ (answer.body.tasks).filter((task) => !ended.has(task.id)) });
}

/** Tasks whose outcome waits in the outbox: to this phone they are over, though the server cannot know yet. */
function endedHere() {
  const outcomes = outbox.value.filter((row) => row.what.kind === "outcome" && row.state !== "refused");
  return new Set(outcomes.map((row) => row.what.task_id));
}

/** @param {Record<string, any>} said */
async function keep(said) {
  try {
    await write(["kept"], (store) => Promise.all(Object.entries(said).map(([key, value]) => store("kept").put(value, key))));
    await changed();
  } catch {
    storageRefused.value = true;
    if (said.me) me.value = said.me;
    if (said.offers) offers.value = said.offers;
    if (said.tasks) tasks.value = said.tasks;
  }
}

/** @param {Answer} answer */
function heard(answer) {
  hasSignal.value = answer.why !== "no_signal";
  if (answer.why === "signed_out") signedOut.value = true;
  if (answer.why === "ok") signedOut.value = false;
  return answer;
}

/** Ask for all of it. */
export async function refresh() {
  const answer = heard(await session());
  if (answer.why !== "ok") return;
  const { responder, service } = answer.body;
  await keep({ me: responder, service });
  await Promise.all([refreshOffers(), refreshTasks()]);
}

async function byTheClock() {
  await refreshMe();
  if (!hasSignal.value || signedOut.value) return;
  await refreshOffers();
  const held = tasks.value.length + endedHere().size;
  const old = Date.now() - tasksAt > TASKS_EVERY;
  const over = tasks.value.some((task) => task.visit_code_expires_at && Date.parse(task.visit_code_expires_at) < serverNow());
  // A task given or taken by a coordinator changes the load, which tells nothing about anybody.
  if (me.value?.load !== held || (held && (old || over))) await refreshTasks();
}

/** Keep up with the server from now on. */
export function keepUp() {
  onReceipt.push((row, body) => void (row.what.kind === "duty" ? keep({ me: body }) : refreshMe()));
  addEventListener("online", () => void refresh());
  addEventListener("offline", () => (hasSignal.value = false));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void byTheClock());
  const turn = async () => {
    if (document.visibilityState === "visible" || onDutyUntil.value) await byTheClock();
    setTimeout(turn, onDutyUntil.value || tasks.value.length ? ON_DUTY : AT_REST);
  };
  void refresh().then(() => flush(true)).then(() => setTimeout(turn, ON_DUTY));
}
