// @ts-check
// The place of a map on a page: the map is a part of its own, which may come late, or not at all where the line is down.
import { html, useEffect, useRef, useState } from "../../../shared/html.js";
import { NotHere, part, queueMap } from "../../parts.js";

/** @typedef {ReturnType<typeof import("./map.js").drawn>} Drawn */
/** @typedef {Parameters<Drawn["draw"]>[0] & { minute?: number }} Given drawn anew as soon as one of it is another */

/** @param {{ given: Given, label: string }} props */
export function Mapped({ given, label }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const map = useRef(/** @type {Promise<Drawn | null> | null} */ (null));
  const [here, setHere] = useState(true);
  useEffect(() => {
    map.current = part(queueMap).then((got) => {
      if (!got && place.current) setHere(false);
      return got && place.current ? got.drawn(place.current) : null;
    });
    return () => void map.current?.then((one) => one?.leave());
  }, []);
  useEffect(() => void map.current?.then((one) => one?.draw(given)), Object.values(given));
  return here ? html`<div class="map" ref=${place} role="group" aria-label=${label}></div>` : html`<${NotHere} />`;
}
