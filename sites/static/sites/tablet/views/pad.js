// The pad of six digits: dots, own keys, what went wrong, the way out when it is forgotten.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { DIGITS, askFor, asked, clear, erase, goOnAnyway, press } from "../pinpad.js";
import { state } from "../store.js";
import { n, t } from "../words.js";

const KEYS = [..."123456789"];

const count = (pin) => n("{count} chiffre sur {all}", "{count} chiffres sur {all}", pin.length, { all: DIGITS });

const dots = (pin) => html`<p class="dots" role="img" aria-label=${count(pin)}>${Array.from({ length: DIGITS }, (_, at) => html`<i class=${at < pin.length ? "in" : ""}></i>`)}</p>`;

const digit = (value) => html`<button class="key" type="button" @click=${() => press(value)}>${value}</button>`;

const keys = () => html`<div class="pinkeys">${KEYS.map(digit)}
  <button class="key word" type="button" @click=${clear}>${t("Vider")}</button>${digit("0")}
  <button class="key" type="button" @click=${erase}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button></div>`;

const leads = () => state.setup.staff.filter((one) => one.may.includes("review") && one.pin && one.code !== state.view.who);

const whichLead = () => html`<div class="helpers">${leads().map((lead) => html`<button class="btn" type="button" @click=${() => askFor("leadPin", { lead: lead.code })}>${lead.name}</button>`)}
  <p class="hint">${t("Ou se connecter au poste, avec son mot de passe : « Mon code de tablette ».")}</p></div>`;

const helped = () => html`<div class="helpers"><button class="btn main" type="button" @click=${() => askFor("pin")}>${t("Écrire son code")}</button>
  <button class="btn" type="button" @click=${() => askFor("fresh")}>${t("Choisir un autre code")}</button></div>`;

const away = () => html`<div class="helpers"><p>${icon("cloudoff", true)} ${t("Hors ligne : ce code sera vérifié à l’envoi.")}</p>
  <button class="btn main" type="button" @click=${goOnAnyway}>${t("Continuer, à confirmer")}</button></div>`;

// What one may do when the digits are not known.
const ways = ({ ask, who, paused }) => {
  const known = state.setup.staff.find((one) => one.code === who)?.pin;
  if (ask === "pin" && !paused) return html`<div class="ways"><button class="btn slim plain" type="button" @click=${() => askFor("lead")}>${t("Code oublié")}</button>${known ? nothing : html`<button class="btn slim plain" type="button" @click=${() => askFor("once")}>${t("Premier code")}</button>`}</div>`;
  if (ask === "pin") return html`<button class="btn" type="button" @click=${() => askFor("lead")}>${t("Faire débloquer")}</button>`;
  return html`<button class="btn slim plain" type="button" @click=${() => askFor("pin")}>${t("Revenir")}</button>`;
};

const body = (view) => {
  if (view.ask === "lead") return whichLead();
  if (view.ask === "helped") return helped();
  if (view.away) return away();
  return keys();
};

export const pad = (view) => {
  if (!view.who) return html`<section class="pad idle"><p class="quiet">${t("Toucher son nom, puis écrire ses six chiffres.")}</p></section>`;
  const typing = !["lead", "helped"].includes(view.ask);
  return html`<section class="pad" aria-label=${asked(view)}><h2 class="step-title">${asked(view)}</h2>
    ${typing ? html`${dots(view.pin)}<p class="hidden-text" role="status">${view.pin ? count(view.pin) : ""}</p>` : nothing}
    <p class="problem" role="alert">${view.problem}</p>
    ${body(view)}${ways(view)}</section>`;
};
