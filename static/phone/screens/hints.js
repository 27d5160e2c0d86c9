// @ts-check
// What is said once, when it is of use: pushes, and the home screen of an iPhone.
import { html, signal, useEffect, useState } from "../../shared/html.js";
import { askToPush, pushes } from "../data/pushing.js";
import { Icon } from "../frame.js";
import { read, store, t } from "../words.js";

/** Pushes, offered or told of. @param {{ once?: boolean }} props */
export function Pushes({ once = false }) {
  const [first] = useState(() => !once || !read("push_asked"));
  useEffect(() => {
    if (once) store("push_asked", "yes");
  }, []);
  if (pushes.value === "default") {
    return first && html`<section class="card"><p>${t("push_why")}</p><button class="btn soft wide gap" onClick=${askToPush}>${t("push_me")}</button></section>`;
  }
  return !once && pushes.value === "granted" && html`<p class="small aside">${t("push_on")}</p>`;
}

const iphone = /iPhone|iPad/.test(navigator.userAgent) && !(/** @type {any} */ (navigator).standalone);
const home = signal(iphone && !read("home_told"));

/** Safari takes pushes, and keeps what is kept, only for an app on the home screen. */
export function HomeScreen() {
  const close = () => {
    home.value = false;
    store("home_told", "yes");
  };
  return home.value && html`<section class="banner"><${Icon} name="phone" /><div><strong>${t("home_screen")}</strong><p>${t("home_screen_how")}</p>
    <button class="btn soft wide gap" onClick=${close}>${t("close")}</button></div></section>`;
}
