// @ts-check
// A line of the timeline in plain words: an icon, what happened, how we know, and what to mind.
import { clock, comma, failing, lasting, named, of, t } from "../../words.js";
import { learnt, which } from "./aftermath.js";
import { nameOf } from "./data.js";

/** @typedef {{ seq: number, kind: string, at: string, recorded_at: string, actor_kind: string, actor_id: string | null, target_id: string | null, data: any }} Line */
/** @typedef {{ icon: string, words: any, small: string, tags: [string, string][], calm?: boolean }} Told */

const ICONS = /** @type {Record<string, string>} */ ({
  joined: "down", joined_from: "down", opened: "down", restarted: "down", sms: "sms", voice: "voice", visit: "door", call: "phone", trusted_contact: "people", coordinator: "up",
  follow_up: "clock", accepted: "tick", acknowledged: "tick", arrived: "door", contact: "tick", no_contact: "nobody", shortage: "nobody", ended: "tick", reassigned: "swap",
  reassign_undone: "swap", released: "swap", handed_on: "swap", alarm: "up", emergency: "warn", help: "warn", taken: "person", merged: "people", merged_into: "people",
});
/** What the screen need not say: another line says the same. */
export const SILENT = new Set(["details_shown", "name_shown", "target_reached", "target_ended", "opened"]);

/** @param {Line} line @param {any} view @returns {Told} */
export function told(line, view) {
  const data = line.data;
  const attempt = view.attempts.find((/** @type {any} */ one) => one.id === data.attempt);
  const channel = data.channel ?? data.do ?? data.task_kind ?? "";
  // Who was convinced is said to be so already.
  const reason = data.reason !== data.state && outcome(data.reason, view);
  const given = {
    who: line.actor_kind === "responder" || line.actor_kind === "coordinator" ? nameOf(line.actor_id) : of("case_actor_", line.actor_kind),
    to: nameOf(data.responder_id ?? data.coordinator_id),
    from: data.from_responder_id ? nameOf(data.from_responder_id) : t("case_nobody"),
    channel: of("case_do_", channel),
    outcome: outcome(data.outcome, view) || of("case_evidence_", data.evidence ?? ""),
    state: of("case_end_", data.state ?? ""),
    name: of("case_shortage_", data.name ?? ""),
    level: (data.level ?? 0) + 1,
    n: data.coordinators ?? 0,
  };
  const kind = line.kind === "step" ? `step_${data.do}` : line.kind === "handed_on" && !data.coordinator_id ? "handed_on_nobody" : line.kind;
  return {
    icon: ICONS[line.kind] ?? ICONS[channel] ?? "clock",
    words: of("case_line_", kind, given),
    small: [small(line, view, attempt), reason && `“${reason}”`].filter(Boolean).join(" · "),
    tags: tags(line, attempt),
    calm: line.kind === "step",
  };
}

/** What was found, or why: a case may end for what was found, so one code may be either. @param {string | undefined} code @param {any} view */
const outcome = (code, view) => (code ? named(view.outcomes.find((/** @type {any} */ one) => one.code === code)?.name) || of("case_reason_", code) : "");

/** @param {Line} line @param {any} view @param {any} attempt */
function small(line, view, attempt) {
  if (line.kind.startsWith("joined")) return warned(line, view);
  if (attempt) return [line.kind === "attempt_failed" && attempt.failure && failing("said_", attempt.failure, attempt.channel), said(attempt)].filter(Boolean).join(" · ");
  if (line.kind === "offered") return offered(line, view);
  if (line.data.check_in_id) return checked(line, view);
  if (line.data.call_id) return rung(line, view);
  if (line.kind === "aftermath") return after(line, view);
  return "";
}

/** @param {Line} line @param {any} view */
const targetOf = (line, view) => view.targets.find((/** @type {any} */ one) => one.target_id === line.target_id);

/** @param {Line} line @param {any} view */
function warned(line, view) {
  const target = targetOf(line, view);
  if (!target) return "";
  const { source_name, detected_at, received_at, summary } = target.warning;
  const took = lasting((Date.parse(received_at) - Date.parse(detected_at)) / 1000);
  return `${source_name}${comma()}${t("case_detected", { time: clock(detected_at), took })}${summary ? ` · “${summary}”` : ""}`;
}

/** What was said to have happened afterwards, as it was said then. @param {Line} line @param {any} view */
function after(line, view) {
  const target = targetOf(line, view);
  return [target && which(target), learnt(line.data)].filter(Boolean).join(" · ");
}

/** The provider's own words, beside what they mean. @param {any} attempt */
function said(attempt) {
  const words = attempt.provider_said.map((/** @type {any} */ one) => one.status + (one.code ? ` ${one.code}` : ""));
  return words.length ? t("case_provider", { words: words.join(" → ") }) : "";
}

/** @param {Line} line @param {any} view */
function offered(line, view) {
  const offer = view.offers.find((/** @type {any} */ one) => one.id === line.data.offer_id);
  const far = line.data.distance_m == null ? "" : `${(line.data.distance_m / 1000).toFixed(1)} km`;
  return [far, offer?.seen_at ? t("case_seen", { time: clock(offer.seen_at) }) : ""].filter(Boolean).join(" · ");
}

/** @param {Line} line @param {any} view */
function checked(line, view) {
  const kept = view.check_ins.find((/** @type {any} */ one) => one.id === line.data.check_in_id);
  if (!kept) return "";
  const late = (Date.parse(kept.received_at) - Date.parse(kept.corrected_at)) / 1000 > 60;
  return [kept.note && `“${kept.note}”`, late && t("case_offline", { time: clock(kept.received_at) })].filter(Boolean).join(" · ");
}

/** What was said in a coordinator's call. @param {Line} line @param {any} view */
function rung(line, view) {
  const { note } = view.calls.find((/** @type {any} */ one) => one.id === line.data.call_id) ?? {};
  const late = (Date.parse(line.recorded_at) - Date.parse(line.at)) / 1000 > 60;
  return [note && `“${note}”`, late && t("case_offline", { time: clock(line.recorded_at) })].filter(Boolean).join(" · ");
}

/** @param {Line} line @param {any} attempt @returns {[string, string][]} */
function tags(line, attempt) {
  /** @type {[string, string][]} */
  const found = [];
  if (line.kind === "attempt_delivered" && attempt?.channel === "sms") found.push([t("case_delivered_not_reached"), ""]);
  if (line.kind === "attempt_failed") found.push([t("case_sooner"), "soon"]);
  if (line.data.emergency) found.push([t("case_emergency"), "late"]);
  if (line.data.after_handover) found.push([t("case_after_handover"), "soon"]);
  if (line.kind === "contact") found.push(line.data.accepted ? [t("case_reached"), "good"] : [t("case_not_reached"), ""]);
  return found;
}
