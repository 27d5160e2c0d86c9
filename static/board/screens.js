// @ts-check
// The screens by the first word of the address, each fetched when it is opened; its module's `Screen` takes the other words.
// Small ones travel with a neighbour: a file for each would weigh more.

/** @typedef {{ Screen: (props: { parts: string[] }) => any }} ScreenModule */

/** @type {Record<string, () => Promise<ScreenModule>>} */
export const screens = {
  "": () => import("./screens/queue/board.js"),
  case: () => import("./screens/case/beside.js"),
  bulk: () => import("./screens/bulk/bulk.js"),
  new: () => import("./screens/case/beside.js").then(({ Warning }) => ({ Screen: Warning })),
  report: () => import("./screens/report/screen.js"),
  registry: () => import("./screens/registry/screen.js"),
  import: () => import("./screens/importing/screen.js"),
  policies: () => import("./screens/policies/screen.js"),
  merge: () => import("./screens/merging/screen.js"),
  people: () => import("./screens/people/screen.js"),
  audit: () => import("./screens/people/screen.js").then(({ Audit }) => ({ Screen: Audit })),
  hotline: () => import("./screens/people/screen.js").then(({ Hotline }) => ({ Screen: Hotline })),
};

/** What the bar leads to: where, the word for it, and which screens belong to it. */
export const places = /** @type {const} */ ([
  ["/", "nav_board", ["", "case", "bulk", "new", "merge"]],
  ["/report", "nav_report", ["report"]],
  ["/registry", "nav_registry", ["registry", "import", "people", "audit"]],
  ["/policies", "nav_policies", ["policies"]],
]);
