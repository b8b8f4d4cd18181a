import { html } from "../../vendor/lit-html/lit-html.js";
import { t } from "../words.js";

export const lock = () => ({
  title: t("Tablette verrouillée"),
  main: html`<p>${t("Bonsoir. Qui prend la tablette?")}</p>`,
});
