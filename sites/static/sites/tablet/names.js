// How a visit is called on screen: its word and number where the server told them, else its clock.
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icon.js";
import { state } from "./store.js";
import { clock, day, label, t } from "./words.js";

const UNSENT_SHOWN_MS = 5_000;

// 4 min, 1 h 05; 4 min, 1 h 5 min.
export const spell = (minutes) => {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return t("{n} min", { n: minutes });
  return state.language === "en" ? `${hours} h ${rest} min` : `${hours} h ${String(rest).padStart(2, "0")}`;
};

// 3:12 of a running clock.
export const stopwatch = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

export const spokenName = (visit) => (visit.word ? `${visit.word} ${visit.number}` : t("arrivée à {at}", { at: clock(visit.arrived_at) }));

// In a tile: Lichen 21, else the clock of the arrival.
export const nameOf = (visit) => (visit.word
  ? html`${visit.word} <small class="num">${visit.number}</small>`
  : html`<span class="num">${clock(visit.arrived_at)}</span>`);

// IV for « Injection IV »: a tile has little room.
export const shortRoute = (code) => label("route", code).replace(/^Injection /, "").replace(/ injection$/, "");

// Fentanyl · IV; empty when the server did not tell, « À évaluer » when nothing was declared.
export const whatOf = (visit) => {
  const { substances, route } = visit;
  if (route === undefined) return t("depuis {at}", { at: clock(visit.since) });
  return route ? `${substances.map((code) => label("substances", code)).join(", ")} · ${shortRoute(route)}` : t("À évaluer");
};

// A measure that keeps this person away, as the board and the sheet say it.
export const awayWords = ({ away_until: until }) => t("Mesure en vigueur jusqu’au {day}", { day: day(Date.parse(`${until}T12:00:00Z`)) });

// « gardé »: tapped here, and not with the server after a few seconds.
export const keptMark = (row) => (row.kept && (state.boardAway || state.tick - (state.unsent.oldest ?? state.tick) > UNSENT_SHOWN_MS)
  ? html`<span class="kept-mark">${icon("kept", true)}<span class="hidden-text">${t("gardé sur la tablette")}</span></span>`
  : nothing);
