// Parts that the sheets of the stock share.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { change, go, state } from "../store.js";
import { wordsOfLot } from "../stock.js";
import { t } from "../words.js";

export const put = (parts) => { Object.assign(state.view, parts); change(); };

export const head = (words, back) => html`<div class="lineup head"><button class="round" type="button" @click=${() => go(back)}>${icon("back")}<span class="hidden-text">${t("Revenir")}</span></button><h1 class="step-title" tabindex="-1">${words}</h1></div>`;

// set(value): what minus and plus do; never under `least`.
export const stepper = ({ legend, value, least = 0, set }) => html`<fieldset class="choice"><legend>${legend}</legend><div class="stepper"><button class="sq" type="button" aria-label=${t("{what} : un de moins", { what: legend })} @click=${() => set(Math.max(least, value - 1))}>${icon("minus")}</button><output class="n num" aria-live="polite">${value}</output><button class="sq" type="button" aria-label=${t("{what} : un de plus", { what: legend })} @click=${() => set(value + 1)}>${icon("plus")}</button></div></fieldset>`;

const STOCKS = { clinical: () => t("usage clinique"), take_home: () => t("à emporter") };

export const lotFacts = (row) => [row.code ? t("lot {code}", { code: row.code }) : "", row.expiry ? t("expire le {day}", { day: row.expiry }) : "", STOCKS[row.stock]()].filter(Boolean).join(" · ");

export const lotName = (row) => html`<b>${wordsOfLot(row)}</b><small>${lotFacts(row)}${row.expired ? html` · <strong>${t("expiré")}</strong>` : ""}</small>`;

// Own digits: a shared tablet has no keyboard, and the system's would cover the sheet.
export const digits = (typed, set) => {
  const press = (sign) => set(`${typed}${sign}`.replace(/^0+(?=\d)/, "").slice(0, 5));
  const key = (sign) => html`<button class="key" type="button" @click=${() => press(sign)}>${sign}</button>`;
  return html`<div class="pinkeys">${[..."123456789"].map(key)}<button class="key word" type="button" @click=${() => set("")}>${t("Vider")}</button>${key("0")}<button class="key" type="button" @click=${() => set(typed.slice(0, -1))}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button></div>`;
};
