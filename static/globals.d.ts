/** The hashed files the service worker keeps; esbuild writes them in. */
declare const FILES: string[];
