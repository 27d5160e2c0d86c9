// @ts-check
// What screens are made of: the bar, the dock, the tabs, a sheet, a voice for those who do not see the screen.
import { serverNow } from "../shared/api.js";
import { html, signal, useEffect, useRef, useState } from "../shared/html.js";
import { hasSignal, unsent } from "./data/state.js";
import { t } from "./words.js";

/** The name of the service, as the server wrote it into the page. */
export const SERVICE = document.querySelector("meta[name=service]")?.getAttribute("content") ?? "";
/** The official line's number, or nothing. */
export const LINE = document.querySelector("meta[name=hotline]")?.getAttribute("content") ?? "";

/** Whom to ring when life is in danger. */
export const EMERGENCY = document.querySelector("meta[name=emergency]")?.getAttribute("content") ?? "";

/** @param {{ name: string, more?: string }} props */
export const Icon = ({ name, more = "" }) => html`<svg class="i ${more}" viewBox="0 0 24 24" aria-hidden="true"><use href="#${name}" /></svg>`;

/** A line that leads somewhere. @param {{ to: string, icon: string, title: string, text: string }} props */
export const Banner = ({ to, icon, title, text }) => html`<a class="banner" href="#${to}"><${Icon} name=${icon} /><span><strong>${title}</strong><br />${text}</span></a>`;

const spoken = signal("");

/** Said to a screen reader without moving anybody's place. @param {string} text */
export function say(text) {
  spoken.value = text;
}

export const Voice = () => html`<p class="unseen" role="status" aria-live="polite">${spoken}</p>`;

/** The time at the server, read again each so many milliseconds. @param {number} every */
export function useNow(every) {
  const [now, setNow] = useState(serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Top right always tells: what is unsent before anything else. @param {{ other?: any }} props */
export function Chip({ other }) {
  if (unsent.value) {
    const icon = hasSignal.value ? "clock" : "no-signal";
    return html`<a class="chip lamp num" href="#/records"><${Icon} name=${icon} />${t("unsent", { n: unsent.value })}</a>`;
  }
  if (other) return other;
  const [icon, word] = hasSignal.value ? ["check", "all_sent"] : ["no-signal", "no_signal"];
  return html`<span class="chip"><${Icon} name=${icon} />${t(/** @type {any} */ (word))}</span>`;
}

/** `head`: nothing else on the screen is its heading. @param {{ title: string, back?: string, head?: boolean, children?: any }} props */
export function Bar({ title, back, head, children }) {
  const start = back
    ? html`<a class="back" href="#${back}" aria-label=${t("back")}></a>`
    : html`<svg class="mark" viewBox="0 0 34 34" aria-hidden="true"><use href="#mark" /></svg>`;
  return html`<header class="bar">${start}<${head ? "h1" : "span"} class="who">${title}<//><${Chip} other=${children} /></header>`;
}

/** The part in the middle; whoever reads by ear begins there. @param {{ title: string, more?: string, children?: any }} props */
export function Main({ title, more, children }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} - ${SERVICE}`;
    place.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return html`<main ref=${place} class=${more} tabindex="-1" aria-label=${title}>${children}</main>`;
}

/** @param {{ here: "duty" | "records" | "mine", children?: any }} props */
export function Tabs({ here, children }) {
  const tabs = /** @type {const} */ ([
    ["duty", "/", "tab_duty"],
    ["records", "/records", "tab_records"],
    ["mine", "/mine", "tab_mine"],
  ]);
  const links = tabs.map(
    ([name, path, word]) => html`<a href="#${path}" aria-current=${name === here ? "page" : undefined}>${t(word)}</a>`,
  );
  return html`<div class="foot">${children}<nav class="tabs" aria-label=${t("menu")}>${links}</nav></div>`;
}

/** A choice over the screen; Escape and the ground close it. @param {{ title: string, close: () => void, leave?: string, children?: any }} props */
export function Sheet({ title, close, leave = t("close"), children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  const onGround = (/** @type {Event} */ event) => event.target === dialog.current && close();
  return html`<dialog class="sheet" ref=${dialog} aria-label=${title} onClose=${close} onClick=${onGround}>
    <div><h2>${title}</h2>${children}<button class="btn text" onClick=${close}>${leave}</button></div>
  </dialog>`;
}

/** Nothing was saved, and the screen says so. */
export const Refused = () => html`<p class="stop-note" role="alert"><span class="bang" aria-hidden="true">!</span>${t("storage_refused")}</p>`;
