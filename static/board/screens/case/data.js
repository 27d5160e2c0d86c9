// @ts-check
// One case as the server has it: read when opened and each time something happens in it; and decisions on what was read.
import { ask } from "../../../shared/api.js";
import { signal } from "../../../shared/html.js";
import { onHappened } from "../../data/live.js";
import { say, toast, why } from "../../frame.js";
import { t } from "../../words.js";

/** @import { Answer } from "../../../shared/api.js" */
/** @typedef {{ changes: any[], mine: string, again: () => Promise<Answer> }} Conflict */

export const view = signal(/** @type {any} */ (null));
export const refused = signal(/** @type {Answer | null} */ (null));
export const conflict = signal(/** @type {Conflict | null} */ (null));
/** Whether numbers and places are shown: that is a look, and noted. */
export const looked = signal(false);

const path = (/** @type {string} */ id) => `/api/outreaches/${id}`;
/** How often something was done here: what came of it is looked for. */
export const acts = signal(0);
let open = "";
let waiting = 0;

/** Read it again. */
export async function read() {
  const id = open;
  const answer = await ask("GET", path(id) + (looked.value ? "" : "?masked=true"));
  if (id !== open) return;
  refused.value = answer.why === "ok" ? null : answer;
  if (answer.why === "ok") view.value = answer.body;
}

/** Read what came of an act of one's own. */
export async function readOwn() {
  await read();
  acts.value++;
}

/** Follow this case for as long as it is shown. @param {string} id */
export function follow(id) {
  open = id;
  if (view.value?.id !== id) view.value = null;
  [looked.value, conflict.value] = [false, null];
  void read();
  const stop = onHappened((what) => {
    if (what && (what.outreach_id !== id || /_shown$/.test(what.kind))) return;
    // Several lines come at once: they are read together.
    clearTimeout(waiting);
    waiting = setTimeout(() => void read(), 120);
  });
  return () => {
    stop();
    open = "";
  };
}

export async function look() {
  looked.value = true;
  await read();
  // Where the line is down nothing was shown, and nobody looked.
  if (refused.value) [looked.value] = [false, toast(why(refused.value))];
}

/**
 * Decide on the version that was read; one that is stale changes nothing and says who was quicker.
 * @param {string} name @param {object} body @param {string} mine what was meant, in words
 * @returns {Promise<Answer>}
 */
export async function decide(name, body, mine) {
  const id = view.value.id;
  const answer = await ask("POST", `${path(id)}/${name}`, body, { "If-Match": `"${view.value.version}"` });
  if (id === open) await readOwn();
  if (answer.code === "StaleVersion") {
    // Said once what stands was read: whoever does theirs all the same does it on that.
    conflict.value = { changes: answer.body.changes ?? [], mine, again: () => decide(name, body, mine) };
    say(t("case_conflict_said"));
  } else if (answer.why === "ok") {
    conflict.value = null;
    const { undo_until } = answer.body;
    if (undo_until) toast(mine, () => void undo(id), Date.parse(undo_until));
    else toast(mine);
  } else toast(why(answer));
  return answer;
}

/** Take the last reassignment back: both phones are told. @param {string} id */
async function undo(id) {
  const now = await ask("GET", `${path(id)}?masked=true`);
  const answer = now.why === "ok" ? await ask("POST", `${path(id)}/undo`, undefined, { "If-Match": `"${now.body.version}"` }) : now;
  toast(answer.why === "ok" ? t("case_undone") : why(answer));
  if (id === open) await readOwn();
}

/** Whose name an id is. @param {string | null | undefined} id */
export const nameOf = (id) => (id && view.value?.names[id]) || t("case_somebody");
