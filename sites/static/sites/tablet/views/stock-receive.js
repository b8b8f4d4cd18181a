// A box comes in: what, its number, until when, how many. Own keys: no keyboard is needed.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { chip } from "../chips.js";
import { icon } from "../icon.js";
import { Refused } from "../rules.js";
import { go, state } from "../store.js";
import { receive, wordsOfLot } from "../stock.js";
import { t } from "../words.js";
import { problemBox } from "./problem.js";
import { digits, head, put } from "./stock-shared.js";

const SIGNS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-"];
const YEARS = 6;
const MOST = 40;

const months = () => {
  const name = new Intl.DateTimeFormat(state.language === "en" ? "en-CA" : "fr-CA", { month: "short", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, at) => [String(at + 1).padStart(2, "0"), name.format(Date.UTC(2026, at, 1))]);
};

const product = (view) => html`<fieldset class="choice" id="f-product"><legend>${t("Produit")}</legend><div class="chips">${state.setup.stocked.map((one) => chip({ words: wordsOfLot(one), on: view.product === one.code, tap: () => put({ product: one.code, problem: null }) }))}</div></fieldset>`;

const number = (view) => {
  const typed = view.lot_code ?? "";
  const set = (value) => put({ lot_code: value.slice(0, MOST), problem: null });
  return html`<p class="field" id="f-lot_code"><label for="lot-code">${t("Numéro de lot")}</label><input class="input" id="lot-code" inputmode="none" maxlength=${MOST} autocomplete="off" autocapitalize="characters" spellcheck="false" .value=${typed} @input=${(event) => set(event.target.value)}></p>
    <div class="keys">${SIGNS.map((sign) => html`<button class="key" type="button" @click=${() => set(typed + sign)}>${sign}</button>`)}<button class="key k2" type="button" @click=${() => set(typed.slice(0, -1))}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button></div>`;
};

const expiry = (view) => {
  const first = new Date(state.tick).getUTCFullYear();
  const years = Array.from({ length: YEARS }, (_, at) => String(first + at));
  return html`<fieldset class="choice" id="f-expiry"><legend>${t("Expiration")}</legend><div class="chips">${years.map((year) => chip({ words: year, on: view.year === year, tap: () => put({ year, problem: null }) }))}</div><div class="chips">${months().map(([code, words]) => chip({ words, on: view.month === code, tap: () => put({ month: code, problem: null }) }))}</div></fieldset>`;
};

const kindOf = (view) => state.setup.stocked.find((one) => one.code === view.product)?.kind;

const lacks = (view) => {
  if (!view.product) return { text: t("Choisir le produit."), field: "product" };
  if (kindOf(view) === "supply") return null;
  if (!view.lot_code?.trim()) return { text: t("Il manque le numéro de lot."), field: "lot_code" };
  return view.year && view.month ? null : { text: t("Il manque l’expiration."), field: "expiry" };
};

const write = (view) => async () => {
  if (view.sending) return;
  const problem = lacks(view) ?? (Number(view.quantity) > 0 ? null : { text: t("Il manque la quantité."), field: "quantity" });
  if (problem) {
    put({ problem });
    return;
  }
  try {
    view.sending = true;
    await receive({ product: view.product, lot_code: (view.lot_code ?? "").trim(), expiry: view.year && view.month ? `${view.year}-${view.month}` : "", quantity: Number(view.quantity) });
    go("stock");
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    view.sending = false;
    const [[field, text]] = Object.entries(refused.errors);
    put({ problem: { text, field } });
  }
};

export const stockReceive = (view) => ({
  title: t("Recevoir un lot"),
  titled: true,
  shape: "sheet counting",
  main: html`<section class="panel">${head(t("Recevoir un lot"), "stock")}${view.problem ? problemBox(view.problem, () => {}) : nothing}${product(view)}${number(view)}${expiry(view)}</section>
    <section class="panel padded" aria-label=${t("Quantité (unités)")}><p class="typed num" id="f-quantity" aria-live="polite">${view.quantity || "–"}</p><p class="facts">${t("Quantité (unités)")}</p>${digits(view.quantity ?? "", (quantity) => put({ quantity, problem: null }))}</section>`,
  dock: html`<button class="btn main now" type="button" @click=${write(view)}>${icon("check")}${t("Recevoir")}</button>`,
});
