// @ts-check
// The tabs of those who are about access: who coordinates, one's own access, who looked.
import { html } from "../../../shared/html.js";
import { me } from "../../data/session.js";
import { t } from "../../words.js";

/** @param {{ at: "all" | "me" | "looks" }} props */
export const Tabs = ({ at }) => html`<nav class="rg-tabs" aria-label=${t("nav_people")}>
  ${me.value?.role === "admin" && html`<a href="#/people" aria-current=${at === "all" ? "page" : undefined}>${t("people_coordinators")}</a>`}
  <a href="#/people/me" aria-current=${at === "me" ? "page" : undefined}>${t("people_mine")}</a>
  ${me.value?.role !== "coordinator" && html`<a href="#/audit" aria-current=${at === "looks" ? "page" : undefined}>${t("people_looks")}</a>`}</nav>`;
