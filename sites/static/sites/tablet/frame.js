// What surrounds every view: skip links, running overdoses, bar, dock with SURDOSE in its corner.
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icon.js";
import { lock } from "./session.js";
import { chooseLanguage, isNight, toggleNight } from "./settings.js";
import { go, state } from "./store.js";
import { notes } from "./views/notes.js";
import { alarmBand, badge } from "./views/badge.js";
import { practiceBand } from "./views/practice.js";
import { corner, runningBar } from "./views/surdose.js";
import { openToConfirm } from "./views/to-confirm.js";
import { clock, day, hour, initials, n, t } from "./words.js";

const skips = () => html`<nav aria-label=${t("Accès rapides")}><a class="skip" href="#contenu">${t("Aller au contenu")}</a>${state.device ? html`<a class="skip" href="#surdose">${t("Surdose")}</a>` : nothing}</nav>`;

const mark = html`<svg class="mark" viewBox="0 0 36 40" aria-hidden="true" focusable="false"><path class="door" d="M2 40V18a16 16 0 0 1 32 0v22z"></path><path class="light" d="M12 40V20a6 6 0 0 1 12 0v20z"></path></svg>`;

const until = () => {
  const closes = Date.parse(state.setup?.day?.closes ?? "");
  return closes > state.tick ? ` · ${t("jusqu’à {at}", { at: hour(closes) })}` : "";
};

const where = () => html`<div class="where">${mark}<p><strong>${state.device?.site.name ?? t("Consommation supervisée")}</strong>
  ${state.setup ? html`<span>${day(state.tick)}${until()}</span>` : nothing}</p></div>`;

const language = (code, name) => html`<button type="button" lang=${code} aria-current=${state.language === code ? "true" : nothing} @click=${() => chooseLanguage(code)}>${code.toUpperCase()}<span class="hidden-text"> ${name}</span></button>`;

const theme = () => html`<button class="round" type="button" aria-pressed=${String(isNight())} @click=${toggleNight}>${icon(isNight() ? "sun" : "moon")}<span class="hidden-text">${t("Thème de nuit")}</span></button>`;

const holder = ({ name, proven }) => html`<button class="who" type="button" @click=${lock}><span class="initials" aria-hidden="true">${initials(name)}</span><span class="name">${name}${proven ? nothing : html`<small>${t("à confirmer")}</small>`}</span>${icon("lock", true)}<span class="hidden-text">${t("Verrouiller ou changer de personne")}</span></button>`;

const bar = () => html`<header class="bar">${where()}
  ${badge()}
  ${state.setup ? html`<time class="clock num">${clock(state.tick)}</time>` : nothing}
  <div class="langs" role="group" aria-label=${t("Langue")}>${language("fr", "français")}${language("en", "English")}</div>
  ${theme()}${state.person ? holder(state.person) : nothing}</header>`;

// A quiet word after unlocking; « Plus » keeps it.
const toConfirm = () => (state.toConfirm
  ? html`<button class="btn plain hint-dock" type="button" @click=${openToConfirm}>${n("{count} saisie à confirmer", "{count} saisies à confirmer", state.toConfirm)}</button>` : nothing);

const plus = () => (state.person && state.view.name === "board"
  ? html`<button class="btn now" type="button" @click=${() => go("more")}>${icon("more")}${t("Plus")}</button>${toConfirm()}` : nothing);

// A view gives {title, main}, and if it wants: dock (its acts), beforeAlarm (words beside SURDOSE), shape (class
// of main), titled (main holds the h1). An overdose takes the `whole` screen.
export const frame = ({ title, main, dock = null, beforeAlarm = null, shape = "", titled = false, whole = null }) => html`
  ${skips()}<section aria-label=${t("En ce moment")}>${practiceBand()}${whole ? nothing : runningBar()}</section>
  ${whole ?? html`${bar()}${alarmBand()}
  <main id="contenu" class=${shape} tabindex="-1">${titled ? nothing : html`<h1 class="hidden-text" tabindex="-1">${title}</h1>`}${main}</main>
  ${notes()}
  <nav class="dock" aria-label=${t("Actions")}>${dock}${plus()}<span class="spring"></span>${beforeAlarm}${corner()}</nav>`}`;
