// Naloxone used elsewhere, as someone tells it: coarse answers only. No name, no date, no address.
import { html } from "../../vendor/lit-html/lit-html.js";
import { codeChips } from "../chips.js";
import { icon } from "../icon.js";
import { go } from "../store.js";
import { tellUsed } from "../stock.js";
import { t } from "../words.js";
import { head, put, stepper } from "./stock-shared.js";

const pick = (name, list, legend, view) => codeChips({ list, legend, chosen: [view[name]], pick: (code) => put({ [name]: view[name] === code ? "" : code }), name });

const write = (view) => async () => {
  if (view.sending) return;
  view.sending = true;
  const { survived, doses, kit_kind, used_place, ems_called } = view;
  await tellUsed({ survived, doses, kit_kind, used_place, ems_called });
  go("board");
};

export const kitUsed = (view) => ({
  title: t("Une trousse a servi ailleurs"),
  titled: true,
  shape: "sheet handing",
  main: html`<section class="panel">${head(t("Une trousse a servi ailleurs"), "more")}
    <p class="hint">${t("En gros seulement : ni nom, ni date, ni adresse.")}</p>
    ${pick("survived", "survived", t("La personne"), view)}
    ${stepper({ legend: t("Doses"), value: view.doses ?? 0, set: (doses) => put({ doses }) })}</section>
    <section class="panel" aria-label=${t("Si c’est dit")}>
    ${pick("used_place", "used_place", t("Où, en gros"), view)}
    ${pick("ems_called", "ems_called", t("911"), view)}
    ${pick("kit_kind", "kit_kind", t("Genre de trousse"), view)}</section>`,
  dock: view.survived
    ? html`<button class="btn main now" type="button" @click=${write(view)}>${icon("check")}${t("Noter ce qui est raconté")}</button>`
    : html`<p class="hint">${t("Dire d’abord comment va la personne.")}</p>`,
});
