// The overdose recorder: red frame, the clock from the touch, the gestures in the order of care.
import { html } from "../../vendor/lit-html/lit-html.js";
import { PLACE_UNKNOWN } from "../event.js";
import { foldOf, leaveRecorder, setMoment } from "../overdose.js";
import { capital, elapsed, lineOf, placeWords, spoken } from "../overdose-words.js";
import { icon } from "../icon.js";
import { change, go, state } from "../store.js";
import { tap } from "../touch.js";
import { clock, n, t } from "../words.js";
import { doses } from "./recorder/doses.js";
import { log } from "./recorder/log.js";
import { openPanel } from "./recorder/panel.js";
import { panel, places } from "./recorder/panels.js";
import { said } from "./recorder/said.js";
import { steps } from "./recorder/steps.js";
import { mark, markOf, switcher } from "./surdose.js";

const MOMENTS_MIN = [180, 120, 90, 60, 45, 30, 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1];
const MINUTE_MS = 60_000;

// Who it is, when the room says so to whoever holds the tablet.
const guest = (visit) => {
  const known = state.person && state.base?.visits.find((one) => one.visit === visit);
  return known?.word ? ` · ${known.word} ${known.number}` : "";
};

export const face = (event) => {
  const until = event.ended || event.closed ? Math.max(...event.told.map((record) => record.at)) : Date.now();
  const seconds = Math.max(0, until - event.opened.at) / 1000;
  return html`<time role="timer" class="clockface num" datetime="PT${Math.floor(seconds)}S" aria-label=${t("{time} depuis le début", { time: spoken(seconds) })}>${elapsed(seconds)}</time>`;
};

export const what = (row, event, title) => {
  return html`<div class="what">${markOf(row.event) ? mark(markOf(row.event)) : icon(row.past ? "clock" : "octagon")}<div><h1 tabindex="-1">${title}</h1>
    <p>${capital(placeWords(event.opened))}${guest(event.opened.data.visit)}<br>${t("début {at}", { at: clock(event.opened.at) })}</p></div></div>`;
};

const team = ({ tablets = 0 }) => (tablets > 1 ? html`<p class="team">${icon("users", true)} ${n("{count} tablette", "{count} tablettes", tablets)}</p>` : null);

const head = ({ row, event, panel: open }) => html`<header class="rec-head" ?inert=${Boolean(open)}>${what(row, event, row.past ? t("SURDOSE DÉJÀ FINIE") : t("SURDOSE"))}${face(event)}
  <div class="side">${team(row)}${event.opened.id ? html`<button class="btn slim on-red" type="button" data-key="where" @click=${tap("where", () => openPanel({ name: "where" }, "where"))}>${t("Changer le lieu")}</button>` : null}
  <button class="btn slim on-red" type="button" @click=${tap("leave", leaveRecorder)}>${t("Réduire")}</button></div></header>`;

const kept = () => (state.unsent.count ? html`<span class="sync kept">${icon("kept")}<span><b class="num">${state.unsent.count}</b> ${n("à envoyer, gardé sur la tablette", "à envoyer, gardés sur la tablette", state.unsent.count)}</span></span>` : null);

const foot = (row) => html`<footer class="rec-foot">
  <button class="btn" type="button" @click=${tap("close", () => go("closing", { event: row.event, beneath: state.view.beneath }))}>${icon("check")}${t("Terminer l’intervention…")}</button>
  <button class="btn plain" type="button" @click=${tap("false", () => change({ view: { ...state.view, name: "falseAlarm" } }))}>${t("Fausse alerte…")}</button>
  <span class="spring"></span>${kept()}</footer>`;

// Of an event that is over, the moment of what is tapped next.
const moments = ({ row, event, panel: open }) => html`<div class="where-first" ?inert=${Boolean(open)}><b>${t("Quand?")}</b><div class="chips">${MOMENTS_MIN.filter((ago) => ago <= (Date.now() - event.opened.at) / MINUTE_MS).map((ago) => html`<button class="pick" type="button"
  aria-pressed=${String(row.past.ago === ago)} @click=${() => setMoment(row, ago)}>${t("il y a {n} min", { n: ago })}</button>`)}</div></div>`;

const whereFirst = (on) => {
  const { opened } = on.event;
  if (!opened.id || opened.corrected || opened.data.location !== PLACE_UNKNOWN) return null;
  return html`<div class="where-first" ?inert=${Boolean(on.panel)}><b>${t("Où?")}</b><div class="chips">${places(on)}</div></div>`;
};

export const recorder = (view) => {
  const row = state.events.get(view.event);
  const event = row && foldOf(row);
  if (!event) return gone();
  if (event.closed) return closed(row, event);
  const on = { row, event, panel: view.panel ?? null };
  return {
    title: t("Surdose en cours · {place}", { place: placeWords(event.opened) }),
    whole: html`<div class="screen recorder ${row.past ? "past" : ""}">${head(on)}${switcher(row.event)}
      <main id="contenu" class="rec-body" tabindex="-1">${doses(on)}
      <div class="rec-mid">${row.past ? moments(on) : whereFirst(on)}${steps(on)}${panel(on)}</div>${log(on)}</main>
      ${said()}${foot(row)}</div>`,
  };
};

// Another tablet closed it, or this one did and something brought it back.
const closed = (row, event) => ({
  title: t("Surdose terminée"),
  main: html`<div class="door"><section class="panel broad"><h2 class="hello">${t("Intervention fermée à {at}", { at: clock(event.closed.at) })}</h2>
    <p>${capital(placeWords(event.opened))} · ${lineOf(event, event.closed).small}</p>
    <button class="btn main" type="button" @click=${leaveRecorder}>${icon("back")}${t("Retour")}</button></section></div>`,
});

// Taken back, or closed and sent by another tablet.
export const gone = () => ({
  title: t("Surdose terminée"),
  main: html`<div class="door"><section class="panel"><h2 class="hello">${t("Cette surdose n’est plus en cours.")}</h2>
    <button class="btn main" type="button" @click=${leaveRecorder}>${icon("back")}${t("Retour")}</button></section></div>`,
});
