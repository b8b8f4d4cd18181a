// What stands against an act, on top of its sheet; what was typed stays.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { t } from "../words.js";

const toField = (field) => (event) => {
  event.preventDefault();
  document.querySelector(`#f-${field} button`)?.focus();
};

// problem: {text, booth: a place that is free instead, field: what is missing}.
export const problemBox = (problem, take = null) => (problem
  ? html`<div class="error-box" role="alert"><p>${problem.field ? html`<a href="#f-${problem.field}" @click=${toField(problem.field)}>${problem.text}</a>` : problem.text}</p>${problem.booth && take ? html`<p><button class="btn main" type="button" @click=${() => take(problem.booth)}>${t("Asseoir à la place {booth}", { booth: problem.booth })}</button></p>` : nothing}</div>`
  : nothing);
