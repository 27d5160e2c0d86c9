// @ts-check
// Which screen is shown: `#/case/ID` and the like, and what is chosen there: `?area=…`. Ids and codes only, and never sent.
import { computed, signal } from "../shared/html.js";

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

/** The words of the address. */
export const route = computed(() => hash.value.replace(/^#\/?/, "").split("?")[0].split("/").filter(Boolean));

/** What is chosen on the screen. */
export const chosen = computed(() => new URLSearchParams(hash.value.split("?")[1] ?? ""));

/** What is chosen and this besides, as the address ends; empty is left out. @param {Record<string, string>} [given] */
export function besides(given = {}) {
  const next = new URLSearchParams(chosen.value);
  for (const [name, value] of Object.entries(given)) value ? next.set(name, value) : next.delete(name);
  return next.size ? `?${next}` : "";
}

/** Whether the queue is shown, or one of its cases: what is chosen holds for both. */
export const atQueue = () => /^(case)?$/.test(route.value[0] ?? "");

/** Between the queue and its cases what is chosen stays. @param {string} path such as `/case/ID` */
export function go(path) {
  hash.value = location.hash = `#${path}${atQueue() && /^\/(case.*)?$/.test(path) ? besides() : ""}`;
}

/** Go on without a way back to what is over. @param {string} path */
export function goOn(path) {
  history.replaceState(null, "", `#${path}`);
  hash.value = `#${path}`;
}

/** Choose on this screen, where it can be shared and gone back to. @param {Record<string, string>} given */
export const choose = (given) => goOn(`/${route.value.join("/")}${besides(given)}`);
