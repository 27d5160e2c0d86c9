// @ts-check
// The start: whose session this is, the bar above every screen, and the screen that the address names.
import { effect, html, render, useEffect, useState } from "../shared/html.js";
import { Bar, Tabs } from "./bar.js";
import { listen } from "./data/live.js";
import { keepNotes } from "./data/notes.js";
import { keepQueue } from "./data/queue.js";
import { me, reads, whoIsIt } from "./data/session.js";
import { keepStanding } from "./data/standing.js";
import { Main, SERVICE, Toast, Voice } from "./frame.js";
import { KeysHelp } from "./help.js";
import { NotHere, fetchParts, part } from "./parts.js";
import { route } from "./router.js";
import { screens } from "./screens.js";
import { SignIn } from "./screens/sign_in.js";
import { Standing } from "./standing.js";
import { dressPage, language, speak, t } from "./words.js";

/** @import { ScreenModule } from "./screens.js" */

/** @param {{ name: string, parts: string[] }} props */
function Fetched({ name, parts }) {
  const [got, setGot] = useState(/** @type {{ name: string, Screen: ScreenModule["Screen"] | null } | null} */ (null));
  useEffect(() => {
    let here = true;
    // One that comes late, after somebody has gone on, is not shown.
    void part(screens[name]).then((module) => here && setGot({ name, Screen: module && module.Screen }));
    return () => void (here = false);
  }, [name]);
  // The screen before stays until this one is here: nothing blinks.
  if (got?.name !== name) return html`<${Main} title=${SERVICE} />`;
  return got.Screen ? html`<${got.Screen} parts=${parts} />` : html`<${Main} title=${SERVICE}><${NotHere} /><//>`;
}

function App() {
  const [name = "", ...parts] = route.value;
  if (name === "join" || name === "sign-in" || me.value === null) return html`<${SignIn} link=${name === "join" ? parts[0] : ""} />`;
  if (me.value === undefined) return html`<${Main} title=${SERVICE} more="opening"><p>${t("opening")}</p><//>`;
  const shown = reads.value ? (name in screens ? name : "") : "hotline";
  return html`<${Bar} here=${shown} /><${Standing} /><${Fetched} name=${shown} parts=${parts} />${reads.value && html`<${Tabs} here=${shown} />`}<${KeysHelp} />`;
}

async function start() {
  await speak(language.value);
  effect(dressPage);
  const root = document.createElement("div");
  root.id = "board";
  document.body.append(root);
  render(html`<${App} /><${Toast} /><${Voice} />`, root);
  // Without an answer it is asked again: the page may have been opened while the line was down.
  while ((await whoIsIt()).why !== "ok" && me.value === undefined) await new Promise((done) => setTimeout(done, 3000));
  listen();
  keepQueue();
  keepStanding();
  keepNotes();
  fetchParts();
}

void start();
