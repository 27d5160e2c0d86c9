// @ts-check
// What screens are made of: icons, a dialog, a severity's shape, a word at the foot that can be undone, a voice.
import { useLayoutEffect } from "preact/hooks";
import { serverNow } from "../shared/api.js";
import { html, signal, useEffect, useRef, useState } from "../shared/html.js";
import { of, t } from "./words.js";
// What nearly every screen uses comes in one file with this: each file more would weigh its own wrapping.
import "./data/session.js";
import "./keys.js";
import "./parts.js";
import "./router.js";

/** @import { Answer } from "../shared/api.js" */

/** The name of the service, as the server wrote it into the page. */
export const SERVICE = document.querySelector("meta[name=service]")?.getAttribute("content") ?? "";

/** @param {{ name: string, more?: string }} props */
export const Icon = ({ name, more = "" }) => html`<svg class="ico ${more}" viewBox="0 0 16 16" aria-hidden="true"><use href="#${name}" /></svg>`;

/** Full, half, empty: the same in list and map. @param {{ severity: string }} props */
export const Severity = ({ severity }) =>
  html`<svg class="sev ${severity}" viewBox="0 0 12 12" aria-hidden="true"><use href="#sev-${severity}" /></svg><span class="vh">${of("severity_", severity)} </span>`;

const spoken = signal("");

/** Said to a screen reader without moving anybody's place. @param {string} text */
export function say(text) {
  spoken.value = text;
}

export const Voice = () => html`<p class="vh" role="status" aria-live="polite">${spoken}</p>`;

const now = signal(serverNow());
setInterval(() => (now.value = serverNow()), 1000);

/** The time at the server, which redraws whoever reads it once a second. */
export function theTime() {
  return now.value;
}

/** The part of the page that changes with the address; whoever reads by ear begins there. @param {{ title: string, more?: string, children?: any }} props */
export function Main({ title, more, children }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} - ${SERVICE}`;
    place.current?.focus({ preventScroll: true });
  }, [title]);
  return html`<main ref=${place} class=${more} tabindex="-1" aria-label=${title}>${children}</main>`;
}

/** A choice over the screen; Escape, the ground and what `leave` says close it. @param {{ title: string, close: () => void, leave?: string, wide?: boolean, children?: any }} props */
export function Dialog({ title, close, leave = t("close"), wide, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  // Open with its first picture and gone with the key that closes it: the browser tells of a close later, when the next key may have been pressed.
  useLayoutEffect(() => {
    const one = dialog.current;
    one?.showModal();
    return () => one?.close();
  }, []);
  const onGround = (/** @type {Event} */ event) => event.target === dialog.current && close();
  return html`<dialog class=${wide ? "wide" : ""} ref=${dialog} aria-label=${title} onCancel=${close} onClose=${() => dialog.current && close()} onClick=${onGround}>
    <div><header><h2>${title}</h2><button class="btn s g" onClick=${close}>${leave}</button></header>${children}</div>
  </dialog>`;
}

/** @typedef {{ words: string, undo?: () => void, until?: number }} Toasted */
export const toasted = signal(/** @type {Toasted | null} */ (null));
const SHOWN_MS = 8000;

/** Say at the foot what was done, with a way back where there is one, until the time `until`. @param {string} words @param {() => void} [undo] @param {number} [until] */
export function toast(words, undo, until) {
  toasted.value = { words, undo, until };
}

export function Toast() {
  const shown = toasted.value;
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => (toasted.value = null), shown.until ? shown.until - serverNow() : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  const undone = () => ((toasted.value = null), shown?.undo?.());
  return html`<div class="toast" role="status">${
    shown && html`<p>${shown.words}${shown.undo && html` <button class="btn s" onClick=${undone}>${t("undo")}</button>`}
      <button class="btn s g" aria-label=${t("close")} onClick=${() => (toasted.value = null)}>×</button></p>`
  }</div>`;
}

/** Why it did not happen, as a sentence; what the server says by name, else by kind. @param {Answer} answer */
export function why(answer) {
  if (answer.why !== "refused") return of("why_", answer.why);
  const word = of("refused_", answer.code);
  const who = answer.body?.changes?.[0]?.by.name;
  return (who ? t("case_meanwhile", { who }) + " " : "") + (word === answer.code ? String(answer.body?.detail ?? answer.code) : word);
}

/** @param {{ answer: Answer | null | undefined }} props */
export const Refusal = ({ answer }) => html`<p class="refusal" role="alert">${answer && answer.why !== "ok" ? why(answer) : ""}</p>`;

/** The faults of a refused form by field. @param {Answer | null | undefined} answer @returns {Record<string, string>} */
export function faultsOf(answer) {
  const faults = answer?.body?.errors ?? [];
  return Object.fromEntries(faults.map((/** @type {any} */ fault) => [fault.field, fault.reason]));
}

/** What a request answers, read when opened and whenever `again` changes: the last answer stays until the next. @param {() => Promise<Answer>} asking @param {any[]} again */
export function useAnswer(asking, again) {
  const [answer, setAnswer] = useState(/** @type {Answer | null} */ (null));
  useEffect(() => {
    let here = true;
    void asking().then((said) => here && setAnswer(said));
    return () => void (here = false);
  }, again);
  return answer;
}
