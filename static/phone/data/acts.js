// @ts-check
// What a responder does. All but accepting goes through the outbox, and so works without signal.
import { ask } from "../../shared/api.js";
import { newId } from "../../shared/ids.js";
import { write } from "./database.js";
import { enqueue, note } from "./outbox.js";
import { changed, offers, tasks, visits } from "./state.js";

/** @import { Offer, Outcome, Task, Visit } from "../types.js" */

/** @param {Task} task @returns {Visit} */
export function visitOf(task) {
  const known = visits.value.find((visit) => visit.task_id === task.id);
  const begun = { task_id: task.id, kind: task.kind, family: task.family, accepted_at: task.accepted_at };
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
  await checkIn(task, { kind: "arrived" }, made_at, { ...visitOf(task), arrived_at: made_at });
}

/** This is what I found; with it the task is done. @param {Task} task @param {Outcome} outcome @param {string} said */
export async function found(task, outcome, said) {
  const made_at = new Date().toISOString();
  const details = { kind: /** @type {const} */ ("outcome"), outcome: outcome.code, ...(said ? { note: said } : {}) };
  await checkIn(task, details, made_at, { ...visitOf(task), ended_at: made_at, outcome }, outcome);
  await letGo(task);
}

/**
 * @param {Task} task
 * @param {{ kind: "arrived" | "outcome", outcome?: string, note?: string }} details
 * @param {string} made_at
 * @param {Visit} visit
 * @param {Outcome} [outcome]
 */
async function checkIn(task, details, made_at, visit, outcome) {
  const id = newId();
  const what = { kind: details.kind, task_id: task.id, area: task.area, ...(outcome ? { name: outcome.name } : {}) };
  const body = { id, task_id: task.id, made_at, ...details };
  const receipt = { field: "received_at", id };
  await enqueue({ id, method: "POST", path: "/api/checkins", body, made_at, what, receipt }, visit);
}

/** Name, number and address leave the phone when the task ends. @param {Task} task */
async function letGo(task) {
  const left = tasks.value.filter((held) => held.id !== task.id);
  await write(["kept"], (store) => store("kept").put(left, "tasks")).catch(() => {});
  await changed();
  tasks.value = left;
}

/** On duty until a time, or off (null). @param {string | null} until */
export async function setDuty(until) {
  await enqueue({
    method: "PATCH",
    path: "/api/me/duty",
    body: until ? { until } : { off: true },
    what: { kind: "duty", until },
    receipt: { field: "on_duty_until" },
    instead: "duty",
  });
}
