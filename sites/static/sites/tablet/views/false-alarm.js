// Nothing had happened: all of it is taken back, the opening last. A dose that was given did happen.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { foldOf, leaveRecorder, takeBack } from "../overdose.js";
import { placeWords } from "../overdose-words.js";
import { go, state } from "../store.js";
import { tap } from "../touch.js";
import { clock, n, t } from "../words.js";

const refused = (count) => html`<div class="error-box" role="alert"><p>${n(
  "{count} dose est notée : ce n’était pas une fausse alerte. Si elle n’a pas été donnée, l’annuler d’abord.",
  "{count} doses sont notées : ce n’était pas une fausse alerte. Si elles n’ont pas été données, les annuler d’abord.",
  count,
)}</p></div>`;

const asked = (row, event) => html`<p>${t("Tout ce qui est noté pour {place} depuis {at} sera annulé. Rien ne sera compté; la trace reste.", {
  place: placeWords(event.opened), at: clock(event.opened.at),
})}</p><button class="btn main" type="button" @click=${tap("false-alarm", () => {
  takeBack(row);
  leaveRecorder();
})}>${icon("check")}${t("Oui, fausse alerte")}</button>`;

export const falseAlarm = (view) => {
  const row = state.events.get(view.event);
  const event = row && foldOf(row);
  const back = () => go("recorder", { event: view.event, beneath: view.beneath });
  return {
    title: t("Fausse alerte"),
    main: html`<div class="door"><section class="panel"><h2 class="hello">${t("Fausse alerte?")}</h2>
      ${!event ? null : event.doses.length ? refused(event.doses.length) : asked(row, event)}
      <button class="btn" type="button" @click=${back}>${icon("back")}${t("Retour aux gestes")}</button></section></div>`,
  };
};
