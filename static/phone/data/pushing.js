// @ts-check
// Being told of an offer while the app is closed: the browser's own pushes, beside the text that always comes.
import { ask } from "../../shared/api.js";
import { effect, signal } from "../../shared/html.js";
import { pushKey } from "./state.js";

const can = "PushManager" in window && "Notification" in window && "serviceWorker" in navigator;

/** What the browser lets us do; nothing is said where it cannot be had. */
export const pushes = signal(/** @type {NotificationPermission | "never"} */ (can ? Notification.permission : "never"));

/** By the browser's own question. */
export async function askToPush() {
  pushes.value = await Notification.requestPermission();
}

/** @param {string} key */
async function subscribed(key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  return pushManager.subscribe(options).catch(async () => {
    // A key of ours that changed needs another subscription.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
}

/** @param {string} key */
async function subscribe(key) {
  // Some phones have no push service at all: then the text is all.
  const given = await subscribed(key).catch(() => null);
  if (!given) return;
  const { endpoint, keys } = given.toJSON();
  await ask("PUT", "/api/me/push", { endpoint, keys });
}

/**
 * Where its owner said yes, the server is told where to push to, once in each session; the service worker has no words
 * of its own, so it is given them. @param {() => Record<string, string>} words
 */
export function takePushes(words) {
  if (!can) return;
  effect(() => void (pushKey.value && pushes.value === "granted" && subscribe(pushKey.value)));
  effect(() => {
    const text = JSON.stringify(words());
    void caches.open("words").then((kept) => kept.put("/words", new Response(text)));
  });
}
