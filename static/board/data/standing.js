// @ts-check
// What stands on this coordinator's board until they have seen it: who needs help first.
import { ask } from "../../shared/api.js";
import { effect, signal } from "../../shared/html.js";
import { onHappened } from "./live.js";
import { reads } from "./session.js";

/** @typedef {{ id: string, kind: string, at: string, outreach_id: string | null, resident: string | null, area: string | null, responder: string | null, point: [number, number] | null, data: Record<string, any> }} Word */

/** What tells of danger to life stands before all else, in red. */
export const GRAVE = ["help", "emergency"];
const TOLD_BY = new Set([...GRAVE, "alarm", "moved", "place_missing", "place_wrong", "handed_on", "visit_code_wrong", "correction_kept_aside", "contact_wrote", "taken", "reassigned", "contact", "ended", "resumed"]);
const EVERY = 60_000;
const GATHERED = 300;

export const standing = signal(/** @type {Word[]} */ ([]));
let timer = 0;

async function read() {
  timer = 0;
  const answer = await ask("GET", "/api/board/words");
  if (answer.why !== "ok") return;
  const grave = (/** @type {Word} */ one) => Number(GRAVE.includes(one.kind));
  standing.value = answer.body.words.sort((/** @type {Word} */ a, /** @type {Word} */ b) => grave(b) - grave(a));
}

/** Take one away; it comes back when the server did not hear of it. @param {Word} one */
export async function seen(one) {
  standing.value = standing.value.filter(({ id }) => id !== one.id);
  await ask("POST", `/api/board/words/${one.id}/seen`);
  await read();
}

/** Keep what stands there as the server has it. */
export function keepStanding() {
  onHappened((what) => {
    if (!what || TOLD_BY.has(what.kind)) timer ||= setTimeout(() => void read(), GATHERED);
  });
  effect(() => {
    if (reads.value) void read();
    else standing.value = [];
  });
  setInterval(() => reads.value && void read(), EVERY);
}
