// The arrival sheet: who comes in, what will be used and how, where they sit.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { canAsk, freeFor, lastTime, proposed, put, send, sendAnonymous } from "../arrival.js";
import { agoChips, arrows, chip, codeChips, toggled } from "../chips.js";
import { icon } from "../icon.js";
import { spell, spokenName } from "../names.js";
import { go, state } from "../store.js";
import { clock, label, t } from "../words.js";
import { handleField, keypad } from "./keypad.js";
import { problemBox } from "./problem.js";

const MINUTE = 60_000;

const declaredWords = ({ substances = [], route }) => [
  substances.map((code) => label("substances", code)).join(", "), route ? label("route", route) : "",
].filter(Boolean).join(" · ");

const lastWords = (view) => {
  if (!canAsk() || view.last?.away) return t("hors ligne : à choisir");
  if (view.last?.taken) return declaredWords(view);
  return view.last?.words ?? (view.handle?.trim() ? "" : t("avec un pseudonyme"));
};

const lastButton = (view) => {
  const closed = !canAsk() || !view.handle?.trim();
  const taken = Boolean(view.last?.taken);
  return html`<button class="last ${closed ? "closed" : ""}" type="button" aria-pressed=${String(taken)} aria-disabled=${closed ? "true" : nothing} @click=${lastTime}>${icon("undo")}<span aria-live="polite"><b>${t("Comme la dernière fois")}</b>${lastWords(view)}</span>${taken ? html`<span class="tick">${icon("check")}${t("repris")}</span>` : nothing}</button>`;
};

const already = ({ problem }) => (problem?.visit ? html`<div class="error-box" role="alert"><p><b>${problem.text}</b></p><p class="lineup"><button class="btn" type="button" @click=${() => { put({ handle: "" }); go("visit", { visit: problem.visit }); }}>${t("Ouvrir")}</button><button class="btn" type="button" @click=${() => put({ problem: null })}>${t("Quelqu’un d’autre avec le même code")}</button></p></div>` : nothing);

// A measure in force is said, and never stops anyone from being welcomed.
const cares = (view) => (view.cares?.length ? html`<div class="warn" role="alert">${icon("flag")}<span class="msg">${view.cares.map((said) => html`<b>${said}</b> `)}</span></div>` : nothing);
const known = (view) => (view.known?.length ? html`<div class="warn away" role="alert">${icon("flag")}<span class="msg">${view.known.map((said) => html`<b>${said}</b> `)}</span><button class="btn slim" type="button" @click=${() => { put({ handle: "" }); go("turnAway"); }}>${t("Refus à l’entrée")}</button></div>` : nothing);

const who = (view) => html`<section class="panel" aria-labelledby="h-who">
  <div class="lineup"><button class="round" type="button" @click=${() => { put({ handle: "" }); go("board"); }}>${icon("back")}<span class="hidden-text">${t("Retour au tableau")}</span></button><h1 id="h-who" class="step-title" tabindex="-1">${t("Accueillir")}</h1><button class="btn anon" type="button" @click=${sendAnonymous}>${t("Sans pseudonyme")}${icon("arrow", true)}</button></div>
  ${problemBox(view.problem?.visit ? null : view.problem, (booth) => { put({ booth }); send(booth); })}${already(view)}${known(view)}${cares(view)}
  ${handleField(view)}${keypad(view)}
  <p class="hint">${t("Jamais un vrai nom. Le pseudonyme n’est pas gardé : il devient un code que personne ne peut relire.")}</p>
</section>`;

const agreementChip = (view) => {
  const version = state.setup?.site.agreement_version;
  const closed = !view.handle?.trim();
  return version ? chip({ words: t("Entente v{version} expliquée", { version }), on: Boolean(view.agreed) && !closed, soft: closed, disabled: closed, tap: () => put({ agreed: !view.agreed }) }) : nothing;
};

const further = (view) => html`
  ${codeChips({ list: "gender", legend: t("Genre"), chosen: [view.gender], pick: (gender) => put({ gender: view.gender === gender ? "" : gender }) })}
  ${codeChips({ list: "age_band", legend: t("Âge"), chosen: [view.age_band], pick: (age) => put({ age_band: view.age_band === age ? "" : age }) })}
  ${agoChips({ minutes: view.ago ?? 0, pick: (ago) => put({ ago }) })}`;

const toKnow = (view) => html`<fieldset class="choice" @keydown=${arrows}><legend>${t("À savoir")}</legend><div class="chips">${agreementChip(view)}
    ${chip({ words: t("Aide demandée"), on: Boolean(view.help), tap: () => put({ help: view.help ? "" : "peer_other" }) })}
    ${chip({ words: t("Pause récente"), on: Boolean(view.pause), tap: () => put({ pause: !view.pause }) })}
    <button class="pick soft" type="button" aria-expanded=${String(Boolean(view.more))} @click=${() => put({ more: !view.more })}>${t("Plus…")}<span class="hidden-text"> ${t("genre, âge, heure")}</span></button></div></fieldset>
  ${view.help ? codeChips({ list: "help", legend: t("Aide de qui?"), chosen: [view.help], pick: (help) => put({ help }) }) : nothing}
  ${view.more ? further(view) : nothing}`;

const roomName = (room) => (state.language === "en" && room.name_en) || room.name_fr;

const freeWords = ({ room, readyAt, freedAt, to }) => {
  if (to) return t("{room} · pour {word}", { room: roomName(room), word: spokenName(to) });
  if (readyAt) return t("{room} · aération, prête à {at}", { room: roomName(room), at: clock(readyAt) });
  if (!freedAt) return t("{room} · libre", { room: roomName(room) });
  return t("{room} · libre depuis {spent}", { room: roomName(room), spent: spell(Math.max(0, Math.floor((state.tick - freedAt) / MINUTE))) });
};

const otherPlaces = (view) => html`<fieldset class="choice" id="f-booth" @keydown=${arrows}><legend>${t("Autre place")}</legend><div class="chips">${freeFor(view.route).map((booth) => chip({ words: booth.label, on: proposed(view)?.label === booth.label, soft: Boolean(booth.readyAt || booth.to), tap: () => put({ booth: booth.label, choosing: false, problem: null }) }))}</div></fieldset>`;

const place = (view) => {
  const booth = proposed(view);
  const words = booth
    ? html`<b>${t("Place {booth} proposée", { booth: booth.label })}</b><br><span class="quiet">${freeWords(booth)}</span>`
    : html`<b>${t("Aucune place libre")}</b><br><span class="quiet">${view.route ? t("pour cette voie : mettre en attente") : t("mettre en attente")}</span>`;
  return html`${view.choosing ? otherPlaces(view) : nothing}<div class="seat"><span class="arch num" aria-hidden="true">${booth?.label ?? "–"}</span><p class="msg">${words}</p>${freeFor(view.route).length > (booth ? 1 : 0) ? html`<button class="btn slim" type="button" aria-expanded=${String(Boolean(view.choosing))} @click=${() => put({ choosing: !view.choosing })}>${t("Autre place")}</button>` : nothing}</div>`;
};

const declared = (view) => html`<section class="panel" aria-label=${t("Ce qui est déclaré")}>
  ${lastButton(view)}
  ${codeChips({ list: "substances", legend: t("Quoi?"), chosen: view.substances ?? [], pick: (code) => put({ substances: toggled(view.substances ?? [], code), problem: null }) })}
  ${codeChips({ list: "route", legend: t("Comment?"), chosen: [view.route], pick: (code) => put({ route: view.route === code ? "" : code, problem: null }) })}
  ${toKnow(view)}${place(view)}
</section>`;

const dock = (view) => {
  const booth = proposed(view);
  const wait = html`<button class="btn now ${booth ? "" : "main"}" type="button" @click=${() => send("")}>${icon("clock")}${t("Mettre en attente")}</button>`;
  return booth ? html`<button class="btn main now" type="button" @click=${() => send(booth.label)}>${t("Asseoir à la place {booth}", { booth: booth.label })}${icon("arrow")}</button>${wait}` : wait;
};

export const arrival = (view) => ({
  title: t("Accueillir"), titled: true, shape: "sheet arriving", main: html`${who(view)}${declared(view)}`, dock: dock(view),
});
