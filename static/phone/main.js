// @ts-check
// The start: the phone's own copy first, so that something is on the screen without signal; then the server.
import { serverNow } from "../shared/api.js";
import { effect, html, render } from "../shared/html.js";
import { keepUp } from "./data/knowing.js";
import { watch } from "./data/outbox.js";
import { tellPosition } from "./data/position.js";
import { takePushes } from "./data/pushing.js";
import { hasSignal, load, loaded, me, offers, onDutyUntil, signedOut, tasks } from "./data/state.js";
import { Bar, Main, SERVICE, Voice } from "./frame.js";
import { readyToRing } from "./ring.js";
import { go, route } from "./router.js";
import { CodeScreen } from "./screens/code.js";
import { Done } from "./screens/done.js";
import { Home } from "./screens/home.js";
import { Hours } from "./screens/hours.js";
import { Mine } from "./screens/mine.js";
import { OfferScreen, Told } from "./screens/offer.js";
import { Records } from "./screens/records.js";
import { SignIn } from "./screens/sign_in.js";
import { TaskScreen } from "./screens/task.js";
import { dressPage, language, speak, t } from "./words.js";

function Screen() {
  const [place, id, part] = route.value;
  if (!loaded.value) return html`<${Opening} />`;
  if (place === "join") return html`<${SignIn} invite=${id} />`;
  if (place === "records") return html`<${Records} />`;
  if (place === "sign-in" || (!me.value && signedOut.value)) return html`<${SignIn} coding=${id === "code"} />`;
  if (!me.value) return html`<${Opening} />`;
  if (place === "hours") return html`<${Hours} />`;
  if (place === "mine") return html`<${Mine} />`;
  if (place === "offer") return html`<${OfferScreen} key=${id} id=${id} />`;
  if (place === "told") return html`<${Told} word=${id} />`;
  if (place === "done") return html`<${Done} id=${id} />`;
  if (place === "task") return part === "code" ? html`<${CodeScreen} id=${id} />` : html`<${TaskScreen} id=${id} part=${part} />`;
  return html`<${Home} />`;
}

/** Nothing is known yet; the first time the server has to say who this is. */
const Opening = () => html`<${Bar} title=${SERVICE} /><${Main} title=${SERVICE}>${
  hasSignal.value ? html`<p>${t("loading")}</p>` : html`<section class="ask" role="alert"><h1>${t("no_signal")}</h1><p>${t("first_no_signal_text")}</p></section>`
}<//>`;

const READS = 4000;
/** How many tasks were here before. */
let held = NaN;
/** An offer comes to whoever is on duty and not at a door; so does, on duty or not, a task that a coordinator gives. */
function comeForward() {
  const at = route.value;
  const [offer] = offers.value.filter((one) => Date.parse(one.lapses_at) > serverNow());
  const given = tasks.value.length > held;
  held = tasks.value.length;
  const next = offer && onDutyUntil.value ? `/offer/${offer.id}` : given && "/";
  // Whoever has just ended a task reads first what came of it.
  if (next && [undefined, "records", "mine", "done", "told"].includes(at[0])) setTimeout(() => route.value === at && go(next), at[0] === "done" ? READS : 0);
}

async function start() {
  await speak(language.value);
  effect(dressPage);
  const root = document.createElement("div");
  root.id = "app";
  document.body.append(root);
  render(html`<${Screen} /><${Voice} />`, root);
  await load();
  effect(comeForward);
  readyToRing();
  keepUp();
  watch();
  tellPosition();
  void navigator.storage?.persist?.();
  await navigator.serviceWorker?.register("/app/sw.js", { scope: "/app" });
  takePushes(() => ({ title: SERVICE, offer: t("pushed_offer"), other: t("pushed_other") }));
}

void start();
