// Who waits, who rests, who left: one card a person, at most one button inside.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { repeat } from "../../vendor/lit-html/directives/repeat.js";
import { icon } from "../icon.js";
import { awayWords, keptMark, nameOf, spell, spokenName } from "../names.js";
import { clock, label, t } from "../words.js";

const cover = (visit, open) => (open
  ? html`<button class="open" type="button" data-visit=${visit.visit} aria-label=${spokenName(visit)} @click=${() => open(visit)}></button>`
  : nothing);

const head = (visit, wait) => html`<span class="name">${nameOf(visit)}${keptMark(visit)}</span><span class="wait num">${wait}</span>`;

const waitsFor = ({ visit, booth, readyAt }) => {
  const { route } = visit;
  if (route === undefined) return t("depuis {at}", { at: clock(visit.arrived_at) });
  if (!route) return t("À évaluer");
  const words = label("route", route);
  if (readyAt) return t("{route} · dès {at}", { route: words, at: clock(readyAt) });
  return booth ? words : t("{route} · aucune place libre", { route: words });
};

const seatButton = ({ visit, booth }, first, seat) => html`<button class="go ${first ? "" : "soft"}" type="button" @click=${() => seat(visit, booth)}>${icon("arrow", true)}<span><span class="hidden-text">${t("Asseoir {word} :", { word: spokenName(visit) })} </span>${t("Place {booth}", { booth })}</span></button>`;

export const waitingCards = (guests, { open, seat }) => repeat(guests, ({ visit }) => visit.visit, (guest, at) => html`<li class="chip">${head(guest.visit, spell(guest.minutes))}<span class="what">${waitsFor(guest)}</span>${guest.visit.away_until ? html`<span class="what away-mark">${icon("flag", true)}${awayWords(guest.visit)}</span>` : nothing}${cover(guest.visit, open)}${guest.booth && seat ? seatButton(guest, at === 0, seat) : nothing}</li>`);

const restWords = (observe) => (observe
  ? html`${t("Après naloxone")}<br>${t("à observer encore {n}\u00a0min", { n: observe })}`
  : t("Repos"));

export const restingCards = (guests, { open }) => repeat(guests, ({ visit }) => visit.visit, ({ visit, minutes, observe }) => html`<li class="chip rest ${observe ? "watch" : ""}">${head(visit, spell(minutes))}<span class="what">${restWords(observe)}</span>${cover(visit, open)}</li>`);

const wentTo = (visit) => {
  if (visit.state === "left") return t("Sans consommer");
  return visit.discharge_to ? label("discharge_to", visit.discharge_to) : t("Départ");
};

export const leftCards = (visits, { open }) => repeat(visits, (visit) => visit.visit, (visit) => html`<li class="chip gone">${head(visit, clock(visit.since))}<span class="what">${wentTo(visit)}</span>${cover(visit, open)}</li>`);
