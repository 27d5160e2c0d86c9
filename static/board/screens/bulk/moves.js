// @ts-check
// What was chosen, read in the ways the screen needs it: who is told what, who goes where, whose place nobody knows.

/** @import { Case, Staff } from "../../types.js" */
/** @import { Move, Shown } from "../queue/map.js" */
/** @typedef {Record<string, { on: boolean, to: string }>} Chosen by task: `on`: it is moved, `to` nobody: to the ladder */
/** @typedef {{ id: string, name: string | null, texts: { language: string, words: string }[] }} Told */

export const key = (/** @type {any} */ line) => `${line.outreach_id}/${line.kind}`;

/** @param {any} line @param {string} to */
const takerOf = (line, to) => line.choices.find((/** @type {any} */ one) => one.responder_id === to);

/** Minutes after the deadline; below nothing: the slack; no place known: nothing. @param {any} line @param {string} to */
export function lateBy(line, to) {
  const taker = takerOf(line, to);
  return taker?.arrives_at ? (Date.parse(taker.arrives_at) - Date.parse(line.deadline)) / 60_000 : 0;
}

/** The texts of each phone, as the server would send them; whoever goes home comes last. @param {any[]} lines those that are moved @param {Chosen} chosen @param {string} leaver @returns {Told[]} */
export function toldBy(lines, chosen, leaver) {
  const told = /** @type {Map<string, Told>} */ (new Map());
  for (const line of lines)
    for (const { responder_id: id, name, ...text } of (takerOf(line, chosen[key(line)].to) ?? line).told) {
      const one = told.get(id) ?? { id, name, texts: /** @type {Told["texts"]} */ ([]) };
      one.texts.push(text);
      told.set(id, one);
    }
  return [...told.values()].sort((a, b) => Number(a.id === leaver) - Number(b.id === leaver));
}

/**
 * What the map shows, and the names of those whose place is not known: they are never guessed at.
 * @param {any[]} lines @param {Chosen} chosen @param {{ id: string, name: string }} leaver @param {Map<string, Case>} cases @param {Staff[]} staff
 * @returns {{ moves: Move[], cases: Shown[], staff: Staff[], nowhere: (string | null)[] }}
 */
export function onMap(lines, chosen, leaver, cases, staff) {
  const known = new Map(staff.filter((one) => one.point).map((one) => [one.id, one]));
  const goes = lines.map((line) => ({ line, ...(chosen[key(line)] ?? { on: false, to: "" }), case: cases.get(line.outreach_id) }));
  const people = new Map([/** @type {[string, string | null]} */ ([leaver.id, leaver.name]), ...goes.flatMap(({ line, on, to }) => (on && to ? [/** @type {[string, string | null]} */ ([to, takerOf(line, to)?.name ?? null])] : []))]);
  const way = (/** @type {string} */ from, /** @type {Case | undefined} */ one, /** @type {Move["how"]} */ how) => {
    const at = known.get(from)?.point;
    return at && one?.point ? [{ from: at, to: one.point, how }] : [];
  };
  return {
    moves: goes.flatMap(({ line, on, to, case: one }) => (on ? [...way(leaver.id, one, "was"), ...way(to, one, lateBy(line, to) > 0 ? "late" : "goes")] : way(leaver.id, one, "goes"))),
    // Who holds it now is one of the moves; the map draws no line of its own.
    cases: goes.flatMap(({ case: one }) => (one ? [{ ...one, named: true, who: { ...one.who, responder: null } }] : [])),
    staff: [...people.keys()].flatMap((id) => known.get(id) ?? []),
    nowhere: [...[...people].filter(([id]) => !known.has(id)).map(([, name]) => name), ...goes.filter(({ case: one }) => !one?.point).map(({ line }) => line.resident)],
  };
}
