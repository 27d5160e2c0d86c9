// @ts-check
// The way back from the last reassignment, for as long as there is one; the word at the foot is gone with the next.
import { html } from "../../../shared/html.js";
import { theTime } from "../../frame.js";
import { of, t } from "../../words.js";
import { decide, nameOf, view } from "./data.js";

export function Undoing() {
  const { undo, timeline } = view.value;
  const line = undo && timeline.find((/** @type {any} */ one) => one.seq === undo.seq);
  if (!line || theTime() > Date.parse(undo.until)) return null;
  const { kind, actor_id, data } = line;
  const from = data.from_responder_id ? nameOf(data.from_responder_id) : t("case_nobody");
  return html`<p class="none undo"><span>${of("case_line_", kind, { who: nameOf(actor_id), from, to: nameOf(data.responder_id) })}</span>
    <button class="btn s" onClick=${() => void decide("undo", {}, t("case_undone"))}>${t("undo")}</button></p>`;
}
