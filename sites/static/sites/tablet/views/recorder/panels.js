// The panels of the recorder: a measure, how awake, 911 again, where, another step.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { AWAKE, CALLED, CANCELLED, NOT_CALLED, PLACE_UNKNOWN, RESEDATION, lastOf, stepsOf } from "../../event.js";
import { icon } from "../../icon.js";
import { correct, setResponder, step } from "../../overdose.js";
import { awakeWords, callWords, capital, unit } from "../../overdose-words.js";
import { change, state } from "../../store.js";
import { tap } from "../../touch.js";
import { roomNow } from "../../live.js";
import { label, t } from "../../words.js";
import { edit } from "./edit.js";
import { closePanel, openPanel, panelOf } from "./panel.js";
import { say } from "./said.js";

const LIKELY = {
  spo2: [70, 75, 80, 84, 86, 88, 90, 92, 94, 96, 98, 100],
  rr: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24],
};
const FURTHER_MEASURES = ["hr", "gcs", "glucose", "temp"];
const FURTHER_STEPS = ["rescue_breaths", "recognised", "other_med", "police_arrival", "observation_start", "observation_end"];
const OTHER_PLACES = ["chillout", "washroom", "waiting", "counter", "entrance", "perimeter", "outreach", "other_indoor"];

const pick = (key, words, does, pressed = null) => html`<button class="pick" type="button" data-key=${key}
  aria-pressed=${pressed === null ? "false" : String(pressed)} @click=${tap(key, does)}>${words}</button>`;

// --- Numbers ------------------------------------------------------------------------------

const title = (measure) => `${label("measure", measure)}${unit(measure) ? ` (${unit(measure)})` : ""}`;

const likely = ({ row }, measure) => panelOf(title(measure), html`<div class="values">
  ${LIKELY[measure].map((value) => pick(`value-${value}`, value, () => say(row, step(row, "vitals", { measure, value: String(value) }))))}
  ${pick("typed", t("Autre valeur…"), () => openPanel({ name: "typed", measure, typed: "" }))}</div>`);

const type = (sign) => {
  const { panel } = state.view;
  const typed = sign === "del" ? panel.typed.slice(0, -1) : (panel.typed + sign).match(/^\d{0,4}(?:[.,]\d{0,2})?/)[0];
  change({ view: { ...state.view, panel: { ...panel, typed } } });
};

// Any number is kept; an odd one is marked « à confirmer ».
const digits = ({ row, panel }) => {
  const { measure, typed } = panel;
  const value = typed.replace(",", ".").replace(/\.$/, "");
  const noted = () => value && say(row, step(row, "vitals", { measure, value }));
  const comma = state.language === "en" ? "." : ",";
  return panelOf(title(measure), html`<div class="digits">
    <p class="typed-value num" role="status">${typed || "–"} <small>${unit(measure)}</small></p>
    ${["1", "2", "3", "4", "5", "6", "7", "8", "9", comma, "0"].map((sign) => html`<button class="key" type="button" @click=${() => type(sign)}>${sign}</button>`)}
    <button class="key" type="button" @click=${() => type("del")}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button>
    <button class="btn main" type="button" aria-disabled=${value ? "false" : "true"} @click=${tap("noted", noted)}>${icon("check")}${t("Noter")}</button>
  </div>`);
};

// --- Words --------------------------------------------------------------------------------

const awake = ({ row }) => panelOf(t("Éveil"), html`<div class="values few">
  ${AWAKE.map((choice) => pick(choice, capital(awakeWords(choice)), () => say(row, step(row, "vitals", { choice }))))}</div>`);

const call = ({ row, event }) => {
  const last = lastOf(stepsOf(event, "call_911"))?.data.choice;
  const again = last === CALLED ? t("Appelé de nouveau") : t("Appelé");
  return panelOf("911", html`<div class="values few">
    ${pick("cancelled", t("Appel annulé"), () => say(row, step(row, "call_911", { choice: CANCELLED })))}
    ${pick("called", again, () => say(row, step(row, "call_911", { choice: CALLED })))}</div>`);
};

const other = ({ row }) => panelOf(t("Autre étape"), html`<div class="values wide">
  ${FURTHER_STEPS.map((code) => pick(code, label("step", code), () => say(row, step(row, code))))}
  ${pick("resedation", t("Nouvelle sédation"), () => say(row, step(row, "observation_end", { choice: RESEDATION })))}
  ${pick("not-called", callWords(NOT_CALLED), () => say(row, step(row, "call_911", { choice: NOT_CALLED })))}
  ${pick("ems-gone", label("step", "ems_departure"), () => say(row, step(row, "ems_departure")))}
  ${FURTHER_MEASURES.map((measure) => pick(`typed-${measure}`, label("measure", measure), () => openPanel({ name: "typed", measure, typed: "" })))}</div>`);

// --- Where --------------------------------------------------------------------------------

// Whoever sits at the booth that is named is taken to be the person.
const seated = (booth) => roomNow().visits.find((visit) => visit.state === "in_booth" && visit.booth === booth)?.visit;

const settle = ({ row, event }, location, booth = null) => {
  const visit = booth && seated(booth);
  correct(row, event.opened.id, { location, booth, ...(visit && { visit, person: "client_visit" }) }, "lieu précisé");
  if (state.view.panel) closePanel();
};

export const places = (on) => {
  const { location, booth } = on.event.opened.data;
  const booths = (state.setup?.rooms ?? []).flatMap((room) => room.booths);
  return [
    ...booths.map((row) => pick(`booth-${row.label}`, t("Place {booth}", { booth: row.label }),
      () => settle(on, "booth", row.label), booth === row.label)),
    ...OTHER_PLACES.map((code) => pick(`place-${code}`, label("location", code), () => settle(on, code), !booth && location === code && (code !== PLACE_UNKNOWN || on.event.opened.corrected))),
  ];
};

const team = ({ row }) => {
  const code = row.responder ?? state.person?.code;
  return (state.setup?.staff ?? []).map((staff) => pick(`by-${staff.code}`, staff.name, () => setResponder(row, staff.code), staff.code === code));
};

const where = (on) => panelOf(t("Où? Qui répond?"), html`<div class="chips">${places(on)}</div>
  <h3>${t("Fait par")}</h3><div class="chips">${team(on)}</div>
  ${on.event.opened.data.visit ? html`<button class="btn slim" type="button" @click=${tap("nobody", () => {
    correct(on.row, on.event.opened.id, { visit: null, person: "unknown" }, "lieu précisé");
    closePanel();
  })}>${t("Ce n’est pas cette personne")}</button>` : null}`);

const PANELS = { measure: (on) => likely(on, on.panel.measure), typed: digits, awake, call, other, where, edit };

export const panel = (on) => (on.panel ? PANELS[on.panel.name](on) : null);
