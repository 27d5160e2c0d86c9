// @ts-check
// The words of the phone's screens: two plain dictionaries, of which one is read.
import { clock, dictionary, fill, keep, language, use } from "../shared/words.js";

export { clock, comma, dress, dressPage, language, named, read, store, theme, told } from "../shared/words.js";

/** @typedef {keyof typeof import("./words/zh.js").words} Word */
/** @typedef {import("../shared/words.js").Language} Language */

/** Read a language's words, and use them from now on. @param {Language} chosen */
export async function speak(chosen) {
  use(chosen, (await import(WORDS[chosen])).words);
}

/** The same, and remember it. @param {Language} chosen */
export async function choose(chosen) {
  keep(chosen, (await import(WORDS[chosen])).words);
}

/** @param {Word} word @param {Record<string, string | number>} [given] fills `{name}` in it */
export function t(word, given = {}) {
  return fill(word, given);
}

/** Whether there is such a word: for what data names. @param {string} word @returns {word is Word} */
export function has(word) {
  return word in dictionary.value;
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
