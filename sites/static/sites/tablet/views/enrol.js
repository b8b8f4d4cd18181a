// The first page of a tablet: a code that a manager shows lets it in.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { codeInAddress, forgetCode, join } from "../belonging.js";
import { icon } from "../icon.js";
import { change, go, state } from "../store.js";
import { n, t } from "../words.js";

const update = (parts) => change({ view: { ...state.view, ...parts } });

const send = async (event) => {
  event.preventDefault();
  const code = new FormData(event.target).get("code");
  update({ busy: true, problem: "", code });
  const { problem } = await join(code);
  if (problem) update({ busy: false, problem });
};

// A tablet with something to send keeps its site until that is gone: it would arrive at the other one.
const stillSending = () => html`<p>${n("{count} saisie attend encore d’être envoyée.", "{count} saisies attendent encore d’être envoyées.", state.unsent.count)}
  ${t("Elles partent toutes seules; revenir ensuite.")}</p>`;

const stay = () => {
  forgetCode();
  go("lock");
};

const form = (view) => html`<form @submit=${send} autocomplete="off">
  <label class="field" for="code">${t("Code d’inscription")}</label>
  <input class="wide-input" id="code" name="code" maxlength="12" required autocapitalize="characters" spellcheck="false" .value=${view.code ?? codeInAddress()}
    aria-describedby="code-help" aria-invalid=${view.problem ? "true" : nothing}>
  <p class="hint" id="code-help">${t("Une personne responsable l’affiche : Réglages, Tablettes. Il vaut quelques minutes.")}</p>
  <p class="problem" role="alert">${view.problem ?? ""}</p>
  <button class="btn main now" type="submit" ?disabled=${view.busy}>${icon("check")}${t("Inscrire cette tablette")}</button>
</form>`;

export const enrol = (view) => ({
  title: t("Inscrire cette tablette"),
  titled: true,
  main: html`<div class="door"><section class="panel"><h1 class="hello" tabindex="-1">${t("Inscrire cette tablette")}</h1>
    ${state.revoked ? html`<p class="warn">${icon("stop")}<span class="msg">${t("Cette tablette a été retirée. Ce qu’elle envoie encore est gardé pour une personne responsable.")}</span></p>` : nothing}
    ${state.device && state.unsent.count ? stillSending() : form(view)}
    ${state.device && !state.revoked ? html`<button class="btn" type="button" @click=${stay}>${icon("back")}${t("Rester au site {site}", { site: state.device.site.name })}</button>` : nothing}</section></div>`,
});
