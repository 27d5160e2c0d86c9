// @ts-check
// What the screens read. The database is the truth; these are its copy in this tab.
import { computed, signal } from "../../shared/html.js";
import { database, StorageRefused } from "./database.js";

/** @import { HoursDone, Me, Offer, Receipt, Row, Task, Visit } from "../types.js" */

export const me = signal(/** @type {Me | null} */ (null));
export const week = signal(/** @type {HoursDone | null} */ (null));
export const offers = signal(/** @type {Offer[]} */ ([]));
export const tasks = signal(/** @type {Task[]} */ ([]));
export const visits = signal(/** @type {Visit[]} */ ([]));
export const outbox = signal(/** @type {Row[]} */ ([]));
export const receipts = signal(/** @type {Receipt[]} */ ([]));

/** Whether the server was heard at the last try. */
export const hasSignal = signal(navigator.onLine);
export const signedOut = signal(false);
/** What a browser subscribes to pushes with; empty until the server said it. */
export const pushKey = signal("");
export const storageRefused = signal(false);
/** The phone's own copy was read: until then nothing is known, not even that there is nothing. */
export const loaded = signal(false);

export const unsent = computed(() => outbox.value.length);

/** Whether somebody else did it, on this same phone. @param {Row} row */
export function isAnothers(row) {
  return row.owner !== undefined && row.owner.id !== me.value?.id;
}

/** What whoever is signed in did and is not sent yet. */
export const mine = computed(() => outbox.value.filter((row) => !isAnothers(row)));

/** On duty until when; a switch that is not sent yet counts, for it is what its owner said last. */
export const onDutyUntil = computed(() => {
  const said = mine.value.filter((row) => row.what.kind === "duty" && row.state !== "refused").at(-1);
  return said ? ((!said.what.from && said.what.until) || null) : (me.value?.on_duty_until ?? null);
});

/** The days away, likewise. */
export const awayDays = computed(() => {
  const said = mine.value.filter((row) => row.what.kind === "away" && row.state !== "refused").at(-1);
  return said?.what.days ?? me.value?.away ?? [];
});

const others = new BroadcastChannel("outreach");
others.onmessage = () => void load();

/** Tell the other tabs that the database changed, and read it. */
export async function changed() {
  others.postMessage(null);
  await load();
}

/** Read the phone's own copy. */
export async function load() {
  try {
    const db = await database();
    const [rows, told, visited, keptMe, keptOffers, keptTasks, keptWeek] = await Promise.all([
      db.getAll("outbox"),
      db.getAll("receipts"),
      db.getAll("visits"),
      db.get("kept", "me"),
      db.get("kept", "offers"),
      db.get("kept", "tasks"),
      db.get("kept", "week"),
    ]);
    outbox.value = rows;
    receipts.value = told.reverse();
    visits.value = visited;
    me.value = keptMe ?? null;
    offers.value = keptOffers ?? [];
    tasks.value = keptTasks ?? [];
    week.value = keptWeek ?? null;
  } catch (failure) {
    if (!(failure instanceof StorageRefused)) throw failure;
    storageRefused.value = true;
  }
  loaded.value = true;
}
