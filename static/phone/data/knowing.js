// @ts-check
// What the server says is copied to the phone: at the start, when it comes into sight, when the line is back, and by the clock.
import { ask, serverNow, session } from "../../shared/api.js";
import { write } from "./database.js";
import { flush, onReceipt } from "./outbox.js";
import { changed, hasSignal, me, mine, offers, onDutyUntil, pushKey, signedOut, storageRefused, tasks } from "./state.js";

/** @import { Me, Offer, Row, Task } from "../types.js" */
/** @import { Answer } from "../../shared/api.js" */

const ON_DUTY = 8_000;
const AT_REST = 60_000;
const TASKS_EVERY = 300_000;

let tasksAt = 0;

/** Who this phone belongs to. */
export async function refreshMe() {
  const asker = me.value?.id;
  const answer = heard(await ask("GET", "/api/me"));
  if (answer.why === "ok" && asker === me.value?.id) await keepMe(/** @type {Me} */ (answer.body));
}

/** This phone is theirs from now on. Of whoever had it before, only what was not sent stays. @param {Me} now */
export async function keepMe(now) {
  const same = me.value?.id === now.id;
  if (!same) await letGoOfAll();
  await keep({ me: now }, same ? now.id : undefined);
}

/** What was shown leaves the phone; what was done and is not sent stays, with what is remembered of those visits. */
export async function letGoOfAll() {
  await write(["kept", "visits", "receipts", "outbox"], async (store) => {
    const rows = /** @type {Row[]} */ (await store("outbox").getAll());
    const unsent = new Set(rows.map((row) => row.what.task_id));
    await Promise.all([store("kept").clear(), store("receipts").clear()]);
    for (const id of await store("visits").getAllKeys()) if (!unsent.has(id)) await store("visits").delete(id);
  }).catch(() => (storageRefused.value = true));
  await changed();
  me.value = null;
  [offers.value, tasks.value] = [[], []];
}

/** What may be taken now. Offers that were declined on this phone stay away. */
export async function refreshOffers() {
  const asker = me.value?.id;
  const answer = heard(await ask("GET", "/api/me/offers"));
  if (answer.why !== "ok" || asker !== me.value?.id) return;
  const declined = new Set(mine.value.map((row) => row.what.offer_id));
  await keep({ offers: /** @type {Offer[]} */ (answer.body.offers).filter((offer) => !declined.has(offer.id)) }, asker);
}

/** What is held, with names and addresses; the server notes each look, so this is asked for seldom. */
export async function refreshTasks() {
  const asker = me.value?.id;
  const answer = heard(await ask("GET", "/api/me/tasks"));
  // Another is signed in since it was asked for: it is none of theirs.
  if (answer.why !== "ok" || asker !== me.value?.id) return;
  tasksAt = Date.now();
  const ended = endedHere();
  await keep({ tasks: /** @type {Task[]} */ (answer.body.tasks).filter((task) => !ended.has(task.id)) }, asker);
}

/** When this week began. */
export function monday() {
  const day = new Date();
  return day.setHours(0, 0, 0, 0) - ((day.getDay() + 6) % 7) * 86_400_000;
}

/** What was done this week. */
async function refreshWeek() {
  const asker = me.value?.id;
  const answer = heard(await ask("GET", `/api/me/hours?from=${new Date(monday()).toISOString()}`));
  if (answer.why === "ok" && asker === me.value?.id) await keep({ week: answer.body }, asker);
}

/** Tasks whose outcome waits in the outbox: to this phone they are over, though the server cannot know yet. */
function endedHere() {
  const outcomes = mine.value.filter((row) => row.what.kind === "outcome" && row.state !== "refused");
  return new Set(outcomes.map((row) => row.what.task_id));
}

/** @param {Record<string, any>} said @param {string} [whose] what is heard after they signed out, or another signed in, is not kept */
async function keep(said, whose) {
  try {
    await write(["kept"], async (store) => {
      const holder = await store("kept").get("me");
      if (holder?.id === whose) await Promise.all(Object.entries(said).map(([key, value]) => store("kept").put(value, key)));
    });
    await changed();
  } catch {
    storageRefused.value = true;
    if (me.value?.id !== whose) return;
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
  const asker = me.value?.id;
  const answer = heard(await session());
  if (answer.why !== "ok" || asker !== me.value?.id) return;
  const { responder, service } = answer.body;
  pushKey.value = service.push_key;
  await keepMe(responder);
  await Promise.all([refreshOffers(), refreshTasks(), refreshWeek()]);
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

/** @type {EventSource | null} */
let stream = null;

/** On duty and in sight the server says at once that something changed; what it was, is asked as ever. */
function hearAtOnce() {
  const wanted = document.visibilityState === "visible" && !signedOut.value && Boolean(onDutyUntil.value || tasks.value.length);
  if (wanted && (!stream || stream.readyState === EventSource.CLOSED)) {
    stream = new EventSource("/api/me/live");
    stream.addEventListener("changed", () => void byTheClock());
  } else if (!wanted && stream) {
    stream.close();
    stream = null;
  }
}

/** Keep up with the server from now on. */
export function keepUp() {
  onReceipt.push((row, body) => void (/^(duty|away)$/.test(row.what.kind) && body.id === me.value?.id ? keep({ me: body }, body.id) : refreshMe()));
  onReceipt.push(({ what: { kind } }) => {
    // Where to go and by when is as the server has it now.
    if (kind === "moved" || kind === "fine") void refreshTasks();
    if (kind === "outcome") void refreshWeek();
  });
  addEventListener("online", () => void refresh());
  addEventListener("offline", () => (hasSignal.value = false));
  document.addEventListener("visibilitychange", () => {
    hearAtOnce();
    if (document.visibilityState === "visible") void byTheClock();
  });
  const turn = async () => {
    if (document.visibilityState === "visible" || onDutyUntil.value) await byTheClock();
    hearAtOnce();
    setTimeout(turn, onDutyUntil.value || tasks.value.length ? ON_DUTY : AT_REST);
  };
  void refresh().then(hearAtOnce).then(() => flush(true)).then(() => setTimeout(turn, ON_DUTY));
}
