// @ts-check
// A case with the queue beside it, so that the next one is a key away.
import { html } from "../../../shared/html.js";
import { t } from "../../words.js";
import { Lost } from "../queue/board.js";
import { Queue } from "../queue/queue.js";
import { Screen as Case } from "./screen.js";

/** @param {{ parts: string[] }} props */
export const Screen = ({ parts }) => html`<div class="beside"><aside class="left-col" aria-label=${t("tab_queue")}><${Lost} /><${Queue} compact /></aside><${Case} parts=${parts} /></div>`;

export { Screen as Warning } from "./warning.js";
