// @ts-check
import { serverNow } from "../../shared/api.js";
import { html, useState } from "../../shared/html.js";
import { setAway, setDuty } from "../data/acts.js";
import { monday } from "../data/knowing.js";
import { mayKnow } from "../data/position.js";
import { awayDays, me, onDutyUntil, signedOut, tasks, week } from "../data/state.js";
import { Banner, Bar, Icon, Main, Refused, SERVICE, Sheet, Tabs, useNow } from "../frame.js";
import { Scene } from "../scene.js";
import { clock, day, language, span, t } from "../words.js";
import { HomeScreen } from "./hints.js";

const HOUR = 3_600_000;
const USUAL = 4 * HOUR;
const LONGEST = 24 * HOUR;

/** On duty or not, and what is held. */
export function Home() {
  const now = useNow(20_000);
  const [refused, setRefused] = useState(false);
  const [sheet, setSheet] = useState("");
  const until = onDutyUntil.value && Date.parse(onDutyUntil.value) > now ? onDutyUntil.value : null;
  const next = me.value?.next_duty;

  const set = async (/** @type {number | null} */ time, /** @type {number | undefined} */ from = undefined) => {
    setSheet("");
    const latest = (from ?? serverNow()) + LONGEST - 60_000;
    const saving = setDuty(time ? new Date(Math.min(time, latest)).toISOString() : null, from ? new Date(from).toISOString() : undefined);
    setRefused(await saving.then(() => false, () => true));
  };
  const toggle = () => {
    if (!until) void set(serverNow() + USUAL);
    else if (tasks.value.length) setSheet("off");
    else void set(null);
  };

  return html`<${Bar} title=${SERVICE} />
    <${Main} title=${t("tab_duty")}>
      <${Now} until=${until} />
      ${refused && html`<${Refused} />`}
      ${signedOut.value && html`<${Banner} to="/sign-in" icon="clock" title=${t("sign_in_again_title")} text=${t("sign_in_again_text")} />`}
      <${HomeScreen} />
      <section class="card row">
        <div class="grow">
          <h2 class="title">${t(until ? "on_duty" : "off_duty")}</h2>
          ${until && html`<p class="num">${t("until", { time: clock(until), span: span(Date.parse(until) - now) })}</p>`}
          ${!until && next && html`<p class="num">${t("next_duty", { time: day(next.from) })}</p>`}
        </div>
        <button class="switch" role="switch" aria-checked=${until ? "true" : "false"} aria-label=${t("tab_duty")} onClick=${toggle}><span><${Icon} name="check" /></span></button>
        <button class="btn soft wide" onClick=${() => setSheet("time")}><${Icon} name="clock" />${t("change_time")}</button>
      </section>
      <${Week} />
      ${mayKnow.value !== false && html`<p class="small aside"><${Icon} name="navigate" /><span>${t("position_told")}</span></p>`}
    <//>
    <${Tabs} here="duty" />
    ${sheet === "time" && html`<${Times} until=${until} set=${set} close=${() => setSheet("")} />`}
    ${sheet === "off" && html`<${Sheet} title=${t("duty_held")} close=${() => setSheet("")}>
      <button class="btn line" onClick=${() => set(null)}>${t("duty_off_sure")}</button><//>`}`;
}

/** @param {{ until: string | null }} props */
function Now({ until }) {
  const [task] = tasks.value;
  if (task) {
    return html`<${Scene} lamp><h1>${t("held_title")}</h1><p class="num">${t("held_text", { time: clock(task.due_at) })}</p>
      <a class="btn" href="#/task/${task.id}">${t("held_go")}</a><//>`;
  }
  const [title, text] = until ? /** @type {const} */ (["quiet_title", "quiet_text"]) : /** @type {const} */ (["off_title", "off_text"]);
  return html`<${Scene} lamp=${until !== null}><h1>${t(title)}</h1><p>${t(text)}</p><//>`;
}

/** What was done since Monday. */
function Week() {
  const done = week.value;
  if (!done || Date.parse(done.from) !== monday()) return null;
  const hours = new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }).format(done.on_duty_minutes / 60);
  return html`<section class="card"><h2 class="label">${t("this_week")}</h2><div class="figures num"><p><b>${hours}<i>${t("hours", { n: "" }).trim()}</i></b><small>${t("tab_duty")}</small></p>
    <p><b>${done.reached}<i>${t("people")}</i></b><small>${t("week_reached")}</small></p></div></section>`;
}

/** @param {{ until: string | null, set: (time: number, from?: number) => void, close: () => void }} props */
function Times({ until, set, close }) {
  const [away, hold] = useState(awayDays.value);
  const [refused, setRefused] = useState(false);
  const today = (/** @type {number} */ hour) => new Date().setHours(hour, 0, 0, 0);
  const [later, evening] = [today(20), today(22)];
  const turn = (/** @type {string} */ date) => {
    const now = away.includes(date) ? away.filter((one) => one !== date) : [...away, date];
    void setAway(now).then(() => hold(now), () => setRefused(true));
  };
  const days = [1, 2, 3, 4, 5, 6, 7].map((n) => {
    const date = new Date(Date.now() + n * 24 * HOUR);
    const name = new Intl.DateTimeFormat(language.value, { weekday: "short", day: "numeric" }).format(date);
    const off = away.includes(date.toLocaleDateString("sv"));
    return html`<button class="tile short ${off ? "on" : ""}" aria-pressed=${off ? "true" : "false"} onClick=${() => turn(date.toLocaleDateString("sv"))}>${name}</button>`;
  });
  return html`<${Sheet} title=${t("change_time")} close=${close}>
    ${until && html`<button class="btn line" onClick=${() => set(Date.parse(until) + HOUR)}>${t("plus_hour")}</button>`}
    ${later > serverNow() && html`<button class="btn line num" onClick=${() => set(later + USUAL, later)}>${t("from_time", { time: clock(later) })}</button>`}
    ${evening > serverNow() && html`<button class="btn line num" onClick=${() => set(evening)}>${t("until_time", { time: clock(evening) })}</button>`}
    ${refused && html`<${Refused} />`}<fieldset><legend class="label">${t("away_days")}</legend><div class="days num">${days}</div></fieldset>
  <//>`;
}
