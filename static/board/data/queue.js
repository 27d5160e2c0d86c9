// @ts-check
// The open cases as the server has them: read whole when opened, then each as something happens in it.
import { ask, serverNow } from "../../shared/api.js";
import { computed, effect, signal } from "../../shared/html.js";
import { chosen } from "../router.js";
import { heardAt, onHappened, stands } from "./live.js";
import { me, reads } from "./session.js";

/** @import { BoardSaid, Case, Stands } from "../types.js" */

const WHOLE_EVERY = 60_000;
const GATHERED = 200;
/** Seconds before its target at which a case is soon late. */
export const SOON = 600;

export const board = signal(/** @type {BoardSaid | null} */ (null));
/** By id; what ended stays, marked, until the queue is sorted again. */
export const cases = signal(/** @type {Map<string, Case>} */ (new Map()));
/** The ids in the order shown. */
export const order = signal(/** @type {string[]} */ ([]));
/** The row under the cursor, which never moves by itself. */
export const picked = signal("");
/** The row that is pointed at, in list or map. */
export const pointed = signal("");
/** What is meant with the case that is being opened, from the queue: `take` or `reassign`. */
export const meant = signal("");

/** Seconds left until its target; less than none: late. @param {Case} one @param {number} now */
export const left = (one, now) => (board.value?.target_s ?? 0) - (now - Date.parse(one.opened_at)) / 1000;

/** Past its target, soon so, or neither; whoever was reached is neither. @param {Case} one @param {number} now */
export function toneOf(one, now) {
  const rest = left(one, now);
  return one.reached_at || rest >= SOON ? "" : rest < 0 ? "late" : "soon";
}

/** Who runs out of time first; whoever was reached comes after all others. @param {Case} one */
const rank = (one) => (one.reached_at ? 1e15 : 0) + Date.parse(one.opened_at);
const sorted = () => [...cases.value.values()].filter((one) => !one.gone).sort((a, b) => rank(a) - rank(b)).map((one) => one.id);

/** How many rows would change their place. */
export const moved = computed(() => {
  const next = sorted();
  const kept = order.value.filter((id) => cases.value.get(id) && !cases.value.get(id)?.gone);
  const place = new Map(kept.map((id, at) => [id, at]));
  return next.filter((id, at) => place.get(id) !== at).length + (order.value.length - kept.length);
});

/** Bring the rows into their order now. */
export function sortNow() {
  cases.value = new Map([...cases.value].filter(([, one]) => !one.gone));
  order.value = sorted();
}

/** Read everything anew. */
export async function readBoard() {
  const answer = await ask("GET", "/api/board");
  if (answer.why === "signed_out") me.value = null;
  if (answer.why !== "ok") return;
  board.value = answer.body;
  take(answer.body.cases, [...cases.value.keys()]);
}

/** @param {Case[]} rows @param {string[]} asked of which those not among the rows have ended */
function take(rows, asked) {
  const next = new Map(cases.value);
  for (const id of asked) {
    const known = next.get(id);
    if (known) next.set(id, { ...known, gone: true });
  }
  for (const row of rows) next.set(row.id, row);
  cases.value = next;
  // Nobody's cursor is in the list: nothing can be pulled from under it.
  if (!picked.value || next.get(picked.value)?.gone) return sortNow();
  const known = new Set(order.value);
  const fresh = rows.filter((row) => !known.has(row.id));
  // Whoever was warned of last has the most time left: below all others they push nobody aside.
  if (fresh.length) order.value = [...order.value, ...fresh.map((row) => row.id)];
}

/** @type {Set<string>} */
let gathered = new Set();
let timer = 0;

async function readGathered() {
  timer = 0;
  const ids = [...gathered].slice(0, 100);
  gathered = new Set([...gathered].slice(100));
  const answer = await ask("GET", `/api/board/cases?ids=${ids.join(",")}`);
  if (answer.why === "ok") take(answer.body.cases, ids);
  else ids.forEach((id) => gathered.add(id));
  if (gathered.size) timer = setTimeout(() => void readGathered(), answer.why === "ok" ? 0 : 2000);
}

/** @param {Stands} news @param {BoardSaid} said @returns {BoardSaid} */
function standing({ whole, staff, gone, gaps }, said) {
  const known = new Map(whole ? [] : said.staff.map((one) => [one.id, one]));
  gone.forEach((id) => known.delete(id));
  staff.forEach((one) => known.set(one.id, one));
  return { ...said, staff: [...known.values()], gaps: gaps ?? said.gaps };
}

/** Keep the queue as the server has it, for as long as somebody is signed in who may see it. */
export function keepQueue() {
  onHappened((what) => {
    if (!what) return void readBoard();
    if (what.kind.endsWith("_shown")) return;
    gathered.add(what.outreach_id);
    timer ||= setTimeout(() => void readGathered(), GATHERED);
  });
  effect(() => {
    const said = board.peek();
    if (stands.value && said) board.value = standing(stands.value, said);
  });
  effect(() => {
    if (reads.value) void readBoard();
    else {
      board.value = null;
      cases.value = new Map();
    }
  });
  setInterval(() => reads.value && serverNow() - heardAt.value < WHOLE_EVERY && void readBoard(), WHOLE_EVERY);
}

/** @param {string} state */
const whose = (state) => (/** @type {Case} */ one) => one.who.state === state;

/** @type {Record<string, (one: Case) => boolean>} */
export const filters = {
  all: () => true,
  nobody: whose("nobody"),
  asked: whose("asked"),
  // Whoever took on a call goes nowhere.
  going: (one) => one.who.state === "accepted" && one.now.do === "visit",
  there: whose("arrived"),
  paused: (one) => Boolean(one.paused_at),
  mine: (one) => one.taken_by?.id === me.value?.id,
  after: (one) => Boolean(one.reached_at),
};

/** What is chosen above the queue, by the address's name for it. @param {string} name */
export const said = (name) => chosen.value.get(name) ?? "";

/** The name or grid looked for: never in the address, where other choices stand. */
export const sought = signal("");

/** Whether it is of the area, the severity and the name that are chosen. @param {Pick<Case, "area" | "severity" | "resident">} one */
export const fits = (one) =>
  (one.area?.path ?? "").startsWith(said("area")) &&
  (!said("severity") || one.severity === said("severity")) &&
  `${one.resident.name} ${one.area?.name}`.toLowerCase().includes(sought.value.toLowerCase());

/** Those that fit what is chosen, before the chip. */
export const fitting = computed(() => order.value.map((id) => /** @type {Case} */ (cases.value.get(id))).filter((one) => one && fits(one) && (!said("step") || one.now.do === said("step"))));
export const shown = computed(() => fitting.value.filter(filters[said("only")] ?? filters.all));
/** Whom somebody should ring. */
export const calls = computed(() => fitting.value.filter((one) => one.call && !one.gone));
