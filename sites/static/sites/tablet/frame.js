// What surrounds every view: bar, running overdoses, dock with SURDOSE in its corner.
import { html } from "../vendor/lit-html/lit-html.js";
import { state } from "./store.js";
import { clock, n, t } from "./words.js";

export const icon = (name, small = false) => html`<svg class="i ${small ? "small" : ""}" aria-hidden="true" focusable="false"><use href="#i-${name}"></use></svg>`;

const sending = () => state.unsent.count
  ? n("{count} à envoyer", "{count} à envoyer", state.unsent.count)
  : t("Tout est envoyé");

// A view gives {title, main, dock}; the frame is the same everywhere.
export const frame = ({ title, main, dock = null }) => html`
  <header class="bar">
    <p class="here"><strong>${state.device?.site.name ?? t("Consommation supervisée")}</strong></p>
    <p class="sending" role="status">${sending()}</p>
    <time class="clock num">${state.setup ? clock(state.tick) : ""}</time>
  </header>
  <main id="contenu" tabindex="-1"><h1 class="hidden-text">${title}</h1>${main}</main>
  <nav class="dock" aria-label=${t("Actions")}>${dock}<span class="spring"></span></nav>`;
