// Doses given and the time since each. Interval, aim and rhythm come from the site's own protocol or not at all.
import { html, svg } from "../../../vendor/lit-html/lit-html.js";
import { STIMULANT, mgOf, nextDose } from "../../event.js";
import { answer } from "../../overdose.js";
import { after, elapsed, lineOf, number, routeWords, spoken } from "../../overdose-words.js";
import { state } from "../../store.js";
import { tap } from "../../touch.js";
import { n, t } from "../../words.js";
import { pacer } from "./pacer.js";
import { protocolWords } from "./protocol.js";

const LISTED = 2; // the timeline holds them all

const dot = (index, count) => svg`<circle class="given" cx=${90 + 16 * index - 8 * (count - 1)} cy="142" r="5"></circle>`;

let told = 0;

// One short vibration when the interval is over; it stops nobody from giving a dose before.
const ready = (next) => {
  if (told === next.at) return;
  told = next.at;
  navigator.vibrate?.(200);
};

const ring = (event, next) => {
  const left = Math.max(0, (next.at - Date.now()) / 1000);
  if (!left) ready(next);
  const share = left > 0 ? (left / next.seconds) * 100 : 100;
  return html`<svg class="dose-ring" viewBox="0 0 180 180" role="img" aria-label=${left > 0 ? t("Prochaine dose possible dans {time}", { time: spoken(left) }) : t("Dose possible.")}>
    <circle class="track" cx="90" cy="90" r="78"></circle>
    <circle class="arc" cx="90" cy="90" r="78" pathLength="100" stroke-dasharray="${share} 100" transform="rotate(-90 90 90)"></circle>
    <text class="l" x="90" y="62">${t("dans")}</text><text class="t" x="90" y="102">${elapsed(Math.ceil(left))}</text>
    <text class="l" x="90" y="124">${t("sur {time}", { time: elapsed(next.seconds) })}</text>
    ${event.doses.map((_, index) => dot(index, event.doses.length))}</svg>
    <p class="ready-words" role="status">${left > 0 ? "" : t("Dose possible. Respire-t-elle? Vérifier d’abord.")}</p>`;
};

const given = (event, dose, index) => html`<li><b>${index + 1}</b> ${after(event, dose.at)} · ${t("{mg} mg {route}", { mg: number(dose.data.dose_mg), route: routeWords(dose.data.route) })}
  ${index === event.doses.length - 1 ? html`<small>${t("il y a {time}", { time: elapsed((Date.now() - dose.at) / 1000) })}</small>` : null}</li>`;

// Said as soon as it shows, because the timer of an opioid misleads.
const stimulant = ({ row }) => html`<button class="pick slim" type="button" aria-pressed=${String(row.answers.presentation === STIMULANT)}
  @click=${tap("stimulant", () => answer(row, { presentation: row.answers.presentation === STIMULANT ? null : STIMULANT }))}>${t("Stimulants : sans minuterie")}</button>`;

const SINCE_LISTED = 7;

// Without a protocol, and beside it, nothing but the time since each act: its last time, the newest act first.
const acts = (event) => {
  const last = new Map();
  for (const record of event.steps) {
    const { words } = lineOf(event, record);
    last.delete(words);
    last.set(words, record.at);
  }
  return [...last].reverse().slice(0, SINCE_LISTED);
};

const since = (event) => html`<h2>${t("Temps depuis")}</h2><dl class="since num">${acts(event).map(([words, at]) => html`<div><dt>${words}</dt><dd>${elapsed((Date.now() - at) / 1000)}</dd></div>`)}</dl>`;

export const doses = (on) => {
  const { event, row } = on;
  const { protocol } = state.setup ?? {};
  const next = nextDose(event, protocol, row.answers.presentation);
  const goal = protocol && (state.language === "en" ? protocol.goal_en || protocol.goal_fr : protocol.goal_fr);
  return html`<div class="rec-left" ?inert=${Boolean(on.panel)}>
    <section class="card dose" aria-label=${t("Doses")}>
      <h2>${next ? t("Prochaine dose possible") : t("Doses données")}</h2>
      ${next ? ring(event, next) : null}
      ${event.doses.length === 1 ? null : html`<p class="sum num">${event.doses.length ? n("{count} dose · {mg} mg", "{count} doses · {mg} mg", event.doses.length, { mg: number(mgOf(event)) }) : t("Aucune dose")}</p>`}
      <ul class="given-list num">${event.doses.map((dose, index) => given(event, dose, index)).slice(-LISTED)}</ul>
      ${next || row.answers.presentation === STIMULANT ? stimulant(on) : null}
      ${!next && !event.ended && event.steps.length ? since(event) : null}
      ${goal ? html`<p class="aim">${goal}</p>` : null}
      ${protocol ? protocolWords(protocol) : null}
    </section>
    ${protocol?.breath_s && !event.ended ? pacer(on, protocol) : null}</div>`;
};
