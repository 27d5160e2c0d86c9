// @ts-check
// What calls found, and what was said in them: kept on this machine until the server has said that it has it, and no longer.
import { ask, serverNow } from "../../shared/api.js";
import { computed, effect, signal } from "../../shared/html.js";
import { newId } from "../../shared/ids.js";
import { theTime, toast, why } from "../frame.js";
import { clock, named, t } from "../words.js";
import { lostSince } from "./live.js";
import { me, signOut } from "./session.js";

/** @import { Answer } from "../../shared/api.js" */
/** @import { Names } from "../types.js" */
/**
 * `by` made it in the case `of`, at the server's time; `name` is the outcome's, `note` what was said. `refused`: it is not sent again by itself.
 * @typedef {{ id: string, by: string, of: string, outcome: string, name: Names, who: string, note: string, at: string, refused?: { code: string, detail: string } }} Note
 */

const PREFIX = "call-note/";
const EVERY = 10_000;
/** One that is on its way is no news yet. */
const SOON_MS = 2_000;

/** None where a browser keeps nothing. */
const store = storage();
/** What the browser did not keep is here for as long as the page is. @type {Map<string, Note>} */
const unkept = new Map();
/** Those just made, of which nobody was told yet that they wait. */
const fresh = new Set();
/** Of all who use this machine. */
const notes = signal(load());
const mine = computed(() => notes.value.filter((one) => one.by === me.value?.id));
/** Those of whoever is signed in that the server does not have. */
export const unsent = computed(() => mine.value.filter((one) => one.refused || lostSince.value !== null || theTime() - Date.parse(one.at) > SOON_MS));

function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** @returns {Note[]} each under a key of its own, so that two tabs never write over each other */
function load() {
  const keys = Object.keys(store ?? {}).filter((key) => key.startsWith(PREFIX));
  const kept = keys.flatMap((key) => JSON.parse(store?.getItem(key) ?? "[]"));
  return [...kept, ...unkept.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** @param {Note} note */
function put(note) {
  try {
    if (!store) throw new Error();
    store.setItem(PREFIX + note.id, JSON.stringify(note));
  } catch {
    unkept.set(note.id, note);
  }
  notes.value = load();
}

/** It is gone from this machine. @param {Note} note */
export function drop({ id }) {
  store?.removeItem(PREFIX + id);
  unkept.delete(id);
  notes.value = load();
}

/** Keep what a call found, and send it if the line allows. @param {Pick<Note, "of" | "outcome" | "name" | "who" | "note">} found */
export async function note(found) {
  const one = { id: newId(), by: me.value?.id ?? "", at: new Date(serverNow()).toISOString(), ...found };
  fresh.add(one.id);
  put(one);
  await flush();
  fresh.delete(one.id);
  if (unkept.has(one.id)) toast(t("note_unkept"));
  else if (notes.value.some(({ id, refused }) => id === one.id && !refused)) toast(t("note_kept_said", { outcome: named(one.name) }));
}

/** @type {Promise<void>} */
let last = Promise.resolve();
/** Send what is due, one after the other, in one tab at a time. */
export const flush = () => (last = last.then(() => (navigator.locks ? navigator.locks.request("call-notes", sendAll) : sendAll())));

async function sendAll() {
  notes.value = load();
  for (const one of mine.value) if (!one.refused && !(await send(one))) return;
}

/** Try one; false when the line is of no use now. The id says to the server which call it is: told twice, it counts once. @param {Note} one */
async function send(one) {
  const { id, outcome, who, at, note } = one;
  const answer = await ask("POST", `/api/outreaches/${one.of}/contact`, { id, outcome, who, at, note: note || null }, {}, one.by);
  if (answer.why === "ok") {
    drop(one);
    toast(t(fresh.has(id) ? "case_recorded" : "note_sent", { outcome: named(one.name), time: clock(at) }));
  } else if (answer.why === "refused") {
    put({ ...one, refused: { code: answer.code, detail: String(answer.body?.detail ?? "") } });
    toast(refusalOf({ code: answer.code, detail: String(answer.body?.detail ?? "") }));
  } else if (answer.why === "signed_out") me.value = null;
  return answer.why === "ok" || answer.why === "refused";
}

/** Why it is not recorded, as a sentence. @param {{ code: string, detail: string }} refused */
export const refusalOf = ({ code, detail }) => why(/** @type {Answer} */ ({ why: "refused", code, body: { detail }, wait: 0 }));

/** Try one again that was refused. @param {Note} one */
export function again({ refused, ...one }) {
  put(one);
  void flush();
}

let told = 0;
/** Sign out: what is not sent by then is left behind, and that is said first. */
export async function leave() {
  await flush();
  const left = mine.value;
  if (left.length && told !== left.length) {
    told = left.length;
    return toast(t("note_leave", { n: left.length }));
  }
  await signOut();
  if (me.value) return toast(t("why_no_signal"));
  told = 0;
  left.forEach(drop);
}

/** Send what is kept, whenever the line is back. */
export function keepNotes() {
  addEventListener("storage", () => (notes.value = load()));
  effect(() => void (me.value && lostSince.value === null && flush()));
  setInterval(() => void (lostSince.value === null && mine.value.some((one) => !one.refused) && flush()), EVERY);
}
