// An overdose that is already over, written in a minute: when it began, where, who responded. Then the steps.
import { html } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { atClock } from "../local-time.js";
import { recallOverdose } from "../overdose.js";
import { change, go, state } from "../store.js";
import { tap } from "../touch.js";
import { clock, label, t } from "../words.js";

const AGO_MIN = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180];
const HALF_DAY_MS = 12 * 3_600_000;
const OTHER_PLACES = ["chillout", "washroom", "waiting", "entrance", "perimeter", "outreach", "other_indoor"];

const update = (parts) => change({ view: { ...state.view, ...parts } });

const pick = (words, pressed, does) => html`<button class="pick" type="button" aria-pressed=${String(pressed)} @click=${does}>${words}</button>`;

const typed = (event) => {
  const at = atClock(event.target.value, Date.now() - HALF_DAY_MS);
  const right = at !== null && at <= Date.now();
  event.target.toggleAttribute("aria-invalid", !right);
  if (right) update({ ago: Math.round((Date.now() - at) / 60_000), missing: false });
};

const when = (view) => html`<fieldset class="edit-part ${view.missing ? "missing" : ""}" id="q-when" tabindex="-1"><legend>${t("Quand a-t-elle commencé?")}</legend>
  ${view.missing ? html`<p class="problem" role="alert">${t("Dire à peu près quand.")}</p>` : null}
  <div class="chips">${AGO_MIN.map((ago) => pick(t("il y a {n} min", { n: ago }), view.ago === ago, () => update({ ago, missing: false })))}
  <label class="typed">${t("ou vers")} <input class="input num" autocomplete="off" placeholder=${clock(state.tick)} @change=${typed}></label></div></fieldset>`;

const where = (view) => {
  const booths = (state.setup?.rooms ?? []).flatMap((room) => room.booths);
  return html`<fieldset class="edit-part"><legend>${t("Où?")}</legend><div class="chips">
    ${booths.map((one) => pick(t("Place {booth}", { booth: one.label }), view.booth === one.label, () => update({ booth: one.label, location: "booth" })))}
    ${OTHER_PLACES.map((code) => pick(label("location", code), view.location === code, () => update({ booth: null, location: code })))}</div></fieldset>`;
};

const who = (view) => html`<fieldset class="edit-part"><legend>${t("Qui a répondu?")}</legend><div class="chips">
  ${(state.setup?.staff ?? []).map((staff) => pick(staff.name, (view.responder ?? state.person?.code) === staff.code, () => update({ responder: staff.code })))}</div></fieldset>`;

const begin = (view) => tap("recall", () => {
  if (view.ago === undefined) {
    update({ missing: true });
    setTimeout(() => document.getElementById("q-when")?.focus(), 0);
    return;
  }
  recallOverdose(view);
});

export const afterwards = (view) => ({
  title: t("Noter une surdose déjà finie"),
  titled: true,
  shape: "page",
  main: html`<h1 class="hello" tabindex="-1">${t("Noter une surdose déjà finie")}</h1><section class="panel tall">${when(view)}${where(view)}${who(view)}</section>`,
  dock: html`<button class="btn main now" type="button" @click=${begin(view)}>${icon("check")}${t("Noter les gestes")}</button>
    <button class="btn now" type="button" @click=${() => go(state.person ? "more" : "lock")}>${icon("back")}${t("Revenir")}</button>`,
});
