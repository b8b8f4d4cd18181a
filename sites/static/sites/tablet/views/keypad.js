// Our own keypad for the handle: no system keyboard, nothing remembered, masked after ten seconds.
import { html } from "../../vendor/lit-html/lit-html.js";
import { live } from "../../vendor/lit-html/directives/live.js";
import { isMasked, put, type } from "../arrival.js";
import { icon } from "../icon.js";
import { t } from "../words.js";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const DIGITS = [..."1234567890"];

const key = (view, sign) => html`<button class="key" type="button" @click=${() => type((view.handle ?? "") + sign)}>${sign}</button>`;

export const handleField = (view) => {
  const masked = isMasked(view);
  return html`<div class="handle" id="f-handle"><label class="hidden-text" for="handle">${t("Pseudonyme")}</label><input id="handle" class=${masked ? "masked" : ""} inputmode="none" maxlength="60" autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" placeholder=${t("Pseudonyme")} .value=${live(view.handle ?? "")} @input=${(event) => type(event.target.value)}><button class="round" type="button" aria-pressed=${String(masked)} @click=${() => put({ typedAt: masked ? Date.now() : 0 })}>${icon("eye")}<span class="hidden-text">${t("Masquer")}</span></button></div>`;
};

export const keypad = (view) => html`<div class="keys">${LETTERS.map((sign) => key(view, sign))}<button class="key k2" type="button" @click=${() => type((view.handle ?? "").slice(0, -1))}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button>${DIGITS.map((sign) => key(view, sign))}<button class="key k4" type="button" @click=${() => type(`${view.handle ?? ""} `)}>${t("Espace")}</button></div>`;
