// The shelves: each lot, and what happened to some of its units.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { chip } from "../chips.js";
import { icon } from "../icon.js";
import { go } from "../store.js";
import { shelf, withdraw } from "../stock.js";
import { n, t } from "../words.js";
import { head, lotName, put, stepper } from "./stock-shared.js";

const WHAT = { wasted: () => t("Perdu ou gaspillé"), misfire: () => t("Raté"), expired: () => t("Expiré, retiré"), returned: () => t("Rapporté"), recalled: () => t("Rappelé, retiré") };

const write = (row, view) => async () => {
  if (view.sending) return;
  view.sending = true;
  await withdraw(row, view.what, view.count ?? 1);
  go("stock");
};

const lot = (row) => html`<li><button class="btn now" type="button" @click=${() => put({ lot: row.lot, what: row.expired ? "expired" : "", count: row.expired ? Math.max(1, row.units) : 1 })}><span>${lotName(row)}</span><span class="num">${row.units}</span></button></li>`;

const chosen = (row, view) => html`<section class="panel">${head(t("Retirer ou rapporter"), "stock")}<p class="lot-name">${lotName(row)}</p>
  <p class="facts num">${n("{count} en main", "{count} en main", row.units)}</p>
  <fieldset class="choice"><legend>${t("Mouvement")}</legend><div class="chips">${Object.entries(WHAT).map(([what, words]) => chip({ words: words(), on: view.what === what, tap: () => put({ what }) }))}</div></fieldset>
  ${stepper({ legend: t("Combien?"), value: view.count ?? 1, least: 1, set: (count) => put({ count }) })}</section>`;

export const stock = (view) => {
  const row = view.lot && shelf().find((one) => one.lot === view.lot);
  return {
    title: t("Stock"),
    titled: true,
    shape: "page shelves",
    main: row ? chosen(row, view) : html`<section class="panel">${head(t("Stock"), "more")}
      ${shelf().length ? html`<ul class="lots">${shelf().map(lot)}</ul>` : html`<p>${t("Aucun lot connu de cette tablette.")}</p>`}</section>`,
    dock: row
      ? view.what ? html`<button class="btn main now" type="button" @click=${write(row, view)}>${icon("check")}${t("Noter")}</button>` : nothing
      : html`<button class="btn main now" type="button" @click=${() => go("stockReceive")}>${icon("plus")}${t("Recevoir un lot")}</button><button class="btn now" type="button" @click=${() => go("stockCount")}>${icon("check")}${t("Compter le stock")}</button>`,
  };
};
