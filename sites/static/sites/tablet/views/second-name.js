// The second signature under a substance left behind: another person's name and six digits.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { arrows, chip } from "../chips.js";
import { icon } from "../icon.js";
import { signSecond } from "../logbook.js";
import { DIGITS } from "../pinpad.js";
import { change, go, state } from "../store.js";
import { n, t } from "../words.js";

const put = (parts) => { Object.assign(state.view, parts); change(); };

const others = () => (state.setup?.staff ?? []).filter((one) => one.code !== state.person?.code && one.may.includes("record_visits"));

const press = (view, digit) => async () => {
  const pin = `${view.pin ?? ""}${digit}`.slice(0, DIGITS);
  put({ pin });
  if (pin.length < DIGITS || view.signing) return;
  view.signing = true;
  await signSecond(view, pin);
  go("board");
};

const keys = (view) => html`<p class="dots" role="img" aria-label=${n("{count} chiffre sur {all}", "{count} chiffres sur {all}", (view.pin ?? "").length, { all: DIGITS })}>${Array.from({ length: DIGITS }, (_, at) => html`<i class=${at < (view.pin ?? "").length ? "in" : ""}></i>`)}</p>
  <div class="pinkeys">${[..."123456789"].map((digit) => html`<button class="key" type="button" @click=${press(view, digit)}>${digit}</button>`)}
  <button class="key word" type="button" @click=${() => put({ pin: "" })}>${t("Vider")}</button><button class="key" type="button" @click=${press(view, "0")}>0</button>
  <button class="key" type="button" @click=${() => put({ pin: (view.pin ?? "").slice(0, -1) })}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button></div>`;

export const secondName = (view) => ({
  title: t("Seconde signature"),
  titled: true,
  shape: "door",
  main: html`<section class="panel broad logbook"><h1 class="step-title" tabindex="-1">${t("Seconde signature")}</h1>
    <p>${t("Une autre personne a vu la substance : elle touche son nom et écrit ses six chiffres.")}</p>
    <fieldset class="choice" @keydown=${arrows}><legend>${t("Qui signe avec vous?")}</legend><div class="chips">${others().map((one) => chip({ words: one.name, on: view.who === one.code, tap: () => put({ who: one.code, pin: "" }) }))}</div></fieldset>
    ${view.who ? keys(view) : nothing}
    <p class="hint">${t("Plus tard aussi : au poste, dans le carnet, avec son propre mot de passe.")}</p></section>`,
  dock: html`<button class="btn now" type="button" @click=${() => go("board")}>${icon("clock")}${t("Signer plus tard")}</button>`,
});
