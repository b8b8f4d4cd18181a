// What was done, newest first: the last one is taken back by one touch, any other is put right by its pen.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { repeat } from "../../../vendor/lit-html/directives/repeat.js";
import { icon } from "../../icon.js";
import { withdraw } from "../../overdose.js";
import { lineOf } from "../../overdose-words.js";
import { tap } from "../../touch.js";
import { t } from "../../words.js";
import { openPanel } from "./panel.js";

const OPENED = "overdose.opened";
const SETTLE_MS = 600;
// A line that came a moment ago, from here or from another tablet, is not the one the finger meant.
let newest = { id: null, at: 0 };

const settled = (id) => newest.id === id && performance.now() - newest.at > SETTLE_MS;

const undo = (row, line) => tap("undo", () => settled(line.id) && withdraw(row, line.id, "touché par erreur"));

const pen = (line) => html`<button class="edit" type="button" data-key=${`edit-${line.id}`} @click=${tap(`edit-${line.id}`, () => openPanel({ name: "edit", id: line.id }, `edit-${line.id}`))}>
  ${icon("pen", true)}<span class="hidden-text">${t("Corriger : {what}", { what: line.words })}</span></button>`;

const entry = (row, line, fresh) => html`<li class=${fresh ? "fresh" : ""} aria-busy=${String(Boolean(line.record.saving))}>
  <span class="at num">${line.about ? html`<small class="about">${t("environ")}</small> ` : null}${line.after}</span>
  <span>${line.strong ? html`<b class="words">${line.words}</b>` : html`<span class="words">${line.words}</span>`}${line.odd ? html` <em class="odd">${t("à confirmer")}</em>` : null}<small>${line.small}</small></span>
  ${line.id ? pen(line) : null}
  ${fresh ? html`<button class="btn slim undo" type="button" data-key="undo" @click=${undo(row, line)}>${icon("undo")}${t("Annuler")}</button>` : null}</li>`;

export const log = ({ row, event, panel }) => {
  const lines = event.told.map((record) => lineOf(event, record)).reverse();
  if (!lines.length) lines.push(lineOf(event, event.opened));
  if (lines[0].id !== newest.id) newest = { id: lines[0].id, at: performance.now() };
  return html`<section class="card log" aria-label=${t("Déroulement")} ?inert=${Boolean(panel)}><h2>${t("Déroulement")}</h2>
    <ol>${repeat(lines, (line) => line.id, (line, n) => entry(row, line, n === 0 && line.record.kind !== OPENED))}</ol></section>`;
};
