// @ts-check
// What both apps know of words: which language, what this browser was told before, and the browser's own knowledge of times.
import { signal } from "./html.js";

/** @typedef {"zh-CN" | "en"} Language */

const KEY = "language";

/** @returns {Language} */
function first() {
  const told = [read(KEY), ...navigator.languages].find((tag) => tag && /^(zh|en)/.test(tag));
  return told?.startsWith("en") ? "en" : "zh-CN";
}

export const language = signal(first());
export const theme = signal(read("theme") ?? "");
export const dictionary = signal(/** @type {Record<string, string>} */ ({}));

/** Use these words from now on. @param {Language} chosen @param {Record<string, string>} words */
export function use(chosen, words) {
  dictionary.value = words;
  language.value = chosen;
}

/** The same, and remember it. @param {Language} chosen @param {Record<string, string>} words */
export function keep(chosen, words) {
  use(chosen, words);
  store(KEY, chosen);
}

/** @param {string} chosen light, dark, or nothing: as the machine has it */
export function dress(chosen) {
  theme.value = chosen;
  store("theme", chosen);
}

/** The page in its language and its light. */
export function dressPage() {
  document.documentElement.lang = language.value;
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
}

/** What this browser was told before. @param {string} key */
export function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remember it here. @param {string} key @param {string} value */
export function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the app is closed.
  }
}

/** @param {string} word @param {Record<string, string | number>} given fills `{name}` in it */
export function fill(word, given) {
  return dictionary.value[word].replace(/\{(\w+)\}/g, (all, name) => String(given[name] ?? all));
}

/** A name that the server gives in several languages. @param {Record<string, string> | undefined} names */
export function named(names) {
  return names?.[language.value] ?? names?.[language.value.slice(0, 2)] ?? Object.values(names ?? {})[0] ?? "";
}

/** Lines that the server gives in several languages. @param {Record<string, string[]>} lines @returns {string[]} */
export function told(lines) {
  return lines[language.value] ?? Object.values(lines)[0] ?? [];
}

/** What joins the parts of a list. */
export function comma() {
  return language.value === "en" ? ", " : "，";
}

/** `21:48`, on the machine's own clock. @param {string | number | Date} moment */
export function clock(moment) {
  return new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));
}
