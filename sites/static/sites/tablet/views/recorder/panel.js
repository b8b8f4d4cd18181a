// What a button of the recorder opens over the steps: one at a time, Esc closes it, focus goes back.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { icon } from "../../icon.js";
import { change, state } from "../../store.js";
import { t } from "../../words.js";

const RECORDER = ["recorder"];
let opener = null;

const afterDrawing = (does) => setTimeout(does, 0);

// panel: {name, …}; `key` names the button to come back to.
export const openPanel = (panel, key = null) => {
  if (key) opener = key;
  change({ view: { ...state.view, panel } });
  afterDrawing(() => document.querySelector(".ask h2")?.focus());
};

export const closePanel = () => {
  change({ view: { ...state.view, panel: null } });
  afterDrawing(() => document.querySelector(`[data-key="${opener}"]`)?.focus());
};

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !RECORDER.includes(state.view.name) || !state.view.panel) return;
  event.preventDefault();
  closePanel();
});

export const panelOf = (title, body) => html`<section class="ask" aria-label=${title}>
  <div class="ask-head"><h2 tabindex="-1">${title}</h2>
  <button class="round" type="button" @click=${closePanel}>${icon("x", true)}<span class="hidden-text">${t("Refermer")}</span></button></div>
  ${body}</section>`;
