// The tiles of the board. One template a tile whatever its state, so that it stays the same element:
// what has a finger or the focus on it is never taken away.
import { html, nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { icon } from "../icon.js";
import { keptMark, nameOf, spell, spokenName, stopwatch, whatOf } from "../names.js";
import { state } from "../store.js";
import { clock, t } from "../words.js";

const CLASSES = { due: "used due", overdue: "used due overdue", next: "free next" };

const ring = (arc, text, unit) => html`<svg class="ring" viewBox="0 0 52 52" aria-hidden="true">${svg`<circle class="track" cx="26" cy="26" r="22"></circle><circle class="arc" cx="26" cy="26" r="22" pathLength="100" stroke-dasharray="${arc} 100" transform="rotate(-90 26 26)"></circle><text x="26" y="28" class=${text.length > 2 ? "long" : ""}>${text}</text><text class="u" x="26" y="39">${unit}</text>`}</svg>`;

const minsOf = (place) => {
  if (place.state === "alert") return stopwatch(state.tick - place.event.since);
  if (place.state === "pause") return ring(place.arc, stopwatch(place.readyAt - state.tick), t("reste"));
  if (!place.visit) return nothing;
  return place.minutes > 99 ? ring(place.arc, `${Math.floor(place.minutes / 60)} h`, t("et plus")) : ring(place.arc, String(place.minutes), "min");
};

const freeWords = (place) => {
  if (place.to) return t("pour {word}", { word: spokenName(place.to) });
  return place.freedAt ? t("depuis {spent}", { spent: spell(place.minutes) }) : "";
};

const bodyOf = (place) => {
  const { state: where, visit } = place;
  if (where === "out") return html`<span class="plate"><span class="name">${t("Hors service")}</span><br><span class="what">${place.reason}</span></span>`;
  if (where === "pause") return html`<span class="plate"><span class="name">${t("Aération")}</span><br><span class="what">${t("prête à {at}", { at: clock(place.readyAt) })}</span></span>`;
  if (where === "alert") return html`<span class="name">${visit ? nameOf(visit) : nothing}</span><span class="flag">${icon("octagon", true)}${t("SURDOSE")}</span>`;
  if (!visit) return html`<span class="name">${t("Libre")}</span><span class="what">${freeWords(place)}</span>`;
  const due = where !== "used";
  return html`<span class="name">${nameOf(visit)}${keptMark(visit)}</span>${due ? html`<span class="flag">${icon("clock", true)}${t("À vérifier")}</span>` : html`<span class="what">${whatOf(visit)}</span>`}`;
};

// « Place 4, Lichen 21, fentanyl · IV, 18 minutes, à vérifier »
const told = (place) => {
  const { state: where, visit } = place;
  const words = [t("Place {booth}", { booth: place.label })];
  if (where === "alert") words.push(t("surdose présumée"));
  if (visit) words.push(spokenName(visit));
  if (visit && where !== "alert") words.push(whatOf(visit), t("{n} minutes", { n: place.minutes }));
  if (where === "due" || where === "overdue") words.push(t("à vérifier"));
  if (where === "free" || where === "next") words.push(t("libre"), freeWords(place));
  if (where === "pause") words.push(t("aération, prête à {at}", { at: clock(place.readyAt) }));
  if (where === "out") words.push(t("hors service"), place.reason);
  return words.filter(Boolean).join(", ");
};

export const tile = (place, open) => html`<button class="booth ${CLASSES[place.state] ?? place.state}" type="button" data-booth=${place.label}
  aria-label=${told(place)} aria-disabled=${place.state === "out" || !open ? "true" : nothing} @click=${() => open?.(place)}><span class="arch num">${place.label}</span><span class="mins num">${minsOf(place)}</span>${bodyOf(place)}</button>`;

export const tiles = (places, open) => repeat(places, (place) => place.label, (place) => tile(place, open));
