// @ts-check
import { html } from "../../shared/html.js";
import { loaded, tasks, visits } from "../data/state.js";
import { goOn } from "../router.js";
import { Call } from "./call.js";
import { OutcomeScreen } from "./outcome.js";
import { Gone, VisitScreen } from "./visit.js";

/** A task that is held, or how it went. @param {{ id: string, part: string | undefined }} props */
export function TaskScreen({ id, part }) {
  const task = tasks.value.find((held) => held.id === id);
  if (task) return html`<${part === "outcome" ? OutcomeScreen : task.kind === "call" ? Call : VisitScreen} task=${task} />`;
  if (visits.value.find((visit) => visit.task_id === id)?.ended_at) return void goOn(`/done/${id}`);
  return loaded.value && html`<${Gone} id=${id} />`;
}
