// @ts-check
// Two who may be one person, side by side: whose value wins, what becomes of their cases; one person or two, by keys too.
import { ask } from "../../../shared/api.js";
import { html, useState } from "../../../shared/html.js";
import { decides } from "../../data/session.js";
import { Dialog, Icon, Main, Refusal, Severity, toast, useAnswer, why } from "../../frame.js";
import { useKeys } from "../../keys.js";
import { go } from "../../router.js";
import { comma, of, t, when } from "../../words.js";

/** @typedef {"one" | "other"} Side */
const SIDES = /** @type {const} */ (["one", "other"]);
const FIELDS = /** @type {const} */ (["name", "language", "area"]);
const flip = (/** @type {Side} */ side) => /** @type {Side} */ (side === "one" ? "other" : "one");
const shown = (/** @type {any} */ value, /** @type {string} */ field) => (field === "language" ? of("case_lang_", value) : field === "area" ? value.name : value);

/** @param {{ parts: string[] }} props */
export function Screen({ parts: [id, other] }) {
  const [again, setAgain] = useState(0);
  const answer = useAnswer(() => ask("GET", `/api/residents/${id}/merge?other=${other}`), [id, other, again]);
  const [kept, setKept] = useState(/** @type {Side} */ ("one"));
  const [wins, setWins] = useState(/** @type {Record<string, Side>} */ ({}));
  const [at, setAt] = useState(0);
  const [sure, setSure] = useState(false);
  const both = /** @type {any} */ (answer?.why === "ok" ? answer.body : null);
  // Until it is chosen, the kept one's own value; where that one has none, the other's.
  const winner = (/** @type {string} */ field) => wins[field] ?? (both?.[kept][field] == null ? flip(kept) : kept);
  const choose = (/** @type {string} */ field, /** @type {Side} */ side) => both?.[side][field] != null && setWins({ ...wins, [field]: side });
  const send = async (/** @type {string} */ path, /** @type {object} */ body) => {
    const said = await ask("POST", `/api/residents/${both[kept].id}/${path}`, { other: both[flip(kept)].id, ...body }, { "If-Match": `"${both.version}"` });
    setSure(false);
    if (said.why !== "ok") {
      toast(why(said));
      return setAgain(again + 1);
    }
    toast(t(path === "merge" ? "merge_done" : "merge_parted"));
    const live = said.body.outreach_ids?.[0] ?? both.cases.find((/** @type {any} */ one) => one.then !== "joins")?.id;
    go(live ? `/case/${live}` : `/registry/residents/${both[kept].id}`);
  };
  const merge = () => void send("merge", { take: FIELDS.filter((field) => winner(field) !== kept && both[flip(kept)][field] != null) });
  const part = () => void send("not-same", {});
  const step = (/** @type {number} */ by) => setAt((at + by + FIELDS.length) % FIELDS.length);
  const mayChoose = both && decides.value;
  useKeys({
    Escape: () => history.back(),
    ...(mayChoose && {
      1: () => setKept("one"), 2: () => setKept("other"), j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
      ArrowLeft: () => choose(FIELDS[at], "one"), ArrowRight: () => choose(FIELDS[at], "other"), m: () => setSure(true), x: part,
    }),
  });
  if (!both) return html`<${Main} title=${t("merge_title")} more="opening"><${Refusal} answer=${answer} /><//>`;
  return html`<${Main} title=${t("merge_title")} more="merging">
    <header class="hd"><div class="hd-who"><h1>${t("merge_title")}</h1><p class="mut">${t("merge_how")}</p></div></header>
    <div class="mg-body" tabindex="0" role="region" aria-label=${t("merge_both")}><table class="mg"><thead><tr><td></td>${SIDES.map((side, n) => html`<th><label class="check"><input type="radio" name="kept" disabled=${!mayChoose} checked=${kept === side} onChange=${() => setKept(side)} />${t(kept === side ? "merge_kept" : "merge_merged")} <kbd class="desk">${n + 1}</kbd></label></th>`)}</tr></thead>
      <tbody>${FIELDS.map((field, n) => html`<${Choice} field=${field} both=${both} won=${winner(field)} here=${mayChoose && n === at} choose=${mayChoose && choose} />`)}
        <${Known} both=${both} />
        <tr><th scope="row">${t("merge_since")}</th>${SIDES.map((side) => html`<td class="mut">${when(both[side].made_at, 0)}</td>`)}</tr></tbody></table>
      <${Cases} both=${both} /></div>
    ${mayChoose && html`<footer class="bulk-foot"><span class="grow mut desk"><kbd>j</kbd> <kbd>k</kbd> <kbd>←</kbd> <kbd>→</kbd> ${t("merge_keys")}</span>
      <button class="btn" onClick=${part}>${t("merge_part")} <kbd>x</kbd></button><button class="btn p" onClick=${() => setSure(true)}>${t("merge_same")} <kbd>m</kbd></button></footer>`}
    ${sure && html`<${Dialog} title=${t("merge_same")} close=${() => setSure(false)}><p>${t("merge_sure", { who: both[winner("name")].name ?? t("q_no_name") })}</p><button class="btn p" autofocus onClick=${merge}>${t("merge_go")}</button><//>`}<//>`;
}

/** Of one value each, the one that wins. @param {any} props */
const Choice = ({ field, both, won, here, choose }) => html`<tr class=${here ? "pick" : ""} aria-current=${here ? "true" : undefined}><th scope="row">${of("reg_", field)}</th>${SIDES.map((side) => {
  const value = both[side][field];
  if (value == null) return html`<td class="mut">–</td>`;
  const same = JSON.stringify(value) === JSON.stringify(both[flip(side)][field]);
  return html`<td>${same ? shown(value, field) : html`<label class="check"><input type="radio" name=${field} disabled=${!choose} checked=${won === side} onChange=${() => choose(field, side)} />${shown(value, field)}</label>`}</td>`;
})}</tr>`;

/** What is united: of each number, place, contact and wish, who of the two is known by it. @param {{ both: any }} props */
function Known({ both }) {
  const wrong = (/** @type {any} */ one) => (one.wrong_at ? html` <span class="tag late">${t("reg_wrong")}</span>` : "");
  /** @type {[string, (record: any) => any[]][]} */
  const rows = [
    ["phones", (record) => record.phones.map((/** @type {any} */ one) => html`<span class="num">${one.number}</span>${wrong(one)}`)],
    ["addresses", (record) => record.addresses.map((/** @type {any} */ one) => html`${one.text ?? one.point}${wrong(one)}`)],
    ["trusted_contacts", (record) => record.trusted_contacts.map((/** @type {any} */ one) => `${of("case_relation_", one.relation)} ${one.name}${one.consent_at ? "" : ` · ${t("case_no_consent")}`}`)],
    ["opt_outs", (record) => record.opt_outs.filter((/** @type {any} */ one) => !one.lifted_at).map((/** @type {any} */ one) => of("case_do_", one.channel))],
    ["vulnerabilities", (record) => [record.vulnerabilities.map((/** @type {string} */ one) => of("case_vuln_", one)).join(comma())].filter(Boolean)],
  ];
  return rows.map(([name, of_record]) => html`<tr><th scope="row">${of("reg_", name)}<small>${t("merge_united")}</small></th>${SIDES.map((side) => {
    const all = of_record(both[side]);
    return html`<td>${all.length ? html`<ul>${all.map((each) => html`<li>${each}</li>`)}</ul>` : html`<span class="mut">–</span>`}</td>`;
  })}</tr>`);
}

/** What becomes of the cases that run. @param {{ both: any }} props */
const Cases = ({ both }) => html`<section class="mg-cases"><h2>${t("merge_cases")}</h2>${both.cases.length
  ? html`<ul>${both.cases.map((/** @type {any} */ one) => html`<li><${Icon} name=${one.then === "joins" ? "swap" : "tick"} /><a href=${`#/case/${one.id}`}><${Severity} severity=${one.severity} />${of("policy_family_", one.family)} </a><kbd>${both.one.id === one.resident_id ? "1" : "2"}</kbd>
      <span>${of("merge_then_", one.then)}${one.on_the_way.length > 0 && html` · <b>${t("merge_way", { who: one.on_the_way.join(comma()) })}</b>`}</span></li>`)}</ul>`
  : html`<p class="mut">${t("merge_no_cases")}</p>`}</section>`;
