// @ts-check
// Where the phone is: told on duty only, now and then, and never kept; an old position is of no use to anybody.
import { ask, serverNow } from "../../shared/api.js";
import { effect, signal } from "../../shared/html.js";
import { onDutyUntil } from "./state.js";

const EVERY = 180_000;

/** Where the phone was last, while the app is open. @type {{ lat: number, lon: number } | undefined} */
export let here;

/** Whether the phone may know; until it was asked, that is not known. */
export const mayKnow = signal(/** @type {boolean | null} */ (null));

function tell() {
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => {
      mayKnow.value = true;
      here = { lat: coords.latitude, lon: coords.longitude };
      void ask("POST", "/api/me/position", here);
    },
    (failure) => {
      if (failure.code === failure.PERMISSION_DENIED) mayKnow.value = false;
    },
    { maximumAge: 60_000, timeout: 20_000 },
  );
}

/** Tell it while on duty, and stop when off. */
export function tellPosition() {
  let timer = 0;
  effect(() => {
    clearInterval(timer);
    if (!onDutyUntil.value) return;
    tell();
    timer = setInterval(() => onDutyUntil.value && Date.parse(onDutyUntil.value) > serverNow() && tell(), EVERY);
  });
}
