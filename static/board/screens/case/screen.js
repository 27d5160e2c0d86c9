// @ts-check
// One case: how long it has run, everything that happened, what comes next, and what may be done.
import { html, useEffect } from "../../../shared/html.js";
import { meant } from "../../data/queue.js";
import { Icon, Main, Refusal } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { t, told as lines } from "../../words.js";
import { Lost } from "../queue/board.js";
import { Acts, Meanwhile, Trusted } from "./acting.js";
import { Aftermath } from "./aftermath.js";
import { conflict, follow, refused, view } from "./data.js";
import { Giving, picked, setAt } from "./giving.js";
import { Head } from "./head.js";
import { Notes } from "./notes.js";
import { Timeline } from "./timeline.js";

/** @param {{ parts: string[] }} props */
export function Screen({ parts: [id, first] }) {
  useEffect(() => follow(id), [id]);
  useEffect(() => () => void (meant.value = ""), [id]);
  useKeys({ Escape: () => (picked.value < 0 ? go("/") : setAt(-1)) });
  const shown = view.value?.id === id;
  if (!shown) return html`<${Main} title=${t("case_title")} more="opening"><${Notes} of=${id} /><${Refusal} answer=${refused.value} /><//>`;
  const { contacted_at, reached_at, paused_at } = view.value;
  return html`<${Main} title=${view.value.resident.name ?? t("case_title")} more="case">
    <div><div class="phone-only"><${Lost} /></div><${Notes} of=${id} />${conflict.value && html`<div class="banner" role="alert"><${Icon} name="warn" /><${Meanwhile} conflict=${conflict.value} keep=${() => (conflict.value = null)} /></div>`}</div>
    <${Head} />
    <div class="bd"><section class="tlw" aria-label=${t("case_course")} tabindex="0">
        <div class="tl-h"><h2>${t("case_course")}</h2><span class="mut">${t(contacted_at ? "case_contacted" : "case_not_contacted")} · ${t(reached_at ? "case_reached" : "case_not_reached")}</span>
          ${paused_at && html`<span class="tag soon">${t("case_paused")}</span>`}<span class="grow"></span><${Acts} first=${first} /></div>
        <${Timeline} /></section>
      <aside class="rt" aria-label=${t("case_beside")} tabindex="0"><${Giving} /><${Aftermath} key=${id} /><${Trusted} /><${Script} /></aside></div>
  <//>`;
}

function Script() {
  const { scripts, say, keep_back } = view.value;
  const parts = /** @type {const} */ ([["case_say_first", say], ["case_steps", scripts], ["case_keep_back", keep_back]]);
  return html`<section class="card"><h2>${t("case_script")}</h2><dl class="kv">${parts.map(([word, said]) => html`<dt>${t(word)}</dt><dd>${lines(said).map((line) => html`<p>${line}</p>`)}</dd>`)}</dl></section>`;
}
