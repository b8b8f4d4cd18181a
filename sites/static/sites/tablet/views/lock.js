// The locked tablet: who takes it, the places with their clocks, and nothing about anyone.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { icon } from "../icon.js";
import { pick } from "../pinpad.js";
import { colleague, waiting } from "../session.js";
import { hourNow } from "../settings.js";
import { change, state } from "../store.js";
import { initials, n, t } from "../words.js";
import { pad } from "./pad.js";
import { strip } from "./strip.js";

const MOST = 9;
const EVENING = 18;
const MORNING = 5;

const roleOf = (person) => (state.language === "en" ? person.role_en : person.role_fr);

const tile = (person) => html`<button class="tile" type="button" aria-pressed=${String(state.view.who === person.code)} @click=${() => pick(person.code)}>
  <span class="initials" aria-hidden="true">${initials(person.name)}</span><span>${person.name}<small>${person.pin ? roleOf(person) : t("Premier code à choisir")}</small></span></button>`;

const others = () => html`<button class="tile" type="button" aria-pressed="false" @click=${() => change({ view: { ...state.view, everyone: true } })}>
  <span class="initials" aria-hidden="true">··</span><span>${t("Autre personne")}<small>${t("Toute l’équipe")}</small></span></button>`;

// Who held a tablet lately first; the rest of a large team behind one tile.
const tiles = () => {
  const team = [...(state.setup?.staff ?? [])].sort((one, other) => other.lately - one.lately || one.name.localeCompare(other.name));
  const all = team.length <= MOST || state.view.everyone;
  const shown = all ? team : team.slice(0, MOST - 1);
  return html`<div class="tiles">${repeat(shown, (person) => person.code, tile)}${all ? nothing : others()}</div>`;
};

const hello = () => {
  const hour = hourNow();
  return hour >= EVENING || hour < MORNING ? t("Bonsoir. Qui prend la tablette?") : t("Bonjour. Qui prend la tablette?");
};

const warnings = () => html`${state.lasting === false
  ? html`<p class="warn">${icon("flag")}<span class="msg">${t("Ce navigateur ne promet pas de garder ce qui attend. Installer l’application, et rester près du réseau.")}</span></p>`
  : nothing}`;

const waitingLine = () => {
  const names = waiting().map((code) => colleague(code)?.name ?? code);
  if (!names.length) return null;
  return html`<p class="lineup forms">${icon("lock")}<span><b>${n("Un formulaire attend {names}.", "Des formulaires attendent {names}.", names.length, { names: names.join(", ") })}</b><br><span class="quiet">${t("Personne d’autre ne peut le voir.")}</span></span></p>`;
};

export const lock = (view) => ({
  title: t("Tablette verrouillée"),
  shape: "lock",
  titled: true,
  main: html`<section class="who-takes"><h1 class="hello" tabindex="-1">${hello()}</h1>${warnings()}${tiles()}${strip()}</section>${pad(view)}`,
  dock: waitingLine(),
  beforeAlarm: html`<p class="lineup quiet no-code"><span>${t("Sans code, tout de suite :")}</span></p>`,
});
