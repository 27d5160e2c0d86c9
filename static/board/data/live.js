// @ts-check
// What happens in the area, as it does: by a stream that goes on where it was cut, else by asking again and again.
import { request, serverNow } from "../../shared/api.js";
import { effect, signal } from "../../shared/html.js";
import { toast } from "../frame.js";
import { t } from "../words.js";
import { me } from "./session.js";

/** @import { Stands } from "../types.js" */
/** @typedef {{ seq: number, outreach_id: string, kind: string, at: string, actor_kind: string, actor_id: string | null }} Happened */

const ASK_EVERY = 5_000;
/** A stream gives a sign of life each 15 s; one that is silent for longer is dead, whatever the browser thinks. */
const SILENT = 40_000;

/** Since when nothing is heard; null: all is well. */
export const lostSince = signal(/** @type {number | null} */ (null));
/** When it was last known that nothing is missing. */
export const heardAt = signal(serverNow());

/** @type {Set<(what: Happened | null) => void>} */
const listeners = new Set();
/** Who stands where, as far as it changed. */
export const stands = signal(/** @type {Stands | null} */ (null));
/** @type {EventSource | null} */
let stream = null;
let last = "";
let signOfLife = 0;
/** How often was asked in place of a stream that does not come; 0: it does. */
let asked = 0;

/** Hear what happens; null: too much happened, read everything anew. @param {(what: Happened | null) => void} listener */
export function onHappened(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const tell = (/** @type {Happened | null} */ what) => listeners.forEach((listener) => listener(what));

/** @param {string} [id] */
function heard(id) {
  if (id) last = id;
  signOfLife = Date.now();
  heardAt.value = serverNow();
  lostSince.value = null;
}

function open() {
  stream?.close();
  const opened = new EventSource(`/api/live${last ? `?after=${last}` : ""}`);
  stream = opened;
  opened.onopen = () => {
    asked = 0;
    heard();
  };
  opened.onerror = () => {
    if (!asked) lostSince.value ??= serverNow();
    // A browser gives up by itself only where the server refused.
    if (opened.readyState === EventSource.CLOSED) stream = null;
  };
  opened.addEventListener("hello", (event) => heard(event.lastEventId));
  opened.addEventListener("happened", (event) => {
    heard(event.lastEventId);
    tell(JSON.parse(event.data));
  });
  opened.addEventListener("staff", (event) => (stands.value = JSON.parse(event.data)));
  opened.addEventListener("reset", (event) => {
    heard(event.lastEventId);
    tell(null);
  });
}

/** Without a stream: ask what happened since, and try the stream again. */
async function askAgain() {
  if (!me.value) return;
  if (stream?.readyState === EventSource.OPEN && Date.now() - signOfLife < SILENT) return;
  const answer = await request("GET", `/api/live?after=${last || 0}`);
  if (answer.why === "signed_out") {
    me.value = null;
    toast(t("why_signed_out"));
  }
  if (answer.why !== "ok") {
    asked = 0;
    lostSince.value ??= heardAt.value;
    return;
  }
  heard(String(answer.body.after));
  // Who stands where comes by the stream alone: now and then all is read instead.
  if (!(asked++ % 3) || answer.body.reset) tell(null);
  else answer.body.events.forEach(tell);
  open();
}

/** Keep hearing for as long as somebody is signed in. */
export function listen() {
  effect(() => {
    if (me.value) open();
    else {
      stream?.close();
      stream = null;
      last = "";
    }
  });
  setInterval(() => void askAgain(), ASK_EVERY);
  addEventListener("offline", () => {
    // The browser knows before the stream does, which may hang for long.
    stream?.close();
    stream = null;
    lostSince.value ??= serverNow();
  });
  addEventListener("online", () => void askAgain());
  addEventListener("pagehide", () => stream?.close());
}
