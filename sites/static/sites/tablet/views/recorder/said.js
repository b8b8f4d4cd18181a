// Each step is said once, politely; what is odd stays on the screen a while.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { foldOf } from "../../overdose.js";
import { saidOf } from "../../overdose-words.js";
import { change, state } from "../../store.js";
import { closePanel } from "./panel.js";

const SHOWN_MS = 10_000;
let note = null;

// The record that was just written is said; `shown` is read as well, by whoever looks.
export const say = (row, id, shown = null) => {
  const event = foldOf(row);
  const record = event.told.find((one) => one.id === id);
  change({ view: { ...state.view, said: record ? saidOf(event, record) : "" } });
  if (shown) show(shown);
  if (state.view.panel) closePanel();
};

export const show = (text) => {
  const mine = { text };
  note = mine;
  change();
  setTimeout(() => {
    if (note !== mine) return;
    note = null;
    change();
  }, SHOWN_MS);
};

export const said = () => html`<p class="hidden-text" role="status">${state.view.said ?? ""}</p>
  <div class="notes" role="status">${note ? html`<p class="note">${note.text}</p>` : null}</div>`;
