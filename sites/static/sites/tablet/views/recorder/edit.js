// One line of the timeline put right: when, what, in which event; or taken out. Each is a record of its own.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { AWAKE, CALLED, CANCELLED, NOT_CALLED } from "../../event.js";
import { icon } from "../../icon.js";
import { atClock } from "../../local-time.js";
import { correct, move, products, running, setTime, withdraw } from "../../overdose.js";
import { after, awakeWords, callWords, capital, lineOf, number, placeWords, routeWords } from "../../overdose-words.js";
import { state } from "../../store.js";
import { tap } from "../../touch.js";
import { clock, label, t } from "../../words.js";
import { mark, markOf } from "../surdose.js";
import { closePanel, panelOf } from "./panel.js";

const AGO_MIN = [0, 1, 2, 3, 5, 10, 15, 20];
const NUDGES_S = [-60, -10, 10, 60];
const GIVERS = ["staff_nurse", "staff_other", "peer_worker", "bystander", "ems", "police_fire"];
const ROUTES = ["in", "im", "sc", "iv"];

const amend = (row, record, data) => correct(row, record.id, data, "valeur précisée");

const chip = (key, words, pressed, does) => html`<button class="pick" type="button" aria-pressed=${String(pressed)} @click=${tap(key, does)}>${words}</button>`;

// --- When ---------------------------------------------------------------------------------

const typedClock = (row, record) => (event) => {
  const at = atClock(event.target.value, record.at);
  if (at === null) {
    event.target.setAttribute("aria-invalid", "true");
    return;
  }
  event.target.removeAttribute("aria-invalid");
  setTime(row, record, at);
};

const when = ({ row, event }, record) => html`<fieldset class="edit-part"><legend>${t("Quand")} <b class="num">${after(event, record.at)}</b></legend>
  <div class="chips">${AGO_MIN.map((n) => chip(`ago-${n}`, n ? t("il y a {n} min", { n }) : t("à l’instant"),
    false, () => setTime(row, record, Date.now() - n * 60_000, n > 0)))}</div>
  <div class="chips">${NUDGES_S.map((s) => chip(`nudge-${s}`, `${s < 0 ? "−" : "+"} ${Math.abs(s) === 60 ? t("1 min") : t("10 s")}`,
    false, () => setTime(row, record, record.at + s * 1000)))}
  <label class="typed">${t("Heure")} <input class="input num" autocomplete="off" .value=${clock(record.at)} @change=${typedClock(row, record)}></label></div></fieldset>`;

// --- What ---------------------------------------------------------------------------------

const choices = ({ row }, record, legend, name, codes, words) => html`<fieldset class="edit-part"><legend>${legend}</legend><div class="chips">
  ${codes.map((code) => chip(`${name}-${code}`, words(code), record.data[name] === code, () => {
    if (record.data[name] !== code) amend(row, record, { [name]: code });
  }))}</div></fieldset>`;

const value = ({ row }, record) => html`<fieldset class="edit-part"><legend>${label("measure", record.data.measure)}</legend>
  <label class="typed">${t("Valeur")} <input class="input num" inputmode="decimal" autocomplete="off" maxlength="7" .value=${number(record.data.value)} @change=${(event) => {
    const typed = event.target.value.trim().replace(",", ".");
    const right = /^\d{1,4}(\.\d{1,2})?$/.test(typed);
    event.target.toggleAttribute("aria-invalid", !right);
    if (right && Number(typed) !== Number(record.data.value)) amend(row, record, { value: typed });
  }}></label></fieldset>`;

const mg = ({ row }, record) => html`<label class="typed">${t("Dose (mg)")} <input class="input num" inputmode="decimal" autocomplete="off" maxlength="5" .value=${number(record.data.dose_mg)} @change=${(event) => {
    const typed = event.target.value.trim().replace(",", ".");
    const right = /^\d{1,2}(\.\d{1,2})?$/.test(typed) && Number(typed) > 0;
    event.target.toggleAttribute("aria-invalid", !right);
    if (right && Number(typed) !== Number(record.data.dose_mg)) amend(row, record, { dose_mg: typed });
  }}></label>`;

const dose = (on, record) => {
  const all = products();
  const { product, lot } = record.data;
  const chosen = all.find((one) => one.code === product);
  const other = (one) => amend(on.row, record, { product: one.code, route: one.route, dose_mg: String(one.strength_mg), lot: one.lot?.lot ?? null });
  return html`<fieldset class="edit-part"><legend>${t("Produit")}</legend><div class="chips">${all.map((one) => chip(`product-${one.code}`,
      state.language === "en" ? one.label_en || one.label_fr : one.label_fr, one.code === product, () => one.code !== product && other(one)))}
      ${mg(on, record)}</div></fieldset>
    ${choices(on, record, t("Voie"), "route", ROUTES, (code) => capital(routeWords(code)))}
    ${choices(on, record, t("Donnée par"), "given_by", GIVERS, (code) => capital(label("given_by", code)))}
    ${chosen?.lots.length ? html`<fieldset class="edit-part"><legend>${t("Lot")}</legend><div class="chips">${[...chosen.lots, null].map((one) => chip(`lot-${one?.lot}`,
      one ? one.code : t("sans lot"), (one?.lot ?? undefined) === lot, () => (one?.lot ?? undefined) !== lot && amend(on.row, record, { lot: one?.lot ?? null })))}</div></fieldset>` : null}`;
};

const what = (on, record) => {
  const { step, choice, measure } = record.data;
  if (record.kind === "overdose.dose") return dose(on, record);
  if (step === "call_911") return choices(on, record, "911", "choice", [CALLED, CANCELLED, NOT_CALLED], callWords);
  if (AWAKE.includes(choice)) return choices(on, record, t("Éveil"), "choice", AWAKE, (code) => capital(awakeWords(code)));
  return measure ? value(on, record) : null;
};

// --- Where it belongs ---------------------------------------------------------------------

const elsewhere = (row, record) => {
  const others = running().filter((one) => one.row.event !== row.event && !one.row.away);
  return others.map((one) => html`<button class="btn" type="button" @click=${tap("move", () => {
    move(row, record, one.row);
    closePanel();
  })}>${mark(markOf(one.row.event))}${t("Déplacer vers {place}", { place: placeWords(one.event.opened) })}</button>`);
};

export const edit = (on) => {
  const record = on.event.told.find((one) => one.id === on.panel.id);
  if (!record) return null;
  const opening = record.kind === "overdose.opened";
  return panelOf(t("Corriger : {what}", { what: lineOf(on.event, record).words }), html`
    ${when(on, record)}${what(on, record)}
    ${opening ? null : html`<div class="lineup">${elsewhere(on.row, record)}<button class="btn" type="button" @click=${tap("remove", () => {
      withdraw(on.row, record.id, "touché par erreur");
      closePanel();
    })}>${icon("x")}${t("Retirer cette ligne")}</button></div>`}
    <div class="lineup"><button class="btn main" type="button" @click=${closePanel}>${icon("check")}${t("C’est bien")}</button></div>`);
};
