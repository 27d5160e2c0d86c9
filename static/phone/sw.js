// @ts-check
// The service worker: keeps the shell on the phone, so that the app opens without signal. Data is none of its business.
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
