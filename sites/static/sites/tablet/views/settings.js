// How this tablet looks and speaks; what it is and where.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { THEMES, chooseLanguage, set, settings } from "../settings.js";
import { go, state } from "../store.js";
import { t } from "../words.js";

const THEME_WORDS = { light: () => t("Clair"), dark: () => t("Nuit"), auto: () => t("Selon l’heure") };
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

const choice = (words, on, does) => html`<button class="pick" type="button" aria-pressed=${String(on)} @click=${does}>${on ? icon("check", true) : null}${words}</button>`;

const hourWords = (hour) => (state.language === "en" ? `${hour}:00` : `${hour} h`);

const hours = (name, words) => html`<label class="field">${words}<select class="wide-input" @change=${(event) => set({ [name]: Number(event.target.value) })}>
  ${HOURS.map((hour) => html`<option value=${hour} ?selected=${settings()[name] === hour}>${hourWords(hour)}</option>`)}</select></label>`;

const theme = () => html`<section class="panel"><h2 id="h-theme">${t("Thème")}</h2>
  <div class="chips" role="group" aria-labelledby="h-theme">${THEMES.map((one) => choice(THEME_WORDS[one](), settings().theme === one, () => set({ theme: one })))}</div>
  ${settings().theme === "auto" ? html`<div class="pair-of-fields">${hours("from", t("Nuit à partir de"))}${hours("until", t("jusqu’à"))}</div>` : null}</section>`;

const language = () => html`<section class="panel"><h2 id="h-language">${t("Langue")}</h2>
  <div class="chips" role="group" aria-labelledby="h-language">${choice("Français", state.language === "fr", () => chooseLanguage("fr"))}${choice("English", state.language === "en", () => chooseLanguage("en"))}</div>
  <p class="hint">${state.person ? t("Pour vous, sur cette tablette.") : t("Pour qui n’a pas choisi la sienne.")}</p></section>`;

const hand = () => html`<section class="panel"><h2 id="h-hand">${t("Main")}</h2>
  <div class="chips" role="group" aria-labelledby="h-hand">${choice(t("SURDOSE à droite"), !settings().mirrored, () => set({ mirrored: false }))}${choice(t("SURDOSE à gauche"), settings().mirrored, () => set({ mirrored: true }))}</div></section>`;

const about = () => html`<section class="panel"><h2>${t("Cette tablette")}</h2>
  <p>${state.device.site.name} · ${state.setup?.device.label ?? state.device.label}</p>
  <p class="hint">${t("Se verrouille seule après {n} minutes.", { n: state.setup?.device.idle_minutes ?? state.device.idle_minutes })}</p></section>`;

export const settingsView = () => ({
  title: t("Réglages de la tablette"),
  titled: true,
  shape: "page settings",
  main: html`<h1 class="hello" tabindex="-1">${t("Réglages de la tablette")}</h1>${theme()}${language()}${hand()}${about()}`,
  dock: html`<button class="btn now" type="button" @click=${() => go("board")}>${icon("back")}${t("Revenir")}</button>`,
});
