// @ts-check
// What happened, in plain words, and below "now" what comes next.
import { useLayoutEffect } from "preact/hooks";
import { html, useRef } from "../../../shared/html.js";
import { Icon, theTime } from "../../frame.js";
import { clockS, lasting, of, t, when } from "../../words.js";
import { acts, nameOf, view } from "./data.js";
import { SILENT, told } from "./lines.js";

/** How far down the reader is; on a phone the whole case is pushed up. */
const down = () => [".beside", ".tlw"].reduce((sum, part) => sum + (document.querySelector(part)?.scrollTop ?? 0), 0);

/** Show what is now: when the case is opened, and after an act of one's own; whoever went up by hand meanwhile stays there. @param {string} id */
function useNow(id) {
  const put = useRef(0);
  const before = useRef("");
  useLayoutEffect(() => {
    const opened = before.current !== id;
    before.current = id;
    const box = document.querySelector(".tlw");
    // A phone begins with who it is.
    const here = opened ? box && box.scrollHeight > box.clientHeight : down() >= put.current - 1;
    if (here) document.querySelector(".tl > .now, .tl > :last-child")?.scrollIntoView({ block: "center" });
    if (opened || here) put.current = down();
  }, [id, acts.value]);
}

export function Timeline() {
  const { id, timeline, opened_at, target_s, reached_at, ended_at, ahead, handovers, attempts, resident } = view.value;
  useNow(id);
  const began = Date.parse(opened_at);
  const wall = began + target_s * 1000;
  const since = (/** @type {number} */ at) => (at - began) / 1000;
  const rows = timeline.filter((/** @type {any} */ line) => !SILENT.has(line.kind)).map((/** @type {any} */ line) => ({ at: Date.parse(line.at), ...told(line, view.value) }));
  for (const left of handovers) if (left.note) rows.push({ at: Date.parse(left.at) + 1, icon: "list", words: t("case_note_of", { who: nameOf(left.from_id) }), small: left.note, tags: [] });
  for (const { channel, unsent } of attempts) if (unsent) rows.push({ at: Date.parse(unsent.at), icon: ICON[channel], words: of("case_unsent_", unsent.state, { channel: of("case_do_", channel) }), small: unsent.why && of("case_unsent_", unsent.why, { who: resident.name ?? t("case_actor_resident") }), tags: [] });
  const over = !reached_at || Date.parse(reached_at) > wall;
  if (over && theTime() > wall && !(ended_at && Date.parse(ended_at) < wall))
    rows.push({ at: wall, icon: "clock", words: html`<b class="late">${t("case_target_passed", { n: Math.round(target_s / 60) })}</b>`, small: "", tags: [], wall: true });
  rows.sort((/** @type {any} */ one, /** @type {any} */ other) => one.at - other.at);
  return html`<ol class="tl">${rows.map((/** @type {any} */ row) => html`<${Row} ...${row} since=${since(row.at)} late=${row.at >= wall && over} />`)}
    ${!ended_at && html`<li class="now"><span class="tt">${clockS(theTime())}</span><span class=${`te ${theTime() > wall && over ? "late" : ""}`}>${lasting(since(theTime()))}</span><span></span><p>${t("case_now")}</p></li>`}
    ${ahead.map((/** @type {any} */ step) => html`<li class="fut"><span class="tt">${when(step.at, theTime())}</span><span></span><span class="ti"><${Icon} name=${ICON[step.do] ?? "clock"} /></span><p>${of("case_ahead_", step.do)}</p></li>`)}</ol>`;
}

const ICON = /** @type {Record<string, string>} */ ({ visit: "door", call: "phone", sms: "sms", voice: "voice", trusted_contact: "people", coordinator: "up" });

/** @param {any} props */
const Row = ({ at, since, late, icon, words, small, tags, wall }) => html`<li class=${wall ? "dl" : ""}>
  <span class="tt">${clockS(at)}</span><span class=${`te ${late ? "late" : ""}`}>${since < 0 ? "" : lasting(since)}</span>
  <span class="ti"><${Icon} name=${icon} /></span>
  <div class="tx"><p>${words} ${tags.map((/** @type {[string, string]} */ [word, look]) => html`<span class=${`tag ${look}`}>${word}</span> `)}</p>${small && html`<small>${small}</small>`}</div></li>`;
