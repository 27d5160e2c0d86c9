// @ts-check
// The street: dark while nothing happens, one window warm when somebody is safe. Decoration, drawn in `symbols.svg`.
import { html } from "../shared/html.js";

/** @param {{ lamp?: boolean, home?: boolean, children?: any }} props */
export const Scene = ({ lamp = false, home = false, children }) => html`
  <section class="scene ${home ? "safe-home" : ""}"><div>${children}</div>
    <svg viewBox="0 ${home ? 22 : 0} 328 ${home ? 128 : 150}" aria-hidden="true"><use href="#street" />${home && html`<use href="#home" />`}${lamp && html`<use href="#lamp" />`}</svg>
  </section>`;
