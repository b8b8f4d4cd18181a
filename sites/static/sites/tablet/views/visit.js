// What may be done about one visit: its place, its consumption, its end. Each act is one tap.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { agoChips, agoSummary, chip, codeChips, toggled } from "../chips.js";
import { icon } from "../icon.js";
import { floorNow } from "../live.js";
import { awayWords, nameOf, spell, whatOf } from "../names.js";
import { SHEETS } from "../logbook.js";
import { hasEnded } from "../room.js";
import { allows } from "../floor.js";
import { change, go, state } from "../store.js";
import { touchedAt } from "../touch.js";
import { assessed, checked, closed, leftWithout, refusal, round, seat, toAftercare } from "../visits.js";
import { clock, t } from "../words.js";
import { problemBox } from "./problem.js";
import { surdose } from "./surdose.js";

const MINUTE = 60_000;

const STATES = () => ({
  waiting: t("En attente"), in_booth: t("En place"), aftercare: t("Aire de repos"), closed: t("Départ"), left: t("Parti sans consommer"),
});

const find = (visit) => floorNow().all.find((row) => row.visit === visit);

// When the act happened, never before the person came in.
const when = (view, visit) => ({ at: Math.max(touchedAt() - (view.ago ?? 0) * MINUTE, visit.arrived_at + 1) });

const put = (parts) => { Object.assign(state.view, parts, { problem: null }); change(); };

// An act, then back to the board.
const doing = (view, visit, act) => async () => {
  await act(visit, when(view, visit));
  go("board");
};

const take = (view, visit, booth) => async () => {
  const problem = refusal(booth, visit);
  if (problem) { put({}); state.view.problem = problem; change(); return; }
  await seat(visit, booth, when(view, visit));
  go("board");
};

const act = (words, sign, tap, main = false) => html`<button class="btn ${main ? "main" : ""}" type="button" @click=${tap}>${icon(sign)}${words}</button>`;

const here = ({ visit, booth, state: where }) => (booth ? { visit, booth } : { visit, location: where === "aftercare" ? "chillout" : "waiting" });

const firstActs = (view, visit) => html`<div class="acts-grid">
  ${visit.booth ? act(t("Tout va bien"), "check", doing(view, visit, checked), true) : nothing}
  ${act(t("Remettre du matériel"), "swap", () => go("exchange", { visit: visit.visit }))}
  ${visit.state === "aftercare" ? nothing : act(t("Vers l’aire de repos"), "arrow", doing(view, visit, toAftercare))}
  ${surdose(t("SURDOSE ici"), here(visit), true)}
</div>`;

const places = (view, visit) => {
  const free = floorNow().free.filter((booth) => allows(booth.room, visit.route));
  return html`<fieldset class="choice" id="f-booth"><legend>${visit.booth ? t("Changer de place") : t("Asseoir")}</legend><div class="chips">${free.length
    ? free.map((booth) => chip({ words: booth.readyAt ? t("Place {booth} · dès {at}", { booth: booth.label, at: clock(booth.readyAt) }) : t("Place {booth}", { booth: booth.label }), tap: take(view, visit, booth.label) }))
    : html`<span class="quiet">${t("Aucune place libre pour cette voie.")}</span>`}</div></fieldset>`;
};

const ending = (view, visit, list, legend, write) => codeChips({ list, legend, chosen: [], pick: (code) => doing(view, visit, (row, at) => write(row, code, at))() });

const chosenOf = (view, visit) => ({
  substances: view.substances ?? visit.substances ?? [],
  route: view.route ?? visit.route ?? "",
});

const declaring = (view, visit, write) => async () => {
  const chosen = chosenOf(view, visit);
  if (!chosen.substances.length || !chosen.route) {
    const field = chosen.substances.length ? "route" : "substances";
    Object.assign(state.view, { problem: { text: t("Il manque une réponse."), field } });
    change();
    return;
  }
  await write(visit, chosen, when(view, visit));
  go("board");
};

const consumption = (view, visit) => {
  const { substances, route } = chosenOf(view, visit);
  return html`<section class="panel" aria-label=${t("Consommation")}>
    ${codeChips({ list: "substances", legend: t("Quoi?"), chosen: substances, pick: (code) => put({ substances: toggled(substances, code) }) })}
    ${codeChips({ list: "route", legend: t("Comment?"), chosen: [route], pick: (code) => put({ route: code }) })}
    <p class="lineup">${act(t("Nouvelle consommation"), "plus", declaring(view, visit, round), true)}${act(visit.route ? t("Déclarer autrement") : t("À évaluer : noter"), "pen", declaring(view, visit, assessed))}</p>
    ${furtherSheets(visit)}
    ${correcting(visit)}
  </section>`;
};

// What is offered to someone who is here, or goes wrong with them: the same sheets as under « Plus ».
const furtherSheets = ({ visit }) => html`<p class="lineup sheets">${["service", "check", "breach"].map((sheet) => html`<button class="btn slim" type="button" @click=${() => go("logbook", { sheet, visit })}>${icon(SHEETS[sheet].sign, true)}${SHEETS[sheet].words()}</button>`)}</p>`;

const head = (view, visit) => html`<div class="lineup head"><button class="round" type="button" @click=${() => go("board")}>${icon("back")}<span class="hidden-text">${t("Retour au tableau")}</span></button><h1 class="step-title" tabindex="-1">${visit.booth ? html`${t("Place {booth}", { booth: visit.booth })} · ` : nothing}${nameOf(visit)}</h1>${agoSummary({ minutes: view.ago ?? 0, open: view.dating, toggle: () => put({ dating: !view.dating }) })}</div>
  ${view.dating ? agoChips({ minutes: view.ago ?? 0, pick: (ago) => put({ ago, dating: false }) }) : nothing}
  ${visit.away_until ? html`<p class="warn away">${icon("flag")}<span class="msg"><b>${awayWords(visit)}</b></span></p>` : nothing}
  <p class="facts num"><span>${STATES()[visit.state]} · ${t("depuis {spent}", { spent: spell(Math.max(0, Math.floor((state.tick - visit.since) / MINUTE))) })}</span><span>${t("Arrivée à {at}", { at: clock(visit.arrived_at) })}</span>${visit.route ? html`<span>${whatOf(visit)}</span>` : nothing}</p>`;

// What is over is put right with a reason, by who has the right to, at a desk.
const correcting = (visit) => {
  if (!visit) return nothing;
  if (state.boardAway) return html`<p class="quiet">${t("Hors ligne : une correction demande le réseau.")}</p>`;
  return html`<p><a class="btn" href=${`/visits/${visit.visit}/`}>${icon("pen")}${t("Corriger au poste, avec une raison")}</a></p>`;
};

const gone = (visit) => html`<section class="panel broad">${visit
    ? html`<h2 class="step-title">${nameOf(visit)}</h2><p>${STATES()[visit.state]} · <span class="num">${clock(visit.since)}</span></p>`
    : html`<p>${t("Cette visite n’est plus sur le tableau.")}</p>`}${correcting(visit)}<p><button class="btn" type="button" @click=${() => go("board")}>${icon("back")}${t("Retour au tableau")}</button></p></section>`;

const open = (view, visit) => html`<section class="panel" aria-label=${t("Ce qui se passe")}>
    ${head(view, visit)}
    ${problemBox(view.problem, (booth) => take(view, visit, booth)())}
    ${firstActs(view, visit)}
    ${places(view, visit)}
    ${ending(view, visit, "discharge_to", t("Départ"), closed)}
    ${visit.consumed ? nothing : html`<details class="further"><summary class="pick">${t("Parti sans consommer…")}</summary>${ending(view, visit, "left_reason", t("Pourquoi?"), leftWithout)}</details>`}
  </section>
  ${consumption(view, visit)}`;

export const visit = (view) => {
  const found = find(view.visit);
  if (!found || hasEnded(found)) return { title: t("Visite"), shape: "door", main: gone(found) };
  return { title: t("Visite"), titled: true, shape: "sheet wide", main: open(view, found) };
};
