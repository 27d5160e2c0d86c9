// @ts-check
// Which screen is shown: `#/case/ID` and the like, and what is chosen there: `?area=…`. Ids and codes only, and never sent.
import { computed, signal } from "../shared/html.js";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

/** The words of the address. */
export const route = computed(() => hash.value.replace(/^#\/?/, "").split("?")[0].split("/").filter(Boolean));

/** What is chosen on the screen. */
export const chosen = computed(() => new URLSearchParams(hash.value.split("?")[1] ?? ""));

/** @param {string} path such as `/case/ID` */
export function go(path) {
  location.hash = path;
  hash.value = `#${path}`;
}

/** Go on without a way back to what is over. @param {string} path */
export function goOn(path) {
  history.replaceState(null, "", `#${path}`);
  hash.value = `#${path}`;
}

/** Choose on this screen, where it can be shared and gone back to; empty is left out. @param {Record<string, string>} given */
export function choose(given) {
  const next = new URLSearchParams(chosen.value);
  for (const [name, value] of Object.entries(given)) value ? next.set(name, value) : next.delete(name);
  goOn(`/${route.value.join("/")}${next.size ? `?${next}` : ""}`);
}
