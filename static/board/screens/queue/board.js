// @ts-check
import { html } from "../../../shared/html.js";
import { Main } from "../../frame.js";
import { t } from "../../words.js";

export const Screen = () => html`<${Main} title=${t("nav_board")} />`;
