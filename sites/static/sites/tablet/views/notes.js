// The undo toast: bottom left above the dock; several stack into « 3 notés », taken back last first.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { icon } from "../icon.js";
import { takeBack } from "../notices.js";
import { state } from "../store.js";
import { n, t } from "../words.js";

export const notes = () => {
  const last = state.notices.at(-1);
  const text = state.notices.length > 1 ? n("{count} noté", "{count} notés", state.notices.length) : t("Noté.");
  return html`<div class="notes" role="status">${last ? html`<p class="note"><span>${text} <span class="about">${last.words}</span></span><button class="btn slim" type="button" @click=${() => takeBack(last)}>${icon("undo", true)}${t("Annuler")}</button></p>` : nothing}</div>`;
};
