// Practice says so on every screen: a band on top, an edge all around (tablet.css).
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { leavePractice } from "../practice.js";
import { go, state } from "../store.js";
import { t } from "../words.js";

export const endPractice = () => {
  leavePractice();
  go("board");
};

export const practiceBand = () => (state.practice
  ? html`<p class="practice-band"><b>${t("ENTRAÎNEMENT")}</b><span>${t("Une salle imaginaire : rien n’est gardé, rien n’est envoyé.")}</span>
    <button class="btn slim" type="button" @click=${endPractice}>${icon("x", true)}${t("Quitter l’entraînement")}</button></p>`
  : nothing);
