// The room at a glance: who waits, who is where since when, who rests.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { floorNow } from "../live.js";
import { may } from "../may.js";
import { change, go, state } from "../store.js";
import { seat } from "../visits.js";
import { clock, n, t } from "../words.js";
import { clashCards } from "./clash.js";
import { leftCards, restingCards, waitingCards } from "./people.js";
import { tiles } from "./tiles.js";

const ACROSS = 4;
const MOST_ROWS = 6;
const STOCK_WIDTH = 2;
const STALE_MS = 15_000;

const openVisit = (visit) => go("visit", { visit: visit.visit });

// A free place goes to who it is proposed to, else to who comes in.
const openPlace = (place) => {
  if (place.state === "out") return;
  const visit = place.visit ?? place.to;
  if (visit) openVisit(visit);
  else if (!place.event) go("arrival", { booth: place.label });
};

const stale = () => {
  const old = state.base && !(state.tick - state.base.at < STALE_MS);
  if (!state.boardAway && !old) return nothing;
  const at = state.base?.at;
  return html`<p class="stale">${icon("cloudoff")}<span><b>${t("Hors ligne.")}</b> ${at
    ? t("Tableau de {at}, il y a {n} min.", { at: clock(at), n: Math.floor((state.tick - at) / 60_000) })
    : t("Aucun tableau encore.")} ${t("Tout ce que vous notez est gardé et partira tout seul.")}</span></p>`;
};

const level = ({ low, within }) => {
  if (low) return html`${icon("minus", true)}${t("bas")}`;
  return within ? html`${icon("clock", true)}${t("exp. {n} j", { n: within })}` : html`${icon("check", true)}${t("ok")}`;
};

const stockLine = (one) => html`<p class="stock"><b>${one.units}</b> ${one.name}<span class="level ${one.low || one.within ? "low" : ""}">${level(one)}</span></p>`;

const ready = (stock) => (stock.length
  ? html`<section class="ready"><h3>${t("Prêt pour l’urgence")}${state.boardAway && state.base?.at ? html`<span>${t("vers {at}", { at: clock(state.base.at) })}</span>` : nothing}</h3><div class="stocks num">${stock.map(stockLine)}</div></section>`
  : nothing);

const roomWords = ({ taken, free, airing }) => [
  n("{count} occupée", "{count} occupées", taken),
  n("{count} libre", "{count} libres", free),
  ...(airing ? [t("{n} en aération", { n: airing })] : []),
].join(" · ");

const section = (one, last, stock) => {
  const cells = one.places.length + (last && stock.length ? STOCK_WIDTH : 0);
  const rows = Math.min(Math.ceil(cells / ACROSS), MOST_ROWS);
  const name = (state.language === "en" && one.room.name_en) || one.room.name_fr;
  return html`<h2>${name}<span class="n num">${roomWords(one)}</span></h2><div class="booths rows-${rows}">${tiles(one.places, may("record_visits") ? openPlace : null)}${last ? ready(stock) : nothing}</div>`;
};

// What circulates: read at once, then one line for whoever has read it, until its last day.
const read = (warning) => `${state.person?.code ?? ""} ${warning.id}`;

const warningLine = (warning) => {
  const folded = state.warningsRead.has(read(warning));
  const text = (state.language === "en" && warning.text_en) || warning.text_fr;
  const fold = () => change({ warningsRead: new Set(state.warningsRead).add(read(warning)) });
  return html`<div class="warn ${folded ? "read" : ""}">${icon("flag")}<p class="msg"><b>${t("Alerte d’approvisionnement")}</b> ${text}</p>${folded ? nothing : html`<button class="btn slim" type="button" @click=${fold}>${t("Lu")}</button>`}</div>`;
};

const warnings = () => (state.base?.warnings ?? []).map(warningLine);

const main = (floor) => {
  const stock = state.base?.stock ?? [];
  const acts = may("record_visits") ? { open: openVisit, seat } : {};
  return html`<div class="notices">${stale()}${warnings()}${may("record_visits") ? clashCards() : nothing}</div>
    <div class="columns" data-live>
      <section class="col" aria-labelledby="h-wait"><h2 id="h-wait">${t("En attente")}<span class="n num">${floor.waiting.length}</span></h2><ol>${waitingCards(floor.waiting, acts)}</ol>${floor.empty ? html`<p class="quiet">${t("Personne en salle.")}</p>` : nothing}</section>
      <section class="rooms" aria-label=${t("Salles")}>${floor.sections.map((one, at) => section(one, at === floor.sections.length - 1, stock))}</section>
      <section class="col" aria-labelledby="h-rest"><h2 id="h-rest">${t("Aire de repos")}<span class="n num">${floor.aftercare.length}</span></h2><ul>${restingCards(floor.aftercare, acts)}</ul>${floor.left.length ? html`<h3>${t("Partis récemment")}</h3>` : nothing}<ul>${leftCards(floor.left, acts)}</ul></section>
    </div>
    <p class="hidden-text" role="status">${state.spoken}</p>`;
};

const dock = () => (may("record_visits")
  ? html`<button class="btn main now" type="button" @click=${() => go("arrival")}>${icon("plus")}${t("Accueillir")}</button>
    <button class="btn now" type="button" @click=${() => go("exchange")}>${icon("swap")}${t("Échange")}</button>
    <button class="btn now" type="button" @click=${() => go("turnAway")}>${icon("stop")}<span>${t("Refus")}<br>${t("à l’entrée")}</span></button>`
  : nothing);

export const board = () => ({ title: t("Tableau de la salle"), shape: "board", main: main(floorNow()), dock: dock() });
