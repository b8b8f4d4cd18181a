// Naloxone handed out: the usual is one tap away; why, to whom in general, and who was trained if it is said.
import { html } from "../../vendor/lit-html/lit-html.js";
import { codeChips } from "../chips.js";
import { icon } from "../icon.js";
import { go } from "../store.js";
import { giveKits, lotFor } from "../stock.js";
import { n, t } from "../words.js";
import { head, lotFacts, put, stepper } from "./stock-shared.js";

const USUAL = { kit_kind: "nasal", form: "kit", count: 1, trained: 0, resupply_reason: "", recipient: "" };

const write = (view) => async () => {
  if (view.sending) return;
  view.sending = true;
  await giveKits(view);
  go("board");
};

const lot = (view) => {
  const found = lotFor(view.kit_kind, view.form);
  if (!found) return html`<p class="hint">${t("Aucun lot à emporter : se note quand même.")}</p>`;
  return html`<p class="facts">${lotFacts(found)} · <span class="num">${n("{count} en main", "{count} en main", found.units)}</span></p>`;
};

const pick = (name, list, legend, view) => codeChips({ list, legend, chosen: [view[name]], pick: (code) => put({ [name]: view[name] === code && !USUAL[name] ? "" : code }), name });

export const kits = (given) => {
  const view = Object.assign(given, { ...USUAL, ...given });
  return {
    title: t("Remettre de la naloxone"),
    titled: true,
    shape: "sheet handing",
    main: html`<section class="panel">${head(t("Remettre de la naloxone"), "board")}
      ${pick("kit_kind", "kit_kind", t("Genre de trousse"), view)}
      ${pick("form", "kit_form", t("Trousse ou dose seule"), view)}
      ${stepper({ legend: t("Combien?"), value: view.count, least: 1, set: (count) => put({ count }) })}
      ${lot(view)}</section>
      <section class="panel" aria-label=${t("Si c’est dit")}>
      ${stepper({ legend: t("Personnes formées"), value: view.trained, set: (trained) => put({ trained }) })}
      ${pick("resupply_reason", "resupply_reason", t("Pourquoi?"), view)}
      ${pick("recipient", "kit_recipient", t("À qui, en général"), view)}</section>`,
    dock: html`<button class="btn main now" type="button" @click=${write(view)}>${icon("check")}${view.form === "single" ? n("Remettre {count} dose", "Remettre {count} doses", view.count) : n("Remettre {count} trousse", "Remettre {count} trousses", view.count)}</button>`,
  };
};
