// @ts-check
// Which screen is shown: `#/task/ID/outcome` and the like. An id tells nothing about anybody, and never leaves the phone.
import { computed, signal } from "../shared/html.js";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

/** The words of the address. */
export const route = computed(() => hash.value.replace(/^#\/?/, "").split("/").filter(Boolean));

/** @param {string} path such as `/records` */
export function go(path) {
  location.hash = path;
  hash.value = `#${path}`;
}

/** Go on without a way back to what is over. @param {string} path */
export function goOn(path) {
  history.replaceState(null, "", `#${path}`);
  hash.value = `#${path}`;
}
