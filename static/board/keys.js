// @ts-check
// Keys that work on a screen: the one opened last hears first. Off while somebody types, and for whoever turned them off.
import { useLayoutEffect } from "preact/hooks";
import { signal, useRef } from "../shared/html.js";
import { read, store } from "./words.js";

/** @typedef {Record<string, (event: KeyboardEvent) => void>} Keys by `event.key` */

/** @type {{ keys: Keys, dialog: boolean }[]} */
const heard = [];
export const keysOn = signal(read("keys") !== "off");

/** @param {boolean} on */
export function turnKeys(on) {
  keysOn.value = on;
  store("keys", on ? "on" : "off");
}

/** While this is shown these keys do so. @param {Keys} keys @param {boolean} [dialog] shown in a dialog, where no others are heard */
export function useKeys(keys, dialog = false) {
  // In the order in which they were opened, however often each is drawn again.
  const one = useRef({ keys, dialog });
  one.current.keys = keys;
  // At once, and not after the next picture: a key may be pressed as soon as its screen is seen.
  useLayoutEffect(() => {
    const mine = one.current;
    heard.push(mine);
    return () => void heard.splice(heard.indexOf(mine), 1);
  }, []);
}

const typing = (/** @type {Element | null} */ at) => at?.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const escape = event.key === "Escape";
  if (!escape && (!keysOn.value || typing(document.activeElement))) return;
  // Over a dialog only what the dialog itself hears.
  const open = document.querySelector("dialog[open]");
  const one = heard.findLast(({ keys, dialog }) => event.key in keys && (!open || dialog));
  if (!one) return;
  event.preventDefault();
  one.keys[event.key](event);
});
