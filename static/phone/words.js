// @ts-check
// The words of the screen: two plain dictionaries, of which one is read, and the browser's own knowledge of times.
import { signal } from "../shared/html.js";

/** @typedef {keyof typeof import("./words/zh.js").words} Word */
/** @typedef {keyof typeof WORDS} Language */

const KEY = "language";

/** @returns {Language} */
function first() {
  const told = [read(KEY), ...navigator.languages].find((tag) => tag && /^(zh|en)/.test(tag));
  return told?.startsWith("en") ? "en" : "zh-CN";
}

export const language = signal(first());
export const theme = signal(read("theme") ?? "");
const dictionary = signal(/** @type {Record<Word, string>} */ ({}));

/** Read a language's words, and use them from now on. @param {Language} chosen */
export async function speak(chosen) {
  dictionary.value = (await import(WORDS[chosen])).words;
  language.value = chosen;
}

/** The same, and remember it. @param {Language} chosen */
export async function choose(chosen) {
  await speak(chosen);
  store(KEY, chosen);
}

/** @param {string} chosen light, dark, or nothing: as the phone has it */
export function dress(chosen) {
  theme.value = chosen;
  store("theme", chosen);
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

/** @param {Word} word @param {Record<string, string | number>} [given] fills `{name}` in it */
export function t(word, given = {}) {
  return dictionary.value[word].replace(/\{(\w+)\}/g, (all, name) => String(given[name] ?? all));
}

/** Whether there is such a word: for what data names. @param {string} word @returns {word is Word} */
export function has(word) {
  return word in dictionary.value;
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

/** `21:48`, on the phone's own clock. @param {string | number | Date} moment */
export function clock(moment) {
  return new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment));
}

/** `今天 21:48`, `昨天`, or the date. @param {string} moment */
export function day(moment) {
  const midnight = (/** @type {Date} */ date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(new Date(moment)) - midnight(new Date())) / 86_400_000);
  const near = new Intl.RelativeTimeFormat(language.value, { numeric: "auto" });
  const far = new Intl.DateTimeFormat(language.value, { month: "short", day: "numeric" });
  const said = Math.abs(days) < 2 ? near.format(days, "day") : far.format(new Date(moment));
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${clock(moment)}`;
}

/** @param {number} metres */
export function distance(metres) {
  if (metres < 995) return t("metres", { n: Math.round(metres / 10) * 10 });
  return t("kilometres", { n: new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }).format(metres / 1000) });
}

/** A span in words, to the minute. @param {number} milliseconds */
export function span(milliseconds) {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 60) return t("minutes", { n: minutes });
  const rest = minutes % 60;
  const hours = t("hours", { n: Math.floor(minutes / 60) });
  return rest ? `${hours} ${t("minutes", { n: rest })}` : hours;
}

/** `1:24`. @param {number} seconds */
export function countdown(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
