// @ts-check
// The way back from the last reassignment, for as long as there is one; the word at the foot is gone with the next.
import { html } from "../../../shared/html.js";
import { theTime } from "../../frame.js";
import { of, t } from "../../words.js";
import { decide, nameOf, view } from "./data.js";

const UNDO_MS = 600_000;
const MOVES = ["reassigned", "released", "reassign_undone"];

/** The line that may still be taken back, as the server decides it: the last move, not long ago, the task as it left it and nobody at the door. @param {any} of @param {number} now */
function undoable({ timeline, tasks }, now) {
  const last = timeline.findLast((/** @type {any} */ line) => MOVES.includes(line.kind));
  if (!last || last.kind === "reassign_undone" || now - Date.parse(last.at) > UNDO_MS) return null;
  const held = tasks.find((/** @type {any} */ one) => one.kind === last.data.task_kind && one.status !== "closed");
  return held?.id === (last.data.task_id ?? undefined) && held?.status !== "arrived" ? last : null;
}

export function Undoing() {
  const last = undoable(view.value, theTime());
  if (!last) return null;
  const { kind, actor_id, data } = last;
  const from = data.from_responder_id ? nameOf(data.from_responder_id) : t("case_nobody");
  return html`<p class="none undo"><span>${of("case_line_", kind, { who: nameOf(actor_id), from, to: nameOf(data.responder_id) })}</span>
    <button class="btn s" onClick=${() => void decide("undo", {}, t("case_undone"))}>${t("undo")}</button></p>`;
}
