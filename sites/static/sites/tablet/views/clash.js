// A card for each act that another tablet had made impossible: a question, and what answers it.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { clashes, keep, seatElsewhere } from "../clash.js";
import { icon } from "../icon.js";
import { spokenName } from "../names.js";
import { state } from "../store.js";
import { clock, t } from "../words.js";

const who = (visit) => (visit ? spokenName(visit) : t("cette personne"));

const question = ({ why, booth, other, visit, at }) => {
  if (why === "out") return t("La place {booth} est hors service. Où est {word}?", { booth, word: who(visit) });
  if (why === "closed") return t("{word} : le départ était déjà noté sur une autre tablette. Ce qui a été touché ici à {at} est gardé à part.", { word: who(visit), at: clock(at) });
  return other
    ? t("La place {booth} était déjà prise par {other}. Qui est où?", { booth, other: spokenName(other) })
    : t("La place {booth} était déjà prise à {at}. Qui est où?", { booth, at: clock(at) });
};

const places = (clash) => clash.places.map((place) => html`<button class="btn slim" type="button" @click=${() => seatElsewhere(clash, place.label)}>${icon("arrow", true)}${t("{word} : place {booth}", { word: who(clash.visit), booth: place.label })}</button>`);

const review = () => (state.boardAway ? nothing : html`<a class="btn slim" href="/review/">${icon("ext", true)}${t("À revoir")}</a>`);

const card = (clash) => html`<section class="warn clash" aria-label=${t("Deux tablettes ne disent pas la même chose")}>${icon("swap")}<p class="msg"><b>${question(clash)}</b></p><div class="lineup">${places(clash)}<button class="btn slim" type="button" @click=${() => keep(clash)}>${icon("check", true)}${clash.why === "closed" ? t("Compris") : t("Garder ainsi")}</button>${review()}</div></section>`;

export const clashCards = () => repeat(clashes(), (clash) => clash.id, card);
