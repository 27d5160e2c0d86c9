/** The hashed files the service worker keeps; esbuild writes them in. */
declare const FILES: string[];
/** The picture beside a notification. */
declare const ICON: string;
/** Where the words of each language are; esbuild writes them in. */
declare const WORDS: Record<"zh-CN" | "en", string>;
declare module "leaflet/src/*";
