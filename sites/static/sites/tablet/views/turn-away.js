// Someone turned away at the door: a reason is enough, how many if more than one.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { agoChips, agoSummary, codeChips } from "../chips.js";
import { icon } from "../icon.js";
import { change, go, state } from "../store.js";
import { touchedAt } from "../touch.js";
import { turnedAway } from "../visits.js";
import { t } from "../words.js";

const MOST = 500;

const put = (parts) => { Object.assign(state.view, parts); change(); };

const record = (view) => async (reason) => {
  await turnedAway(reason, view.count ?? 1, { at: touchedAt() - (view.ago ?? 0) * 60_000 });
  go("board");
};

const counter = (count) => html`<fieldset class="choice" id="f-count"><legend>${t("Combien de personnes?")}</legend><div class="stepper"><button class="sq" type="button" aria-label=${t("Une de moins")} @click=${() => put({ count: Math.max(1, count - 1) })}>${icon("minus")}</button><output class="n num" aria-live="polite">${count}</output><button class="sq" type="button" aria-label=${t("Une de plus")} @click=${() => put({ count: Math.min(MOST, count + 1) })}>${icon("plus")}</button></div></fieldset>`;

export const turnAway = (view) => ({
  title: t("Refus à l’entrée"),
  titled: true,
  shape: "door",
  main: html`<section class="panel broad">
    <div class="lineup head"><button class="round" type="button" @click=${() => go("board")}>${icon("back")}<span class="hidden-text">${t("Retour au tableau")}</span></button><h1 class="step-title" tabindex="-1">${t("Refus à l’entrée")}</h1>${agoSummary({ minutes: view.ago ?? 0, open: view.dating, toggle: () => put({ dating: !view.dating }) })}</div>
    ${view.dating ? agoChips({ minutes: view.ago ?? 0, pick: (ago) => put({ ago, dating: false }) }) : nothing}
    ${counter(view.count ?? 1)}
    ${codeChips({ list: "turnaway_reason", legend: t("Pourquoi?"), chosen: [], pick: record(view) })}
    <p class="hint">${t("Un motif suffit : le toucher note le refus.")}</p>
  </section>`,
});
