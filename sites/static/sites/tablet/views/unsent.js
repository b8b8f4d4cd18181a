// What the tablet keeps until the server has it, and what a person must look at: kinds and times, no content.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { icon } from "../icon.js";
import { acknowledge } from "../outbox.js";
import { leaveRecorder } from "../overdose.js";
import { kindWords, refusalWords } from "../record-words.js";
import { flush } from "../sender.js";
import { state } from "../store.js";
import { troubles } from "../trouble.js";
import { saveToFile } from "../unsent-file.js";
import { clock, day, n, t } from "../words.js";

const MOST = 200;

const line = ({ kind, at }, rest) => html`<li><time class="num">${clock(at)}<small>${day(at)}</small></time>${rest(kindWords(kind))}</li>`;

const waiting = () => {
  const rows = state.gists.filter((gist) => !gist.sent && !gist.practice);
  const more = rows.length - MOST;
  return html`<section class="panel" aria-labelledby="h-unsent"><h2 id="h-unsent">${t("À envoyer")} <span class="num quiet">${state.unsent.count}</span></h2>
    ${rows.length ? html`<p class="hint">${t("Gardé scellé sur cette tablette; cela partira tout seul.")}</p>
    <ul class="todo">${repeat(rows.slice(0, MOST), (gist) => gist.id, (gist) => line(gist, (words) => html`<p><b>${words}</b></p>`))}</ul>
    ${more > 0 ? html`<p class="hint">${n("et {count} autre", "et {count} autres", more)}</p>` : nothing}`
    : html`<p>${t("Tout est envoyé.")}</p>`}
    ${state.unsent.aside ? html`<p class="hint">${n("{count} saisie ne passe pas : elle sera tentée au prochain démarrage.", "{count} saisies ne passent pas : elles seront tentées au prochain démarrage.", state.unsent.aside)}</p>` : nothing}</section>`;
};

const refused = () => html`<section class="panel" aria-labelledby="h-refused"><h2 id="h-refused">${t("À revoir")} <span class="num quiet">${state.refused.length}</span></h2>
  <p class="hint">${t("Reçues, mais pas prises telles quelles : à régler au poste, dans « À revoir ».")}</p>
  <ul class="todo">${repeat(state.refused, (one) => one.id, (one) => line(one, (words) => html`<p><b>${words}</b><small>${refusalWords(one)}</small></p>
    <button class="btn slim" type="button" aria-label=${t("Compris : {what}, {at}", { what: words, at: clock(one.at) })} @click=${() => acknowledge(one.id)}>${icon("check", true)}${t("Compris")}</button>`))}</ul></section>`;

export const unsent = () => ({
  title: t("À envoyer"),
  titled: true,
  shape: "page unsent",
  main: html`<h1 class="hello" tabindex="-1">${t("Ce que la tablette garde")}</h1>
    ${troubles().map((said) => html`<p class="warn">${icon("flag")}<span class="msg">${said}</span></p>`)}
    ${waiting()}${state.refused.length ? refused() : nothing}`,
  dock: html`<button class="btn now" type="button" @click=${leaveRecorder}>${icon("back")}${t("Revenir")}</button>
    ${state.unsent.count ? html`<button class="btn now" type="button" @click=${() => flush()}>${icon("sent")}${t("Envoyer maintenant")}</button>
    <button class="btn now" type="button" @click=${saveToFile}>${icon("down")}${t("Enregistrer dans un fichier")}</button>` : nothing}`,
});
