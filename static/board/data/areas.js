// @ts-check
// The areas that whoever is signed in may see, as the board's own answer brings them.
import { computed } from "../../shared/html.js";
import { board } from "./queue.js";

/** @import { Area } from "../types.js" */

/** In the order of the tree, each with how deep it lies under the topmost one seen. */
export const areas = computed(() => {
  const all = board.value?.areas ?? [];
  const deep = (/** @type {Area} */ area) => area.path.split("/").length;
  const top = Math.min(...all.map(deep));
  return all.map((area) => ({ ...area, depth: deep(area) - top }));
});
