import { html } from "../../vendor/lit-html/lit-html.js";
import { t } from "../words.js";

export const enrol = () => ({
  title: t("Inscrire cette tablette"),
  main: html`<p>${t("Cette tablette n’est à aucun site.")}</p>`,
});
