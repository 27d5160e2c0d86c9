// @ts-check
// The service worker: keeps the shell on the phone, so that the app opens without signal, and shows what is pushed. Data is none of its business.
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = "/app";
// The server writes the shell's own hash here, since its name and hotline are settings.
precacheAndRoute([{ url: SHELL, revision: "[[shell]]" }, ...FILES.map((name) => ({ url: `/app/files/${name}`, revision: null }))]);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL(SHELL), { allowlist: [/^\/app\/?$/] }));

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => event.waitUntil(show(event.data?.json() ?? {})));
worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(`${SHELL}#${event.notification.data}`));
});

/** That there is something, and nothing about anybody. @param {{ kind?: string, offer_id?: string }} pushed */
async function show({ kind, offer_id }) {
  const words = await (await caches.match("/words"))?.json();
  const offered = kind === "offer";
  const body = words?.[offered ? "offer" : "other"];
  await worker.registration.showNotification(words?.title ?? "Outreach", {
    body,
    tag: offer_id,
    data: offered ? `/offer/${offer_id}` : "/",
    icon: ICON,
    requireInteraction: true,
  });
}

/** In the app where it is open already, so that nothing typed is lost. @param {string} url */
async function open(url) {
  const [shown] = await worker.clients.matchAll({ type: "window" });
  if (!shown) return void (await worker.clients.openWindow(url));
  await shown.navigate(url);
  await shown.focus();
}
