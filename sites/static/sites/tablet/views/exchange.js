// Needle exchange: usual baskets, a tile an item, what comes back. A usual basket is three taps from the board.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { basketName, contents, partsOf, pieces, put, rowsOf, step, toGive, totals, usual, write } from "../counter.js";
import { icon } from "../icon.js";
import { go, state } from "../store.js";
import { touchedAt } from "../touch.js";
import { n, t } from "../words.js";
import { problemBox } from "./problem.js";
import { comingBack, forWhom, goingOut, naloxone, tray } from "./tray.js";

const AT = "counter";

const basket = (one) => html`<button class="basket" type="button" @click=${() => step("baskets", one.key, 1)}><b>${basketName(one)}</b><span>${contents(one.lines)}</span></button>`;

export const tile = (value, count, tap, none = "+1") => {
  const [name, detail] = partsOf(value);
  const left = state.setup?.counter?.left?.[value.code];
  const hint = left === undefined ? detail : html`<span class="warnmark">${left > 0 ? t("reste {n}", { n: left }) : t("à recompter")}</span>`;
  return html`<button class="item ${count ? "has" : ""}" type="button" @click=${tap}><span><b>${name}</b><small>${hint}</small></span><span class="q num">${count || none}</span></button>`;
};

const tiles = (view) => {
  const sum = totals(view);
  const shown = toGive().filter((value) => value.common !== Boolean(view.rest));
  return html`<div class="items">${shown.map((value) => tile(value, sum[value.code], () => step("items", value.code, 1)))}</div>`;
};

const others = (view) => html`<button class="btn slim" type="button" aria-pressed=${String(Boolean(view.rest))} @click=${() => put({ rest: !view.rest })}>${view.rest ? t("Articles courants") : t("Autres articles")}</button>`;

const inside = (view) => html`<h2>${t("Panier")}</h2>${goingOut(view)}<hr class="rule">${comingBack(view, t("Rapportées"))}${forWhom(view)}<hr class="rule">${naloxone()}`;

const send = (view) => {
  const about = { location_kind: AT, visit: view.visit };
  return write(rowsOf(view, { out: { ...about, for_whom: view.for_whom ?? "self" }, back: about }), touchedAt());
};

const main = (view) => {
  const count = pieces(view);
  if (count) return n("Remettre {count} article", "Remettre {count} articles", count);
  return rowsOf(view, {}).length ? t("Noter le retour") : t("Remettre");
};

const emptied = { baskets: {}, items: {}, kits: {}, back: {}, pad: null };

export const exchange = (view) => ({
  title: t("Échange de seringues"),
  titled: true,
  shape: "counter",
  main: html`<section class="give">
    <div class="lineup"><button class="round" type="button" @click=${() => go("board")}>${icon("back")}<span class="hidden-text">${t("Retour au tableau")}</span></button><h1 class="step-title" tabindex="-1">${t("Échange de seringues")}</h1>${others(view)}</div>
    ${problemBox(view.problem)}
    ${usual().length ? html`<div class="baskets" role="group" aria-label=${t("Paniers habituels")}>${usual().map(basket)}</div>` : nothing}
    ${tiles(view)}</section>${tray(view, inside(view))}
    <p class="hidden-text" role="status">${state.spoken}</p>`,
  dock: html`<button class="btn main now" type="button" @click=${() => send(view)}>${icon("bag")}${main(view)}</button>
    <button class="btn now" type="button" @click=${() => put(emptied)}>${t("Vider")}</button>
    <button class="btn now" type="button" @click=${() => go("round", { what: "round" })}>${icon("users")}<span>${t("Tournée ou")}<br>${t("partenaire")}</span></button>`,
});
