// @ts-check
// What somebody did goes here before the screen says "saved", and leaves only when the server has said that it has it.
import { ask } from "../../shared/api.js";
import { effect } from "../../shared/html.js";
import { newId } from "../../shared/ids.js";
import { database, write } from "./database.js";
import { changed, hasSignal, isAnothers, me, signedOut } from "./state.js";

/** @import { Row, Visit, Receipt } from "../types.js" */

const EVERY = 30_000;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 300_000;
const RECEIPTS_KEPT = 40;

/** What to do once a row has its receipt: look again at what the server says. @type {((row: Row, body: any) => void)[]} */
export const onReceipt = [];

/**
 * Keep a row; when this returns it is on the disk. Throws StorageRefused: then nothing was saved and nobody may say so.
 * @param {Pick<Row, "method" | "path" | "what" | "receipt" | "instead"> & { id?: string, made_at?: string, body: object }} given
 * @param {Visit} [visit] what the phone remembers of the visit from now on, written with it
 */
export async function enqueue({ body, ...given }, visit) {
  /** @type {Row} */
  const row = {
    id: newId(),
    ...(me.value ? { owner: { id: me.value.id, name: me.value.name } } : {}),
    made_at: new Date().toISOString(),
    ...given,
    body: JSON.stringify(body),
    state: "waiting",
    tries: 0,
    next_at: 0,
  };
  await write(["outbox", "visits"], async (store) => {
    if (row.instead) await dropUntried(store("outbox"), row.instead, row.owner?.id);
    await store("outbox").add(row);
    if (visit) await store("visits").put(visit);
  });
  await changed();
  void flush(true);
  return row;
}

/** A row that was tried once may have arrived: it stays as it is. @param {any} store @param {string} name @param {string} [owner] */
async function dropUntried(store, name, owner) {
  for (const row of /** @type {Row[]} */ (await store.getAll())) {
    if (row.instead === name && row.tries === 0 && row.owner?.id === owner) await store.delete(row.id);
  }
}

/** @type {Promise<void> | null} */
let running = null;
let again = false;

/**
 * Send what is due, one after the other, in one tab at a time. @param {boolean} [eager] do not wait out the back-off
 * @returns {Promise<void>}
 */
export function flush(eager = false) {
  if (running) {
    again ||= eager;
    return running;
  }
  running = alone(() => sendAll(eager)).finally(() => {
    running = null;
    if (again) {
      again = false;
      void flush(true);
    }
  });
  return running;
}

/** @param {() => Promise<void>} work */
async function alone(work) {
  // Without locks two tabs could send the same row twice: the server keeps one by its id.
  if (navigator.locks) await navigator.locks.request("outreach-outbox", work);
  else await work();
}

/** @param {boolean} eager */
async function sendAll(eager) {
  const db = await database().catch(() => null);
  if (!db) return;
  const tried = new Set();
  for (;;) {
    const rows = /** @type {Row[]} */ (await db.getAll("outbox"));
    const row = rows.find((one) => !tried.has(one.id) && isDue(one, eager));
    if (!row) return;
    tried.add(row.id);
    if (!(await send(row))) return;
  }
}

/** @param {Row} row @param {boolean} eager */
function isDue(row, eager) {
  const wait = row.next_at - Date.now();
  // A wait longer than any we set means that the phone's clock was set back.
  return row.state !== "refused" && !isAnothers(row) && (eager || wait <= 0 || wait > 2 * LONGEST_WAIT);
}

/** Try one row; false when the line is of no use now. @param {Row} row */
async function send(row) {
  // Written before it leaves: whoever finds it so after a crash knows that it may have arrived, and sends the same again.
  await keep({ ...row, state: "sending", tries: row.tries + 1 });
  const answer = await ask(row.method, row.path, row.body, { "Phone-Now": new Date().toISOString() }, row.owner?.id);
  if (answer.why === "another") {
    await keep(row);
    return true;
  }
  const { field, id } = row.receipt;
  hasSignal.value = answer.why !== "no_signal";
  if (answer.why === "ok" && answer.body?.[field] !== undefined && (!id || answer.body.id === id)) {
    await settle(row, answer.body);
    return true;
  }
  if (answer.why === "refused") {
    await keep({ ...row, tries: row.tries + 1, state: "refused", reason: answer.code });
    return true;
  }
  if (answer.why === "signed_out") signedOut.value = true;
  const state = answer.why === "signed_out" ? "signed_out" : "waiting";
  await keep({ ...row, tries: row.tries + 1, state, next_at: Date.now() + Math.max(answer.wait, backOff(row.tries)) });
  return false;
}

/** @param {number} tries */
function backOff(tries) {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries) * (0.75 + Math.random() / 2);
}

/** @param {Row} row */
async function keep(row) {
  // A disk that is full now held the row before: the send goes on, and at worst the same is sent once more.
  await write(["outbox"], (store) => store("outbox").put(row)).catch(() => {});
  await changed();
}

/** The only place where a row leaves by itself. @param {Row} row @param {any} body */
async function settle(row, body) {
  const receipt = receiptOf(row, { after_handover: body.after_handover === true });
  await write(["outbox", "receipts"], async (store) => {
    await store("receipts").put(receipt);
    await store("outbox").delete(row.id);
    await trim(store("receipts"));
  }).catch(() => {});
  await changed();
  for (const told of onReceipt) told(row, body);
}

/** @param {Row} row @param {Partial<Receipt>} more @returns {Receipt} */
function receiptOf(row, more) {
  return { id: row.id, mark: row.id.slice(-4).toUpperCase(), made_at: row.made_at, what: row.what, ...more };
}

/** @param {any} store */
async function trim(store) {
  const keys = await store.getAllKeys();
  for (const key of keys.slice(0, Math.max(0, keys.length - RECEIPTS_KEPT))) await store.delete(key);
}

/** Something done that needed the server and has its answer: shown among the receipts. @param {Omit<Receipt, "mark">} done */
export async function note(done) {
  const receipt = { ...done, mark: done.id.slice(-4).toUpperCase() };
  await write(["receipts"], (store) => store("receipts").put(receipt)).catch(() => {});
  await changed();
}

/** A refused row was exported and told to a coordinator: its owner says so, and nobody else. @param {Row} row */
export async function toldByHand(row) {
  if (row.state !== "refused") return;
  await write(["outbox", "receipts"], async (store) => {
    await store("receipts").put(receiptOf(row, { by_hand: true }));
    await store("outbox").delete(row.id);
  });
  await changed();
}

/** Flush at every sign that the line may be back. */
export function watch() {
  const eagerly = () => void flush(true);
  addEventListener("online", eagerly);
  addEventListener("pageshow", eagerly);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && eagerly());
  setInterval(() => void flush(), EVERY);
  // The server was heard, whoever asked it: a browser does not always say that it is online again.
  effect(() => {
    if (hasSignal.value) eagerly();
  });
  eagerly();
}
