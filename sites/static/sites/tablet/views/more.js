// « Plus »: what is not done every minute.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { may } from "../may.js";
import { mayPractise, startPractice } from "../practice.js";
import { SHEETS } from "../logbook.js";
import { go, state } from "../store.js";
import { n, t } from "../words.js";
import { openToConfirm } from "./to-confirm.js";

const line = (name, words, hint, does) => html`<button class="btn now" type="button" @click=${does}>${icon(name)}<span>${words}<small>${hint}</small></span></button>`;

// A page of the server, for who is signed in at it: it opens in place of the app.
const desk = (name, words, hint, path) => html`<a class="btn now" href=${path}>${icon(name)}<span>${words}<small>${hint}</small></span></a>`;

export const more = () => ({
  title: t("Plus"),
  titled: true,
  shape: "page plus",
  main: html`<h1 class="hello" tabindex="-1">${t("Plus")}</h1><div class="choices">
    ${line("pen", t("À confirmer"), n("{count} saisie sans nom vérifié", "{count} saisies sans nom vérifié", state.toConfirm), openToConfirm)}
    ${line("moon", t("Réglages de la tablette"), t("Thème, langue, main"), () => go("settings"))}
    ${line("clock", t("Noter une surdose déjà finie"), t("En une minute, avec des heures approximatives"), () => go("afterwards"))}
    ${may("record_visits") ? line("bag", t("Remettre de la naloxone"), t("Trousses, doses, personnes formées"), () => go("kits")) : null}
    ${may("record_visits") ? line("heart", t("Une trousse a servi ailleurs"), t("Ce que quelqu’un raconte, en gros"), () => go("kitUsed")) : null}
    ${may("use_stock") ? line("vial", t("Stock"), t("Recevoir, compter, retirer"), () => go("stock")) : null}
    ${may("record_visits") ? Object.entries(SHEETS).map(([sheet, { sign, words, hint }]) => line(sign, words(), hint(), () => go("logbook", { sheet }))) : null}
    ${mayPractise() ? line("users", t("Entraînement"), t("Une salle imaginaire, pour essayer"), startPractice) : null}
    ${desk("ext", t("Pages du poste"), t("Rapports, stock, à revoir : avec un mot de passe"), "/")}
    ${desk("lock", t("Mon code de tablette"), t("Le changer : avec un mot de passe"), "/me/pin")}</div>`,
  dock: html`<button class="btn now" type="button" @click=${() => go("board")}>${icon("back")}${t("Revenir")}</button>`,
});
