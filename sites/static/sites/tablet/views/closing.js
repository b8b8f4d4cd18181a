// Closing the overdose: four answers, now or later. The clock stays in sight, the steps one touch away.
import { html } from "../../vendor/lit-html/lit-html.js";
import {
  CALLED_THEN_CANCELLED, ENDPOINTS, NOT_ASSESSED, answersOf, asRecorded, firstCall, fromMeasures, lastMeasured, missing,
} from "../closing.js";
import { DEATHS, callsOf, mgOf, secondsTo, severity, stepsOf } from "../event.js";
import { icon } from "../icon.js";
import { answer, closeEvent, finishLater, foldOf, leaveRecorder } from "../overdose.js";
import { after, number, routeWords, unit } from "../overdose-words.js";
import { change, go, state } from "../store.js";
import { tap } from "../touch.js";
import { label, n, t } from "../words.js";
import { face, gone, what } from "./recorder.js";
import { corner, runningBar } from "./surdose.js";

const FIRST = {
  presentation: ["opioid_resp_depression", "stimulant_toxicity", "sedative_prolonged", "mixed"],
  outcome: ["recov", "recov_decl_ems", "ems_on_site", "transport", "left"],
};

const question = (name) => ({
  presentation: t("Ce que ça semblait être?"),
  endpoint_rr: t("Respire-t-elle?"),
  endpoint_spo2: t("SpO₂?"),
  endpoint_awake: t("S’éveille-t-elle?"),
  outcome: t("La suite?"),
  ems_called: t("911?"),
}[name]);

const update = (parts) => change({ view: { ...state.view, ...parts } });

const pick = (on, name, code, words) => {
  const chosen = on.answers[name] === code;
  return html`<button class="pick" type="button" aria-pressed=${String(chosen)} @click=${() => answer(on.row, { [name]: code })}>${chosen ? icon("check", true) : null}${words}</button>`;
};

const inForce = (list) => (state.setup?.codes?.[list] ?? []).map(({ code }) => code);

// The likely ones, then the rest behind « Autre… », open when one of them is the answer.
const picks = (on, name) => {
  const others = inForce(name).filter((code) => !FIRST[name].includes(code));
  const open = on.view.others === name || others.includes(on.answers[name]);
  return html`<div class="chips">${FIRST[name].map((code) => pick(on, name, code, label(name, code)))}
    ${open ? others.map((code) => pick(on, name, code, label(name, code)))
    : html`<button class="pick" type="button" aria-expanded="false" @click=${() => update({ others: name })}>${t("Autre…")}</button>`}</div>`;
};

const section = (on, name, title, body) => html`<fieldset id="q-${name}" tabindex="-1" class=${on.lacks.includes(name) ? "missing" : ""}><legend>${title}</legend>${body}</fieldset>`;

const need = (on, name) => (on.lacks.includes(name) ? html`<span class="need">${t("à répondre")}</span>` : null);

const stepper = (on, { name, measure, begin, high }) => {
  const title = label("measure", measure);
  const value = on.answers[name];
  const last = lastMeasured(on.event, measure);
  const from = last ? Math.round(Number(last.data.value)) : begin;
  const by = (step) => () => {
    const next = value && value !== NOT_ASSESSED ? Number(value) + step : from;
    answer(on.row, { [name]: String(Math.min(high, Math.max(0, next))) });
  };
  return html`<div class="endpoint ${on.lacks.includes(name) ? "missing" : ""}" id="q-${name}" tabindex="-1"><p class="k">${title}${need(on, name)}</p>
    <div class="stepper"><button class="sq" type="button" @click=${by(-1)}>${icon("minus", true)}<span class="hidden-text">${t("{what} : un de moins", { what: title })}</span></button>
    <span class="n num" role="status">${value && value !== NOT_ASSESSED ? value : "–"}<small> ${unit(measure)}</small></span>
    <button class="sq" type="button" @click=${by(1)}>${icon("plus", true)}<span class="hidden-text">${t("{what} : un de plus", { what: title })}</span></button>
    <button class="sq na" type="button" aria-pressed=${String(value === NOT_ASSESSED)} @click=${() => answer(on.row, { [name]: NOT_ASSESSED })}>${t("Non évalué")}<span class="hidden-text"> ${title}</span></button></div>
    ${last ? html`<p class="measured num">${t("Dernière mesure : {value} à {after}", { value: number(last.data.value), after: after(on.event, last.at) })}</p>` : null}</div>`;
};

const awake = (on) => html`<div class="endpoint ${on.lacks.includes("endpoint_awake") ? "missing" : ""}" id="q-endpoint_awake" tabindex="-1"><p class="k" id="awake-words">${t("Éveil")}${need(on, "endpoint_awake")}</p>
  <div class="stepper yesno" role="group" aria-labelledby="awake-words">${["yes", "no", NOT_ASSESSED].map((code) => html`<button class="sq ${code === NOT_ASSESSED ? "na" : ""}" type="button"
    aria-pressed=${String(on.answers.endpoint_awake === code)} @click=${() => answer(on.row, { endpoint_awake: code })}>${label("endpoint_awake", code)}</button>`)}</div></div>`;

const ends = (on) => {
  const told = fromMeasures(on.event);
  const again = Object.keys(told).length > 1;
  return html`<div class="endpoints">${ENDPOINTS.map((one) => stepper(on, one))}${awake(on)}</div>
    ${again ? html`<button class="btn slim" type="button" @click=${() => answer(on.row, told)}>${icon("undo", true)}${t("Comme aux dernières mesures")}</button>` : null}`;
};

const calls = (on) => {
  const first = firstCall(on.event);
  const words = [["yes", first ? t("Appelé à {after}", { after: after(on.event, first.at) }) : t("Appelé")],
    [CALLED_THEN_CANCELLED, t("Appelé, puis annulé")], ["no", t("Pas appelé")], ["unknown", label("ems_called", "unknown")]];
  return html`<div class="seg" role="group" aria-label="911">${words.map(([code, name]) => html`<button type="button"
    aria-pressed=${String(on.answers.ems_called === code)} @click=${() => answer(on.row, { ems_called: code })}>${name}</button>`)}</div>`;
};

const jump = (name) => html`<button class="jump" type="button" @click=${() => document.getElementById(`q-${name}`)?.focus()}>${question(name)}</button> `;

const lacking = (on) => (on.lacks.length ? html`<div class="error-box" role="alert" tabindex="-1" data-error-summary><b>${n("Il manque une réponse.", "Il manque des réponses.", on.lacks.length)}</b>
  ${on.lacks.map(jump)}${t("« Non évalué » est une réponse.")}</div>` : null);

// --- What is computed ---------------------------------------------------------------------

const spell = (seconds) => (seconds === null ? "–" : t("{m} min {s} s", { m: Math.floor(seconds / 60), s: String(seconds % 60).padStart(2, "0") }));

const routes = (event) => {
  const counts = new Map();
  for (const { data } of event.doses) counts.set(data.route, (counts.get(data.route) ?? 0) + 1);
  return [...counts].map(([route, count]) => `${count} ${routeWords(route)}`).join(", ") || "–";
};

const computed = ({ event }) => [
  [t("Oxygène après"), spell(secondsTo(event, stepsOf(event, "oxygen_start")))],
  [t("Naloxone après"), spell(secondsTo(event, event.doses))],
  [t("Doses"), event.doses.length ? t("{count} · {mg} mg", { count: event.doses.length, mg: number(mgOf(event)) }) : "0"],
  [t("Voies"), routes(event)],
  [t("911 après"), spell(secondsTo(event, callsOf(event)))],
  [t("Gravité"), t("{n} sur 6", { n: severity(event) })],
];

const back = () => go("recorder", { event: state.view.event, beneath: state.view.beneath });

const aside = (on) => html`<aside class="panel" aria-label=${t("Résumé")}><h2>${t("Calculé pour vous")}</h2>
  <table class="tbl num"><tbody>${computed(on).map(([words, figure]) => html`<tr><th scope="row">${words}</th><td class="n">${figure}</td></tr>`)}</tbody></table>
  <button class="btn" type="button" @click=${back}>${icon("pen", true)}${n("Revoir {count} étape", "Revoir les {count} étapes", on.event.told.length)}</button>
  <hr class="rule"><h2>${t("Pour l’équipe")}</h2><p class="hint">${t("Prendre un moment. La fiche peut attendre : elle reste dans « À revoir ».")}</p></aside>`;

// --- Closing ------------------------------------------------------------------------------

const close = (on, key = "close-event") => tap(key, () => {
  if (on.view.confirming && key === "close-event") return;
  if (missing(on.answers).length) {
    update({ tried: true });
    setTimeout(() => document.querySelector("[data-error-summary]")?.focus(), 0);
    return;
  }
  if (DEATHS.includes(on.answers.outcome) && !on.view.confirming) {
    update({ confirming: true });
    setTimeout(() => document.querySelector(".ask h2")?.focus(), 0);
    return;
  }
  closeEvent(on.row, asRecorded(on.row.event, on.answers));
  leaveRecorder();
});

const confirmDeath = (on, hours = state.setup?.site.death_notice_hours) => html`<section class="ask death" role="alertdialog" aria-label=${t("Confirmer le décès")}>
  <h2 tabindex="-1">${t("Noter un décès?")}</h2>
  <p>${t("La ou le gestionnaire du site en sera avisé aussitôt. Prendre le temps qu’il faut.")}</p>
  ${hours ? html`<p>${n("Le délai pour le déclarer aux autorités commence : {count} heure.", "Le délai pour le déclarer aux autorités commence : {count} heures.", hours)}</p>` : null}
  <div class="lineup"><button class="btn main" type="button" @click=${close(on, "death")}>${icon("check")}${t("Oui, noter le décès")}</button>
  <button class="btn" type="button" @click=${() => update({ confirming: false })}>${icon("back")}${t("Revenir aux réponses")}</button></div></section>`;

export const closing = (view) => {
  const row = state.events.get(view.event);
  const event = row && foldOf(row);
  if (!event) return gone();
  const answers = answersOf(event, row.answers);
  const on = { row, event, view, answers, lacks: view.tried ? missing(answers) : [] };
  return {
    title: t("Terminer l’intervention"),
    whole: html`<div class="screen">${runningBar(row.event)}<header class="rec-head slim ${row.past ? "past" : ""}">${what(row, event, t("TERMINER"))}${face(event)}
      <div class="side"><button class="btn slim on-red" type="button" @click=${back}>${icon("back", true)}${t("Retour aux gestes")}</button></div></header>
      <main id="contenu" class="closing" tabindex="-1"><section class="panel" aria-label=${t("Quatre réponses")} ?inert=${Boolean(view.confirming)}>${lacking(on)}
      ${section(on, "presentation", t("1. Ce que ça semblait être"), picks(on, "presentation"))}
      <fieldset><legend>${t("2. À la fin")}</legend>${ends(on)}</fieldset>
      ${section(on, "outcome", t("3. La suite"), picks(on, "outcome"))}
      ${section(on, "ems_called", t("4. 911"), calls(on))}</section>${aside(on)}${view.confirming ? confirmDeath(on) : null}</main>
      <nav class="dock" aria-label=${t("Actions")}><button class="btn main now" type="button" @click=${close(on)}>${icon("check")}${t("Fermer l’intervention")}</button>
      <button class="btn now" type="button" @click=${tap("later", () => { finishLater(row); leaveRecorder(); })}>${icon("clock")}<span>${t("Finir plus tard")}</span></button>
      <span class="spring"></span>${corner()}</nav></div>`,
  };
};
