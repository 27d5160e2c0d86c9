/** What the server tells the board; see `outreach/web/answers`. */
export interface Coordinator {
  id: string;
  name: string;
  role: "coordinator" | "chief" | "hotline" | "admin";
  /** The path they are bound to; null: the whole city. */
  area: string | null;
}

export type Names = Record<string, string>;

export type Point = [number, number];

export interface Case {
  id: string;
  version: number;
  severity: "high" | "medium" | "low";
  category: string;
  category_name: Names;
  exercise: boolean;
  source: string | null;
  warnings: number;
  resident: { id: string; name: string | null; language: string | null };
  vulnerabilities: string[];
  area: { code: string; name: string; path: string } | null;
  point: Point | null;
  opened_at: string;
  paused_at: string | null;
  contacted_at: string | null;
  reached_at: string | null;
  taken_by: { id: string; name: string } | null;
  now: { do: string; said: string; at: string | null };
  who: { state: string; responder: { id: string; name: string } | null; count: number; arrives_at: string | null; distance_m: number | null };
  next: { do: string; at: string | null };
  call: string | null;
  /** It ended, and its row stays until the queue is sorted again. */
  gone?: boolean;
}

export interface Staff {
  id: string;
  name: string;
  role: string;
  area: string;
  point: Point | null;
  position_at: string | null;
  load: number;
  capacity: number;
  holds: number;
  away: boolean;
  until: string | null;
}

export interface Area {
  path: string;
  code: string;
  name: string;
  kind: string;
  boundary: any;
  point: Point | null;
}

export interface Gap {
  path: string;
  name: string;
  from: string;
}

/** Whoever changed and who is gone, in the whole or since the last time; gaps null: as they were. */
export interface Stands {
  whole: boolean;
  staff: Staff[];
  gone: string[];
  gaps: Gap[] | null;
}

export interface BoardSaid {
  now: string;
  target_s: number;
  cases: Case[];
  staff: Staff[];
  areas: Area[];
  gaps: Gap[];
  today: { warned: number; reached: number; unreached: number; otherwise: number; last_at: string | null };
}
