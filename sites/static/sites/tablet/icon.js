// An icon of the page's sprite; always beside a word.
import { html } from "../vendor/lit-html/lit-html.js";

export const icon = (name, small = false) => html`<svg class="i ${small ? "small" : ""}" aria-hidden="true" focusable="false"><use href="#i-${name}"></use></svg>`;
