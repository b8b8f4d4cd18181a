// Practice says so on every screen: a band on top, an edge all around, no red but the real button (tablet.css).
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { startOverdose } from "../overdose.js";
import { leavePractice } from "../practice.js";
import { go, state } from "../store.js";
import { t } from "../words.js";

const endPractice = () => {
  leavePractice();
  go("board");
};

const imagined = () => (state.view.name === "board"
  ? html`<button class="btn slim" type="button" @click=${() => startOverdose()}>${icon("octagon", true)}${t("Surdose d’entraînement")}</button>`
  : nothing);

export const practiceBand = () => (state.practice
  ? html`<p class="practice-band"><b>${t("ENTRAÎNEMENT")}</b><span>${t("Une salle imaginaire : rien n’est gardé, rien n’est envoyé.")}</span>
    ${imagined()}<button class="btn slim" type="button" @click=${endPractice}>${icon("x", true)}${t("Quitter l’entraînement")}</button></p>`
  : nothing);
