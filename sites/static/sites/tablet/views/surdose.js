// SURDOSE in the corner of every view, and the overdoses that run above everything.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { joinOverdose, running, startOverdose, toFinish } from "../overdose.js";
import { twiceClosed } from "../overdose-shared.js";
import { capital, elapsed, placeWords } from "../overdose-words.js";
import { leavePractice } from "../practice.js";
import { go, state } from "../store.js";
import { clock, t } from "../words.js";

// Where one runs already, the same touch joins it.
const startAt = (place) => {
  const there = running().find(({ event: { opened: { data } } }) => (place.visit && data.visit === place.visit) || (place.booth && data.booth === place.booth));
  if (there) joinOverdose(there.row);
  else startOverdose(place);
};

// The clock runs from one tap. `place` fills in where: {booth, visit, location}.
export const surdose = (words, place = {}, small = false) => html`<button class="alarm ${small ? "small" : ""}" type="button"
  @click=${() => startAt(place)}>${icon("octagon")}${words}</button>`;

const begin = () => {
  leavePractice(); // what is pressed here is real, whatever the tablet was used for
  startOverdose();
};

export const corner = () => html`<button class="alarm" id="surdose" type="button" @click=${begin}>${icon("octagon")}${state.practice ? t("Vraie surdose") : t("SURDOSE")}</button>`;

// Several that run are told apart by a letter and a shape as well as by a colour.
const MARKS = ["A", "B", "C", "D"];
// "" of one that runs alone.
export const markOf = (event) => {
  const all = running();
  const place = all.findIndex(({ row }) => row.event === event);
  return all.length > 1 && place >= 0 ? MARKS[place % MARKS.length] : "";
};

export const mark = (letter) => html`<span class="mark-${letter.toLowerCase()} event-mark" aria-hidden="true">${letter}</span>`;

const line = ({ row, event }, several) => html`<div class="running">
  ${several ? mark(markOf(row.event)) : icon("octagon")}
  <p class="msg"><b>${t("Surdose en cours · {place}", { place: placeWords(event.opened) })}</b>${t("depuis {at}", { at: clock(event.opened.at) })}</p>
  <span class="t num">${elapsed((Date.now() - event.opened.at) / 1000)}</span>
  <button class="btn" type="button" @click=${() => joinOverdose(row)}>${t("Rejoindre")}<span class="hidden-text"> ${placeWords(event.opened)}</span></button>
</div>`;

const toFinishLine = ({ row, event }) => html`<p class="warn">${icon("clock")}<span class="msg">${t("Surdose présumée à finir · {place}, {at}", { place: placeWords(event.opened), at: clock(event.opened.at) })}</span>
  <button class="btn slim" type="button" @click=${() => joinOverdose(row)}>${t("Ouvrir")}<span class="hidden-text"> ${placeWords(event.opened)}</span></button></p>`;

const twiceClosedLine = ({ row, event }) => html`<p class="warn">${icon("swap")}<span class="msg">${t("Fermée deux fois · {place}, {at}. Quelles réponses garder?", { place: placeWords(event.opened), at: clock(event.opened.at) })}</span>
  <button class="btn slim" type="button" @click=${() => go("twoClosings", { event: row.event, beneath: null })}>${t("Choisir")}</button></p>`;

// Every overdose but the one on the screen: those that run in red, those to finish in few words.
export const runningBar = (but = null) => {
  const all = running();
  return html`${all.filter(({ row }) => row.event !== but).map((one) => line(one, all.length > 1))}
    ${but ? null : [toFinish().map(toFinishLine), twiceClosed().map(twiceClosedLine)]}`;
};

// One tap to another event: letter, place and clock of each.
export const switcher = (current) => {
  const all = running();
  if (all.length < 2) return null;
  return html`<nav class="switcher" aria-label=${t("Surdoses en cours")}>${all.map(({ row, event }) => html`<button type="button"
    class="mark-${markOf(row.event).toLowerCase()}" aria-current=${row.event === current ? "true" : "false"} @click=${() => joinOverdose(row)}>
    ${mark(markOf(row.event))}<b>${capital(placeWords(event.opened))}</b><span class="num">${elapsed((Date.now() - event.opened.at) / 1000)}</span></button>`)}</nav>`;
};
