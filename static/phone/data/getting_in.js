// @ts-check
// Signing in by a code that comes to the phone, and signing out.
import { ask, request, session, signedInAs } from "../../shared/api.js";
import { signal } from "../../shared/html.js";
import { read, store } from "../words.js";
import { keepMe, letGoOfAll, refresh } from "./knowing.js";
import { flush } from "./outbox.js";
import { hasSignal, pushKey, signedOut } from "./state.js";

/** Who wants in: a number, or an invitation's code. @typedef {{ phone: string } | { invite: string }} Who */

const KEPT = "signing_in";

/** A text comes late, and a phone may throw the page away while its owner looks for it. */
export const asked = signal(/** @type {(Who & { at: number }) | null} */ (JSON.parse(read(KEPT) || "null")));

/** @param {typeof asked.value} now */
function remember(now) {
  asked.value = now;
  store(KEPT, JSON.stringify(now));
}

/** Have a code sent. @param {Who} who */
export async function askForCode(who) {
  const answer = await request("POST", "/api/sign-in/codes", who);
  if (answer.why === "ok") remember({ ...who, at: Date.now() });
  return answer;
}

let unheard = false;

/** @param {string} code */
export async function signIn(code) {
  const { at, ...who } = /** @type {NonNullable<typeof asked.value>} */ (asked.value);
  let answer = await request("POST", "/api/sign-in/sessions", { ...who, code });
  // A code works once: the answer that was lost may have been the one that let in.
  if (answer.why === "refused" && unheard) {
    const here = await session();
    if (here.body?.responder) answer = here;
  }
  unheard = answer.why === "no_signal";
  if (answer.why !== "ok") return answer;
  signedInAs(answer.body);
  await keepMe(answer.body.responder);
  [signedOut.value, hasSignal.value] = [false, true];
  remember(null);
  // Pushes belong to a session: with the key they are asked for anew.
  pushKey.value = "";
  void refresh().then(() => flush(true));
  return answer;
}

/** Here, or everywhere; what is not sent stays on the phone. @param {"session" | "sessions"} which */
export async function signOut(which) {
  const answer = await ask("DELETE", `/api/${which}`);
  if (answer.why !== "ok" && answer.why !== "signed_out") return answer;
  signedInAs();
  signedOut.value = true;
  pushKey.value = "";
  await letGoOfAll();
  return answer;
}
