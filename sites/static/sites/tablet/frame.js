// What surrounds every view: bar, running overdoses, dock with SURDOSE in its corner.
import { html } from "../vendor/lit-html/lit-html.js";
import { state } from "./store.js";
import { corner, runningBar } from "./views/surdose.js";
import { clock, n, t } from "./words.js";

export { icon } from "./icon.js";

const sending = () => state.unsent.count
  ? n("{count} à envoyer", "{count} à envoyer", state.unsent.count)
  : t("Tout est envoyé");

// A view gives {title, main, dock}; the frame is the same everywhere. An overdose takes the `whole` screen.
export const frame = ({ title, main, dock = null, whole = null }) => whole ?? html`
  ${runningBar()}
  <header class="bar">
    <p class="here"><strong>${state.device?.site.name ?? t("Consommation supervisée")}</strong></p>
    <p class="sending" role="status">${sending()}</p>
    <time class="clock num">${state.setup ? clock(state.tick) : ""}</time>
  </header>
  <main id="contenu" tabindex="-1"><h1 class="hidden-text">${title}</h1>${main}</main>
  <nav class="dock" aria-label=${t("Actions")}>${dock}<span class="spring"></span>${corner()}</nav>`;
