// @ts-check
// Who is signed in, and what they may do.
import { ask, request, session, signedInAs } from "../../shared/api.js";
import { computed, signal } from "../../shared/html.js";

/** @import { Coordinator } from "../types.js" */

/** Who is signed in; null: nobody; undefined: not known yet. */
export const me = signal(/** @type {Coordinator | null | undefined} */ (undefined));
/** Whether they may change anything, or only read. */
export const decides = computed(() => me.value?.role === "coordinator" || me.value?.role === "admin");
export const reads = computed(() => decides.value || me.value?.role === "chief");

/** Ask the server who this is. */
export async function whoIsIt() {
  const answer = await session();
  if (answer.why === "ok") me.value = answer.body.coordinator;
  if (answer.why === "signed_out") me.value = null;
  return answer;
}

/** Sign in, at `passwords` or `links`. @param {string} way @param {object} given */
export async function signIn(way, given) {
  const answer = await request("POST", `/api/sign-in/${way}`, given);
  if (answer.why === "ok") {
    signedInAs(answer.body);
    me.value = answer.body.coordinator;
  }
  return answer;
}

export async function signOut() {
  const answer = await ask("DELETE", "/api/session");
  if (answer.why !== "ok" && answer.why !== "signed_out") return;
  signedInAs();
  me.value = null;
}
