// Choices as chips: several for substances, one for the rest; what is rare under « Autre… ».
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { icon } from "./icon.js";
import { state } from "./store.js";
import { t } from "./words.js";

const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// Arrow keys go from chip to chip of a group.
export const arrows = (event) => {
  const step = NEXT[event.key];
  if (!step) return;
  const chips = [...event.currentTarget.querySelectorAll("button.pick, summary.pick")].filter((chip) => chip.checkVisibility());
  const at = chips.indexOf(event.target.closest(".pick"));
  if (at < 0) return;
  event.preventDefault();
  chips[(at + step + chips.length) % chips.length].focus();
};

const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: state.setup.site.zone }).format(state.tick);

// The values of a list that may be chosen today.
export const offered = (list) => {
  const day = today();
  return (state.setup?.codes[list] ?? []).filter((value) => !(value.valid_from && day < value.valid_from) && !(value.valid_to && day > value.valid_to));
};

export const wordsOf = (value) => (state.language === "en" ? value.label_en : value.label_fr);

const isSoft = (value) => value.group === "unknown" || value.code === "dec" || value.code === "unknown";

export const chip = ({ words, on, soft = false, tap, disabled = false }) => html`<button class="pick ${soft ? "soft" : ""}" type="button" aria-pressed=${on ? "true" : "false"} aria-disabled=${disabled ? "true" : nothing} @click=${disabled ? null : tap}>${on ? icon("check", true) : nothing}${words}</button>`;

// list: a code list; chosen: codes; pick(code): what a tap does.
export const codeChips = ({ list, legend, chosen, pick, name = list }) => {
  const values = offered(list);
  const draw = (value) => chip({ words: wordsOf(value), on: chosen.includes(value.code), soft: isSoft(value), tap: () => pick(value.code) });
  const rest = values.filter((value) => !value.common);
  return html`<fieldset class="choice" id="f-${name}" @keydown=${arrows}><legend>${legend}</legend><div class="chips">${values.filter((value) => value.common).map(draw)}${rest.length ? html`<details class="more" ?open=${rest.some((value) => chosen.includes(value.code))}><summary class="pick">${t("Autre…")}</summary><div class="chips">${rest.map(draw)}</div></details>` : nothing}</div></fieldset>`;
};

export const toggled = (codes, code) => (codes.includes(code) ? codes.filter((one) => one !== code) : [...codes, code]);

// il y a N min: when it happened, for what is written after the fact.
const AGES = [0, 5, 10, 15, 30, 60];

const ageWords = (age) => (age ? t("il y a {n} min", { n: age }) : t("Maintenant"));

// Folded to one chip, which says what is chosen: most is tapped as it happens.
export const agoSummary = ({ minutes, open, toggle }) => html`<button class="pick soft" type="button" aria-expanded=${open ? "true" : "false"} @click=${toggle}>${icon("clock", true)}${ageWords(minutes)}</button>`;

export const agoChips = ({ minutes, pick }) => html`<fieldset class="choice" id="f-ago" @keydown=${arrows}><legend>${t("Quand?")}</legend><div class="chips">${AGES.map((age) => chip({ words: ageWords(age), on: minutes === age, tap: () => pick(age) }))}</div></fieldset>`;
