// @ts-check
import { ask } from "../../shared/api.js";
import { html, useEffect, useRef, useState } from "../../shared/html.js";
import { accept, decline, forget } from "../data/acts.js";
import { refreshOffers } from "../data/knowing.js";
import { hasSignal, loaded, offers, tasks } from "../data/state.js";
import { Banner, Bar, Icon, Main, Refused, Sheet, say, useNow } from "../frame.js";
import { ring, stopRinging } from "../ring.js";
import { go, goOn } from "../router.js";
import { clock, countdown, distance, has, span, t } from "../words.js";

/** @import { Offer } from "../types.js" */

const SPOKEN = [60, 30, 10];
const AGAIN = 3_000;
/** What the server says when it was too late, in our words. @type {Record<string, import("../words.js").Word>} */
const OVER = { AlreadyTaken: "taken", OfferOver: "lapsed", AtCapacity: "full", NotEligible: "not_for_you" };

/** A task is offered; whose it is stays unsaid. @param {{ id: string }} props */
export function OfferScreen({ id }) {
  const offer = offers.value.find((one) => one.id === id);
  const answered = useRef(false);
  useEffect(() => {
    if (offer || answered.current || !loaded.value) return;
    // Opened by a push, it may be newer than what the phone knows.
    void refreshOffers().then(() => {
      if (answered.current || offers.value.some((one) => one.id === id)) return;
      if (hasSignal.value) say(t("lapsed"));
      goOn("/");
    });
  }, [offer, loaded.value]);
  useEffect(() => {
    ring();
    void ask("POST", `/api/offers/${id}/seen`);
    return stopRinging;
  }, []);
  return offer && html`<${Card} offer=${offer} answered=${answered} />`;
}

/** @param {{ offer: Offer, answered: { current: boolean } }} props */
function Card({ offer, answered }) {
  const now = useNow(500);
  const [state, setState] = useState("");
  const [why, setWhy] = useState(false);
  const left = Math.max(0, Math.ceil((Date.parse(offer.lapses_at) - now) / 1000));
  const whole = (Date.parse(offer.lapses_at) - Date.parse(offer.offered_at)) / 1000;
  const visit = offer.kind === "visit";

  const leave = (/** @type {string} */ said, /** @type {string} */ path) => {
    answered.current = true;
    say(said);
    goOn(path);
  };
  const take = async () => {
    if (state === "accepting") return;
    setState("accepting");
    const { why: answer, code, task } = await accept(offer);
    if (task) return leave("", `/task/${task.id}`);
    if (answer !== "refused") return setState("no_signal");
    leave(t(OVER[code] ?? "not_for_you"), `/told/${OVER[code] ?? "not_for_you"}`);
  };
  useEffect(() => {
    if (SPOKEN.includes(left)) say(t("left_spoken", { n: left }));
    if (left === 0) void forget(offer).then(() => leave(t("lapsed"), "/told/lapsed"));
  }, [left === 0 || SPOKEN.includes(left)]);
  useEffect(() => {
    if (state !== "no_signal") return;
    const timer = setTimeout(take, AGAIN);
    return () => clearTimeout(timer);
  }, [state]);

  const family = `danger_${offer.family}`;
  const urgency = offer.severity === "high" ? "chip lamp" : "chip";
  return html`<${Bar} title=${t("offer_bar")}><span class=${urgency}><${Icon} name="clock" />${t(offer.severity)}</span><//>
    <${Main} title=${t("offer_bar")}>
      <${Held} />
      <section class="lampbox">
        <div class="ring num" role="timer" aria-label=${t("left_spoken", { n: left })}>
          <svg viewBox="0 0 120 120" aria-hidden="true"><circle class="rest" cx="60" cy="60" r="54" /><circle class="left" cx="60" cy="60" r="54" pathLength="100" stroke-dasharray="${(100 * left) / whole} 100" transform="rotate(-90 60 60)" /></svg>
          <div aria-hidden="true"><span>${t("left")}</span><br /><b>${countdown(left)}</b></div>
        </div>
        <div class="grow"><p class="num lead">${t("answer_by", { time: clock(offer.lapses_at) })}</p><p class="small">${t("no_matter")}</p></div>
      </section>
      <div class="ask"><h1>${t(has(family) ? family : "danger_other")}</h1><p>${t(visit ? "ask_visit" : "ask_call")}</p></div>
      <ul class="facts">
        ${visit && offer.distance_m !== null && html`<li><${Icon} name="navigate" /><span><b class="num">${distance(offer.distance_m)}</b>
          ${offer.travel_s !== null && html`<small>${t("on_foot", { span: span(offer.travel_s * 1000) })}</small>`}</span></li>`}
        ${offer.area && html`<li><${Icon} name="door" /><span><b>${offer.area}</b></span></li>`}
        ${offer.companion && html`<li><${Icon} name="check" /><span><b>${t("two_together")}</b></span></li>`}
        ${offer.exercise && html`<li><${Icon} name="check" /><span><b>${t("exercise")}</b></span></li>`}
      </ul>
    <//>
    <footer class="dock tall">
      <p class="small" role="status">${t(state === "no_signal" ? "accept_no_signal" : "names_later")}</p>
      <button class="btn go xl" aria-disabled=${state === "accepting"} onClick=${take}><${Icon} name="check" />${t(state === "accepting" ? "accepting" : visit ? "accept" : "accept_call")}</button>
      <button class="btn text" onClick=${() => setWhy(true)}>${t("cannot")}</button>
    </footer>
    ${why && html`<${Reasons} offer=${offer} close=${() => setWhy(false)} done=${() => leave(t("declined_saved"), "/")} />`}`;
}

/** What a coordinator gave them meanwhile, or they had before: no offer hides it. */
function Held() {
  const [task] = tasks.value;
  return task && html`<div role="status"><${Banner} to="/task/${task.id}" icon="door" title=${t("held_title")} text=${t("held_text", { time: clock(task.due_at) })} /></div>`;
}

/** @param {{ offer: Offer, close: () => void, done: () => void }} props */
function Reasons({ offer, close, done }) {
  const [refused, setRefused] = useState(false);
  const say_no = (/** @type {string} */ reason) => decline(offer, reason).then(done, () => setRefused(true));
  const reasons = /** @type {const} */ (["too_far", "busy", "unwell", "not_said"]);
  return html`<${Sheet} title=${t("why_not")} close=${close}>
    ${refused && html`<${Refused} />`}
    <div class="two">${reasons.map((reason) => html`<button class="btn line" onClick=${() => say_no(reason)}>${t(reason)}</button>`)}</div><//>`;
}

/** How an offer ended that somebody else answered. @param {{ word: string }} props */
export const Told = ({ word }) => html`<${Bar} title=${t("offer_bar")} back="/" />
  <${Main} title=${t("offer_bar")}><section class="ask"><h1>${has(word) && t(word)}</h1></section><//>
  <footer class="dock"><button class="btn go" onClick=${() => go("/")}>${t("to_duty")}</button></footer>`;
