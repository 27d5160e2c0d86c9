// @ts-check
// One request to the server, and what its answer means to somebody with a bad line.

/**
 * ok: the server said so itself. no_signal: nothing of ours answered (a hotel's log-in page is no answer of ours).
 * signed_out: 401. busy: try again, after `wait` milliseconds if told. refused: a rule, by its name in `code`.
 * another: somebody else is signed in than who it is asked for; nothing was sent.
 * @typedef {{ why: "ok" | "no_signal" | "signed_out" | "busy" | "refused" | "another", code: string, body: any, wait: number }} Answer
 */

const LONGEST = 20_000;
const OURS = "urn:outreach:";

/** @type {string | null | undefined} undefined: not asked yet; null: there is no session, so none is needed. */
let csrf;
/** Whose session that proof is of: a request that bears it counts for nobody else. @type {string | undefined} */
let whose;

const TOLERATED = 5_000;
let ahead = 0;

/** The time at the server, as its last answer told: a phone's own clock may be far off. */
export function serverNow() {
  return Date.now() + ahead;
}

/** @param {string | null} date */
function hearTheTime(date) {
  const error = Date.parse(date ?? "") - Date.now();
  if (!Number.isNaN(error)) ahead = Math.abs(error) < TOLERATED ? 0 : error;
}

/** Ask whose session this is; keeps what proves to the server that its own app asks. */
export async function session() {
  const answer = await request("GET", "/api/session");
  if (answer.why === "ok") signedInAs(answer.body);
  return answer;
}

/** @typedef {{ id: string } | null} Who */
/** After signing in or out another proof is needed. @param {{ csrf?: string | null, responder?: Who, coordinator?: Who }} [said] */
export function signedInAs(said = {}) {
  const who = said.responder ?? said.coordinator;
  csrf = who ? (said.csrf ?? null) : undefined;
  whose = who?.id;
}

/**
 * Ask the server; never throws.
 * @param {string} method
 * @param {string} path
 * @param {string | object} [body] text is sent as it is
 * @param {Record<string, string>} [headers]
 * @param {string} [owner] ask as this responder only
 * @returns {Promise<Answer>}
 */
export async function ask(method, path, body, headers = {}, owner) {
  if (method === "GET") return request(method, path);
  if (csrf === undefined) {
    const known = await session();
    if (known.why !== "ok") return known;
  }
  if (owner && owner !== whose) return said("another");
  const answer = await request(method, path, body, headers);
  if (answer.code !== "NotFromTheApp") return answer;
  // Signed in anew meanwhile, in another tab perhaps; and perhaps somebody else.
  const known = await session();
  if (known.why !== "ok") return known;
  return owner && owner !== whose ? said("another") : request(method, path, body, headers);
}

/**
 * The same where nobody needs to be signed in.
 * @param {string} method @param {string} path @param {string | object} [body] @param {Record<string, string>} [headers]
 */
export async function request(method, path, body, headers = {}) {
  const sent = { ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (csrf) sent["X-CSRF-Token"] = csrf;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LONGEST);
  try {
    // A redirect is never ours: it is a portal that wants a log-in.
    const options = { method, headers: sent, body: text, signal: stop.signal };
    return await meaning(await fetch(path, { ...options, redirect: "manual", credentials: "same-origin", cache: "no-store" }));
  } catch {
    return said("no_signal");
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} response @returns {Promise<Answer>} */
async function meaning(response) {
  hearTheTime(response.headers.get("Date"));
  if (response.status === 204) return said("ok");
  const json = /json/.test(response.headers.get("Content-Type") ?? "");
  const body = json ? await response.json() : null;
  if (response.ok && json) return said("ok", "", body);
  const code = String(body?.type ?? "");
  if (response.ok || response.type === "opaqueredirect") return said("no_signal");
  if (response.status === 429 || response.status >= 500) return said("busy", "", body, waiting(response));
  if (!code.startsWith(OURS)) return said("no_signal");
  return said(response.status === 401 ? "signed_out" : "refused", code.slice(OURS.length), body);
}

/** @param {Response} response */
function waiting(response) {
  return Number(response.headers.get("Retry-After") ?? 0) * 1000 || 0;
}

/** @param {Answer["why"]} why @returns {Answer} */
function said(why, code = "", /** @type {any} */ body = null, wait = 0) {
  return { why, code, body, wait };
}
