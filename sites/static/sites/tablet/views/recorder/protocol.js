// Whose protocol it is: version, date, medical director, and its words for who wants to read them.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { state } from "../../store.js";
import { t } from "../../words.js";

const longDay = (day) => new Intl.DateTimeFormat(state.language === "en" ? "en-CA" : "fr-CA", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));

export const protocolWords = (protocol) => {
  const text = state.language === "en" ? protocol.text_en || protocol.text_fr : protocol.text_fr;
  return html`<details class="protocol"><summary>${t("Protocole v{version}, {day}, {director}", {
    version: protocol.version, day: longDay(protocol.valid_from), director: protocol.director,
  })}</summary><p class="protocol-text">${text}</p></details>`;
};
