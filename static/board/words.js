// @ts-check
// The words of the board: two plain dictionaries, of which one is read, and how long things take.
import { dictionary, fill, keep, language, use } from "../shared/words.js";

export { clock, comma, dress, dressPage, language, named, read, store, theme, told } from "../shared/words.js";

/** @typedef {keyof typeof import("./words/zh/all.js").words} Word */
/** @typedef {import("../shared/words.js").Language} Language */

export const dictionaries = { "zh-CN": () => import("./words/zh/all.js"), en: () => import("./words/en/all.js") };

/** Read a language's words, and use them from now on. @param {Language} chosen */
export async function speak(chosen) {
  use(chosen, (await dictionaries[chosen]()).words);
}

/** The same, and remember it; nothing changes where the words do not come. @param {Language} chosen */
export async function choose(chosen) {
  const came = await dictionaries[chosen]().catch(() => null);
  if (came) keep(chosen, came.words);
}

/** @param {Word} word @param {Record<string, string | number>} [given] fills `{name}` in it */
export function t(word, given = {}) {
  return fill(word, given);
}

/** The word for what data names: `of("kind_", "busy")`; the code itself where there is none. @param {string} part @param {string} code */
export function of(part, code, given = {}) {
  return part + code in dictionary.value ? fill(part + code, given) : code;
}

/** A policy as its page calls it, `Fraud·High v3` of `fraud_high v3`; another name stays. @param {string} name */
export const policyOf = (name) => name.replace(/^(\w+)_(high|medium|low)(?= v)/, (_, family, severity) => `${of("policy_family_", family)}·${of("severity_", severity)}`);

/** How a try failed, in words: every number of a provider's says that it did not arrive. @param {"said_" | "call_"} part @param {string} code @param {string} by */
export const failing = (part, code, by) => of(part, /^\d+$/.test(code) ? (by === "sms" ? "undelivered" : "failed") : code.replaceAll("-", "_"));

/** `1:04`, `2:03:10`, of seconds without a sign. @param {number} seconds */
export function lasting(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `14:32:08`. @param {string | number} moment */
export function clockS(moment) {
  const parts = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return new Intl.DateTimeFormat(language.value, parts).format(new Date(moment));
}

/** `14:33`, or with the day where it is another. @param {string | number} moment @param {number} now */
export function when(moment, now) {
  const date = new Date(moment);
  const parts = /** @type {Intl.DateTimeFormatOptions} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const other = date.toDateString() !== new Date(now).toDateString();
  return new Intl.DateTimeFormat(language.value, other ? { ...parts, month: "numeric", day: "numeric" } : parts).format(date);
}

/** @param {number} metres */
export function distance(metres) {
  return metres < 995 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}

/** A sum in whole units of the currency, as `¥412,600`; the bare number where none is said. @param {number} sum @param {string | null} currency */
export const money = (sum, currency) => new Intl.NumberFormat(language.value, currency ? { style: "currency", currency, maximumFractionDigits: 0 } : {}).format(sum);
