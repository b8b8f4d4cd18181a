// The places on the locked screen: number, state and clock; no word, no substance.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { floorNow } from "../live.js";
import { spell, stopwatch } from "../names.js";
import { state } from "../store.js";
import { clock, n, t } from "../words.js";

const DUE = new Set(["due", "overdue"]);

const said = (place) => {
  if (place.state === "alert") return t("SURDOSE");
  if (place.state === "out") return t("Hors service");
  if (place.state === "pause") return t("Aération");
  if (DUE.has(place.state)) return t("À vérifier");
  return place.visit ? t("En cours") : t("Libre");
};

const when = (place) => {
  if (place.state === "alert") return stopwatch(state.tick - place.event.since);
  if (place.state === "pause") return clock(place.readyAt);
  return place.visit ? spell(place.minutes) : "";
};

const one = (place) => {
  const clocked = when(place);
  return html`<li class="place ${DUE.has(place.state) ? "due" : place.state}"><b class="num">${place.label}</b><span class=${clocked ? "" : "solo"}>${said(place)}</span>${clocked ? html`<span class="num">${clocked}</span>` : nothing}</li>`;
};

export const strip = () => {
  if (!state.base) return nothing;
  const floor = floorNow();
  const places = floor.sections.flatMap((section) => section.places);
  const others = [
    n("{count} personne en attente", "{count} personnes en attente", floor.waiting.length),
    n("{count} à l’aire de repos", "{count} à l’aire de repos", floor.aftercare.length),
  ];
  return html`<section class="strip" aria-label=${t("Places")}><ul>${places.map(one)}</ul><p class="quiet num">${others.join(" · ")}${state.boardAway && state.base.at ? html` · ${icon("cloudoff", true)}${t("à {at}", { at: clock(state.base.at) })}` : nothing}</p></section>`;
};
