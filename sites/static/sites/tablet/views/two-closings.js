// One overdose closed on two tablets: both answers side by side, the fields that differ marked A and B.
import { html } from "../../vendor/lit-html/lit-html.js";
import { ANSWERS, NOT_ASSESSED } from "../closing.js";
import { icon } from "../icon.js";
import { foldOf, leaveRecorder } from "../overdose.js";
import { chooseClosing, otherClosing } from "../overdose-shared.js";
import { capital, lineOf, placeWords } from "../overdose-words.js";
import { state } from "../store.js";
import { tap } from "../touch.js";
import { clock, label, t } from "../words.js";
import { gone } from "./recorder.js";

const question = (name) => ({
  presentation: t("Ce que ça semblait être"),
  endpoint_rr: t("Respiration"),
  endpoint_spo2: t("SpO₂"),
  endpoint_awake: t("Éveil"),
  outcome: t("La suite"),
  ems_called: "911",
}[name]);

const words = (name, value) => {
  if (value === NOT_ASSESSED) return t("Non évalué");
  return ["endpoint_rr", "endpoint_spo2"].includes(name) ? value : label(name, value);
};

const row = (name, one, other) => {
  const differ = String(one.data[name]) !== String(other.data[name]);
  return html`<tr class=${differ ? "differs" : ""}><th scope="row">${question(name)}</th>
    <td>${differ ? html`<b>A</b> ` : null}${words(name, one.data[name])}</td><td>${differ ? html`<b>B</b> ` : null}${words(name, other.data[name])}</td></tr>`;
};

export const twoClosings = (view) => {
  const told = state.events.get(view.event);
  const event = told && foldOf(told);
  const other = event && otherClosing(event);
  if (!other) return gone();
  const one = event.closed;
  const choose = (record) => tap(`closing-${record.id}`, () => {
    chooseClosing(told, record);
    leaveRecorder();
  });
  return {
    title: t("Fermée deux fois"),
    main: html`<div class="door"><section class="panel broad"><h2 class="hello">${t("Fermée deux fois : {place}", { place: placeWords(event.opened) })}</h2>
      <p>${t("Les deux sont gardées. La première compte, sauf si l’autre est choisie.")}</p>
      <table class="tbl"><thead><tr><td></td>${[one, other].map((record) => html`<th scope="col">${clock(record.at)} · ${capital(lineOf(event, record).small)}</th>`)}</tr></thead>
      <tbody>${ANSWERS.map((name) => row(name, one, other))}</tbody></table>
      <div class="lineup"><button class="btn main" type="button" @click=${choose(one)}>${icon("check")}${t("Garder A")}</button>
      <button class="btn" type="button" @click=${choose(other)}>${icon("swap")}${t("Prendre B")}</button></div></section></div>`,
  };
};
