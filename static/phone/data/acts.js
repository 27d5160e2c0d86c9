// @ts-check
// What a responder does. All but accepting goes through the outbox, and so works without signal.
import { ask, serverNow } from "../../shared/api.js";
import { newId } from "../../shared/ids.js";
import { write } from "./database.js";
import { enqueue, note } from "./outbox.js";
import { here } from "./position.js";
import { changed, offers, tasks, visits } from "./state.js";

/** @import { Correction, Offer, Outcome, Report, Task, Visit } from "../types.js" */

/** @param {Task} task @returns {Visit} */
export function visitOf(task) {
  const known = visits.value.find((visit) => visit.task_id === task.id);
  const begun = { task_id: task.id, kind: task.kind, family: task.family, warned_at: task.known[0]?.detected_at, accepted_at: task.accepted_at };
  return known ?? { ...begun, ...(task.arrived_at ? { arrived_at: task.arrived_at } : {}) };
}

/** Take the task of an offer: only the server can say whether it is still there. @param {Offer} offer */
export async function accept(offer) {
  const answer = await ask("POST", `/api/offers/${offer.id}/accept`);
  if (answer.why === "refused") await forget(offer);
  if (answer.why !== "ok") return { why: answer.why, code: answer.code, task: null };
  const task = /** @type {Task} */ (answer.body);
  await write(["kept", "visits"], async (store) => {
    await store("kept").put([...tasks.value.filter((held) => held.id !== task.id), task], "tasks");
    await store("visits").put(visitOf(task));
  }).catch(() => {
    // A phone that keeps nothing can still be used with signal.
    tasks.value = [...tasks.value, task];
  });
  const what = { kind: /** @type {const} */ ("accepted"), task_id: task.id, area: task.area };
  await note({ id: task.id, made_at: task.accepted_at, what });
  await forget(offer);
  return { why: answer.why, code: "", task };
}

/** Say no, with a reason's code. @param {Offer} offer @param {string} reason */
export async function decline(offer, reason) {
  await enqueue({
    method: "POST",
    path: `/api/offers/${offer.id}/decline`,
    body: { reason },
    what: { kind: "declined", offer_id: offer.id, area: offer.area },
    receipt: { field: "status", id: offer.id },
  });
  await forget(offer);
}

/** An offer that is over leaves the screen at once. @param {Offer} offer */
export async function forget(offer) {
  const left = offers.value.filter((one) => one.id !== offer.id);
  await write(["kept"], (store) => store("kept").put(left, "offers")).catch(() => {});
  await changed();
  offers.value = left;
}

/** I am at the door. @param {Task} task */
export async function arrive(task) {
  const made_at = new Date().toISOString();
  await checkIn(task, { kind: "arrived" }, { arrived_at: made_at }, made_at);
}

/** This is what I found; with it the task is done. @param {Task} task @param {Outcome} outcome @param {Omit<Report, "kind">} more */
export async function found(task, outcome, more) {
  const made_at = new Date().toISOString();
  await checkIn(task, { kind: "outcome", outcome: outcome.code, ...more }, { ended_at: made_at, outcome }, made_at);
  // Name, number and address leave the phone when the task ends.
  await hold(tasks.value.filter((held) => held.id !== task.id));
}

/** I need help, here. @param {Task} task */
export const callForHelp = (task) => checkIn(task, { kind: "help", location: here });

/** I am well, and go on. @param {Task} task */
export const amFine = (task) => checkIn(task, { kind: "fine" }, { fine_at: new Date(serverNow()).toISOString() });

/** The resident is to be found elsewhere: the case goes there, and this phone shows it at once. @param {Task} task @param {Correction} correction */
export async function moved(task, correction) {
  await checkIn(task, { kind: "moved", correction });
  const { address, phone } = correction;
  const resident = task.resident && {
    ...task.resident,
    ...(address ? { addresses: [{ text: address, location: null }] } : {}),
    ...(phone ? { phones: [{ number: phone, kind: "" }] } : {}),
  };
  await hold(tasks.value.map((held) => (held.id === task.id ? { ...held, resident } : held)));
}

/** Answers the id of what is kept. @param {Task} task @param {Report} details @param {Partial<Visit>} [now] what changes of the visit @param {string} [made_at] */
async function checkIn(task, details, now = {}, made_at = new Date().toISOString()) {
  const id = newId();
  const what = { kind: details.kind, task_id: task.id, area: task.area, ...(now.outcome ? { name: now.outcome.name } : {}) };
  const body = { id, task_id: task.id, made_at, ...details };
  const receipt = { field: "received_at", id };
  await enqueue({ id, method: "POST", path: "/api/checkins", body, made_at, what, receipt }, { ...visitOf(task), ...now });
  return id;
}

/** @param {Task[]} left what is held from now on */
async function hold(left) {
  await write(["kept"], (store) => store("kept").put(left, "tasks")).catch(() => {});
  await changed();
  tasks.value = left;
}

/** On duty until a time, from now or later, or off (null). @param {string | null} until @param {string} [from] */
export async function setDuty(until, from) {
  const receipt = { field: "on_duty_until" };
  const body = until ? { from, until } : { off: true };
  await enqueue({ method: "PATCH", path: "/api/me/duty", body, what: { kind: "duty", until, from }, receipt, instead: "duty" });
}

/** On these days I do not come. @param {string[]} days */
export async function setAway(days) {
  const receipt = { field: "away" };
  await enqueue({ method: "PUT", path: "/api/me/away", body: { days }, what: { kind: "away", days }, receipt, instead: "away" });
}
