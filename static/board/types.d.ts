/** What the server tells the board; see `outreach/web/answers`. */
export interface Coordinator {
  id: string;
  name: string;
  role: "coordinator" | "chief" | "hotline" | "admin";
  /** The path they are bound to; null: the whole city. */
  area: string | null;
}

export type Names = Record<string, string>;
