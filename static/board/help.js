// @ts-check
// All keys, on `?`; and the switch that turns them off.
import { html, useState } from "../shared/html.js";
import { Dialog } from "./frame.js";
import { keysOn, turnKeys, useKeys } from "./keys.js";
import { of, t } from "./words.js";

const ALL = ["j", "k", "Enter", "r", "c", "t", "n", "s", "/", "p", "?", "Escape"];

export function KeysHelp() {
  const [open, setOpen] = useState(false);
  useKeys({ "?": () => setOpen(true) });
  const rows = ALL.map((key) => html`<dt><kbd>${key === "Escape" ? "Esc" : key}</kbd></dt><dd>${of("key_", key)}</dd>`);
  if (!open) return null;
  return html`<${Dialog} title=${t("keys_title")} close=${() => setOpen(false)}>
    <dl class="keylist">${rows}</dl>
    <label class="check"><input type="checkbox" checked=${keysOn.value} onChange=${() => turnKeys(!keysOn.value)} />${t("keys_on")}</label>
  <//>`;
}
