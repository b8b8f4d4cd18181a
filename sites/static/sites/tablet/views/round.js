// What is written after the fact and in bulk: a round, a partner, a pick-up in the neighbourhood, each with its day.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { chip, codeChips, offered } from "../chips.js";
import { backLines, partsOf, pieces, put, rowsOf, toGive, totals, write } from "../counter.js";
import { icon } from "../icon.js";
import { atClock } from "../local-time.js";
import { change, go, state } from "../store.js";
import { touchedAt } from "../touch.js";
import { n, t } from "../words.js";
import { tile } from "./exchange.js";
import { problemBox } from "./problem.js";
import { comingBack, goingOut, tray } from "./tray.js";

const DAY_MS = 86_400_000;
const NOT_A_ROUND = new Set(["counter", "room", "partner"]);
const WHATS = () => [["round", t("Tournée")], ["partner", t("Partenaire")], ["pickup", t("Ramassage")]];

// --- Which day -----------------------------------------------------------------------------------

// The service day that runs, by the site's own clock and cut-over: days since 1970.
const today = () => {
  const cutover = atClock(state.setup.site.cutover.replace(":", " h "), state.tick - DAY_MS / 2);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: state.setup.site.zone }).format(cutover);
  return Math.floor(Date.parse(day) / DAY_MS);
};

const iso = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);

// The same hour, so many service days ago.
const when = (view) => touchedAt() - (view.ago ?? 0) * DAY_MS;

const pickDay = (event) => {
  const ago = today() - Math.floor(Date.parse(event.target.value) / DAY_MS);
  if (ago >= 0) put({ ago });
  else { event.target.value = iso(today() - (state.view.ago ?? 0)); change(); }
};

const DAYS = () => [t("Aujourd’hui"), t("Hier"), t("Avant-hier")];

const days = (view) => {
  const ago = view.ago ?? 0;
  return html`<fieldset class="choice" id="f-day"><legend>${t("Quel jour?")}</legend><div class="chips">${DAYS().map((words, at) => chip({ words, on: ago === at, tap: () => put({ ago: at }) }))}
    <label class="another">${t("Autre jour")}<input class="input num" type="date" .value=${iso(today() - ago)} max=${iso(today())} @change=${pickDay}></label></div></fieldset>`;
};

// --- Where, to whom ------------------------------------------------------------------------------

const one = (view, list, legend, values) => html`<fieldset class="choice" id="f-${list}"><legend>${legend}</legend><div class="chips">${values.map((value) => chip({ words: partsOf(value)[0], on: view[list] === value.code, tap: () => put({ [list]: view[list] === value.code ? "" : value.code }) }))}</div></fieldset>`;

const head = (view) => {
  if (view.what === "pickup") return codeChips({ list: "area", legend: t("Quel secteur?"), chosen: [view.area], pick: (code) => put({ area: view.area === code ? "" : code }) });
  if (view.what === "partner") return one(view, "partner", t("Quel partenaire?"), offered("partner"));
  return one(view, "location_kind", t("Comment?"), offered("location_kind").filter(({ code }) => !NOT_A_ROUND.has(code)));
};

// --- What ----------------------------------------------------------------------------------------

const items = (view) => {
  const sum = totals(view);
  const open = (value) => put({ pad: { place: "items", key: value.code, words: partsOf(value).filter(Boolean).join(", "), text: "" } });
  return html`<div class="items">${toGive().map((value) => tile(value, sum[value.code], () => open(value), "0"))}</div>`;
};

const what = (view) => html`<div class="seg what" role="group" aria-label=${t("Ce qui est noté")}>${WHATS().map(([code, words]) => html`<button type="button" aria-pressed=${String(view.what === code)} @click=${() => put({ what: code, pad: null })}>${words}</button>`)}</div>`;

const people = (view) => html`<ul><li><span>${t("Personnes, environ")}</span><span></span><button class="n num" type="button" aria-label=${t("Personnes rejointes : {n}, écrire un nombre", { n: view.reached?.people ?? 0 })} @click=${() => put({ pad: { place: "reached", key: "people", words: t("Personnes, environ"), text: "" } })}>${view.reached?.people ?? 0}</button><span></span></li></ul>`;

const inside = (view) => (view.what === "pickup"
  ? comingBack(view, t("Ramassées"))
  : html`<h2>${t("Remis")}</h2>${goingOut(view)}${people(view)}<hr class="rule">${comingBack(view, t("Rapportées"))}`);

const rows = (view) => {
  if (view.what === "pickup") {
    const lines = backLines(view);
    return lines.length ? [["syringe.pickup", { lines, ...(view.area && { area: view.area }) }]] : [];
  }
  const about = view.what === "partner" ? { location_kind: "partner", partner: view.partner } : { location_kind: view.location_kind };
  return rowsOf(view, { out: { ...about, people: view.reached?.people }, back: about });
};

const missing = (view) => (view.what !== "pickup" && !view[view.what === "partner" ? "partner" : "location_kind"]
  ? { text: t("Il manque une réponse."), field: view.what === "partner" ? "partner" : "location_kind" } : null);

const send = (view) => {
  const problem = rows(view).length ? missing(view) : { text: t("Toucher un article et écrire combien.") };
  if (problem) put({ problem });
  else write(rows(view), when(view));
};

const words = (view) => {
  if (view.what === "pickup") return t("Noter le ramassage");
  return pieces(view) ? n("Noter {count} article", "Noter {count} articles", pieces(view)) : t("Noter");
};

export const round = (view) => ({
  title: t("Tournée, partenaire, ramassage"),
  titled: true,
  shape: "counter bulk",
  main: html`<section class="give">
    <div class="lineup"><button class="round" type="button" @click=${() => go("exchange")}>${icon("back")}<span class="hidden-text">${t("Retour au comptoir")}</span></button><h1 class="step-title" tabindex="-1">${t("Tournée, partenaire, ramassage")}</h1></div>
    ${problemBox(view.problem)}${what(view)}${days(view)}${head(view)}
    ${view.what === "pickup" ? nothing : items(view)}</section>${tray(view, inside(view))}`,
  dock: html`<button class="btn main now" type="button" @click=${() => send(view)}>${icon("check")}${words(view)}</button>
    <button class="btn now" type="button" @click=${() => go("exchange")}>${icon("bag")}${t("Comptoir")}</button>`,
});
