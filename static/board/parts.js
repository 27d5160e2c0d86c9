// @ts-check
// Parts of the board that come after its start. All are fetched once it stands, so that a line that is cut takes no screen away.
import { html } from "../shared/html.js";
import { screens } from "./screens.js";
import { dictionaries, t } from "./words.js";

export const queueMap = () => import("./screens/queue/map.js");
export const areaMap = () => import("./screens/registry/shape.js");

/** A part, or null where it did not come. @template T @param {() => Promise<T>} load @returns {Promise<T | null>} */
export async function part(load) {
  try {
    return await load();
  } catch {
    return null;
  }
}

/** Fetch all of them, when there is nothing else to do. */
export function fetchParts() {
  const later = globalThis.requestIdleCallback ?? setTimeout;
  later(() => void Promise.all([...Object.values(screens), ...Object.values(dictionaries), queueMap, areaMap].map((load) => part(/** @type {() => Promise<unknown>} */ (load)))));
}

/** In the place of a part that did not come: a browser does not ask for one twice, so the page is opened anew. */
export const NotHere = () =>
  html`<p class="pad" role="alert">${t("part_missing")} <button class="btn s" onClick=${() => location.reload()}>${t("part_again")}</button></p>`;
