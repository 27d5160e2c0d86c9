/** What the server tells a phone; see `outreach/web/answers/phones.py`. */
export interface Me {
  id: string;
  name: string;
  load: number;
  on_duty_until: string | null;
  next_duty: { from: string; until: string } | null;
  /** Days to come, `2026-11-28`. */
  away: string[];
}

/** What was done since `from`, for the week and for a certificate. */
export interface HoursDone {
  name: string;
  service: string;
  from: string;
  to: string;
  visits: number;
  calls: number;
  minutes: number;
  reached: number;
  on_duty_minutes: number;
  done: { kind: "visit" | "call"; at: string; minutes: number }[];
}

interface Danger {
  outreach_id: string;
  category: string;
  category_name: Names;
  family: string;
  area: string | null;
  severity: "high" | "medium" | "low";
  exercise: boolean;
}

export type Names = Record<string, string>;

export interface Offer extends Danger {
  id: string;
  kind: "visit" | "call";
  distance_m: number | null;
  travel_s: number | null;
  companion: boolean;
  offered_at: string;
  lapses_at: string;
}

export interface Outcome {
  code: string;
  name: Names;
  reached?: boolean;
  danger_off?: boolean;
  ends?: string;
  follow_up?: string | null;
  emergency?: boolean;
  wrong_place?: boolean;
  wrong_number?: boolean;
}

export interface Resident {
  name: string | null;
  language: string | null;
  vulnerabilities: string[];
  phones: { number: string; kind: string }[];
  addresses: { text: string | null; location: { lat: number; lon: number } | null }[];
}

export interface Task extends Danger {
  id: string;
  kind: "visit" | "call";
  status: string;
  accepted_at: string;
  arrived_at: string | null;
  due_at: string;
  outcomes: Outcome[];
  /** By language: what to say, what may be told of why somebody comes, what may not, what to mind at the door. */
  scripts: Record<string, string[]>;
  say: Record<string, string[]>;
  keep_back: Record<string, string[]>;
  door: Record<string, string[]>;
  companion: boolean;
  visit_code: string | null;
  visit_code_expires_at: string | null;
  known: { detected_at: string; summary: string }[];
  resident: Resident | null;
}

/** Where the resident is to be found or rung instead. */
export interface Correction {
  address?: string;
  phone?: string;
}

/** What a check-in says beside its task and time. */
export interface Report {
  kind: "arrived" | "outcome" | "moved" | "help" | "fine";
  outcome?: string;
  note?: string;
  location?: { lat: number; lon: number };
  correction?: Correction;
  again_at?: string;
}

/** What a row of the outbox tells: for the screen, and without a word of who the resident is. */
export interface What {
  kind: Report["kind"] | "declined" | "duty" | "away" | "accepted";
  name?: Names;
  task_id?: string;
  offer_id?: string;
  area?: string | null;
  until?: string | null;
  from?: string;
  days?: string[];
}

export interface Row {
  id: string;
  /** Who did it: it is sent in nobody else's name. Missing where nobody's was known. */
  owner?: { id: string; name: string };
  method: string;
  path: string;
  /** The very text that is sent, at each try. */
  body: string;
  made_at: string;
  what: What;
  /** Only an answer that holds this field, and this id where one is named, is a receipt. */
  receipt: { field: string; id?: string };
  /** A later row of the same name takes the place of an earlier one that was never tried. */
  instead?: string;
  state: "waiting" | "sending" | "refused" | "signed_out";
  tries: number;
  next_at: number;
  /** The name of the rule that refused it. */
  reason?: string;
}

export interface Receipt {
  id: string;
  mark: string;
  made_at: string;
  what: What;
  /** The task was another's by then; the report was kept all the same. */
  after_handover?: boolean;
  /** Refused by the server, and told to a coordinator by hand. */
  by_hand?: boolean;
}

/** A visit as this phone remembers it: times and what was found, nobody's name. */
export interface Visit {
  task_id: string;
  kind: "visit" | "call";
  family: string;
  warned_at?: string;
  accepted_at: string;
  arrived_at?: string;
  /** When its holder last said that they are well. */
  fine_at?: string;
  ended_at?: string;
  outcome?: Outcome;
}
