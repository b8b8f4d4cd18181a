// Where the work is: sent, or kept here, how much and for how long. In the bar of every screen, the locked one too.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { change, state } from "../store.js";
import { alarm, waitedMs } from "../trouble.js";
import { n, t } from "../words.js";

const age = () => {
  const minutes = Math.floor(waitedMs() / 60_000);
  if (minutes < 1) return "";
  return ` · ${minutes < 120 ? t("{minutes} min", { minutes }) : t("{hours} h", { hours: Math.floor(minutes / 60) })}`;
};

const open = () => {
  const { view, person } = state;
  if (view.name !== "unsent") change({ view: { name: "unsent", beneath: { view, by: person?.code ?? null } } });
};

const kept = () => html`<button class="sync kept" type="button" @click=${open}>${icon("kept")}<span><b class="num">${state.unsent.count}</b> <span class="words">${n("à envoyer", "à envoyer", state.unsent.count)}</span>${age()}</span></button>`;

const sent = () => html`<button class="sync" type="button" @click=${open}>${icon("sent")}<span class="words">${t("Tout est envoyé")}</span></button>`;

const toReview = () => html`<button class="sync kept" type="button" @click=${open}>${icon("flag")}<span><b class="num">${state.refused.length}</b> <span class="words">${n("à revoir", "à revoir", state.refused.length)}</span></span></button>`;

export const badge = () => (state.device ? html`${state.refused.length ? toReview() : nothing}${state.unsent.count ? kept() : sent()}` : nothing);

export const alarmBand = () => {
  const said = state.device && state.view.name !== "unsent" ? alarm() : null;
  return html`<div role="alert">${said ? html`<p class="warn">${icon("flag")}<span class="msg">${said}</span></p>` : nothing}</div>`;
};
