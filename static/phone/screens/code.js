// @ts-check
import { html, useEffect, useState } from "../../shared/html.js";
import { refreshTasks } from "../data/knowing.js";
import { hasSignal, me, tasks } from "../data/state.js";
import { LINE, Main, SERVICE, useNow } from "../frame.js";
import { clock, t } from "../words.js";
import { Dock } from "./help.js";
import { Gone, isOver, Lattice } from "./visit.js";

/** Stay lit while it is shown. A phone that cannot goes dark as ever. */
function useLight() {
  useEffect(() => {
    /** @type {Promise<WakeLockSentinel | null> | undefined} */
    let lit;
    const light = () => {
      if (document.visibilityState === "visible") lit = navigator.wakeLock?.request("screen").catch(() => null);
    };
    light();
    document.addEventListener("visibilitychange", light);
    return () => {
      document.removeEventListener("visibilitychange", light);
      void lit?.then((held) => held?.release());
    };
  }, []);
}

/** The visit code, held up for the resident to read; without signal too, until it is over. @param {{ id: string }} props */
export function CodeScreen({ id }) {
  useLight();
  const task = tasks.value.find((held) => held.id === id);
  const now = useNow(5_000);
  if (!task?.visit_code) return html`<${Gone} />`;
  const code = task.visit_code;
  const over = isOver(task, now);
  return html`<${Main} title=${t("visit_code")} more="door"><${Lattice} />
      <section><p>${SERVICE}</p><h1>${me.value?.name}</h1><p>${task.area}</p></section>
      ${over ? html`<${Over} />` : html`<p class="code num" aria-label=${[...code].join(" ")}>${code.slice(0, 3)} ${code.slice(3)}</p>
      <ol class="script"><li><span>${LINE ? [t("door_ring"), " ", html`<b class="num nowrap">${LINE}</b>`] : t("door_ring_official")}</span></li>
        <li><span>${t("door_say")}</span></li><li><span>${t("door_yes")}</span></li></ol>
      <p class="quiet num">${t("door_never")}<br />${t("door_until", { time: clock(task.visit_code_expires_at ?? "") })}</p>`}
    <//>
    <${Dock} task=${task} more="dark"><a class="btn go" href="#/task/${id}">${t("close")}</a><//>`;
}

/** A code that is over proves nothing. */
function Over() {
  const [tried, setTried] = useState(false);
  const look = () => refreshTasks().then(() => setTried(true));
  return html`<section role="status"><h1>${t("door_over")}</h1>${tried && !hasSignal.value && html`<p>${t("needs_signal")}</p>`}</section>
    <button class="btn" onClick=${look}>${t("door_again")}</button>`;
}
