// A sheet of the logbook: a service, a drug check, a breach, an incident, a substance left behind.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { agoChips, agoSummary, arrows, chip, offered, toggled, wordsOf } from "../chips.js";
import { icon } from "../icon.js";
import { floorNow } from "../live.js";
import { SHEETS, askedOf, dayIn, lacking, writeSheet } from "../logbook.js";
import { nameOf, spokenName } from "../names.js";
import { Refused } from "../rules.js";
import { change, go, state } from "../store.js";
import { touchedAt } from "../touch.js";
import { day, n, t } from "../words.js";
import { problemBox } from "./problem.js";

const MINUTE = 60_000;
const SUSPENSIONS = [1, 3, 7, 14, 30, 90];
const MOST = 200;

const put = (parts) => { Object.assign(state.view, parts, { problem: null }); change(); };

const set = (view, name, value) => put({ values: { ...view.values, [name]: value } });

const group = (name, words, chips) => html`<fieldset class="choice" id="f-${name}" @keydown=${arrows}><legend>${words}</legend><div class="chips">${chips}</div></fieldset>`;

const codes = (view, { name, list, type, words, group: only }) => {
  const chosen = view.values?.[name] ?? (type === "many" ? [] : "");
  const inGroup = only && only(view.values ?? {});
  const values = offered(list).filter((value) => !inGroup || value.group === inGroup);
  const isOn = (code) => (type === "many" ? chosen.includes(code) : chosen === code);
  const next = (code) => (type === "many" ? toggled(chosen, code) : chosen === code ? "" : code);
  const draw = (value) => chip({ words: wordsOf(value), on: isOn(value.code), tap: () => set(view, name, next(value.code)) });
  const rest = values.filter((value) => !value.common);
  return group(name, words(), html`${values.filter((value) => value.common).map(draw)}${rest.length ? html`<details class="more" ?open=${rest.some(({ code }) => isOn(code))}><summary class="pick">${t("Autre…")}</summary><div class="chips">${rest.map(draw)}</div></details>` : nothing}`);
};

const answer = (view, { name, words }) => group(name, words(), [[true, t("Oui")], [false, t("Non")]].map(([value, said]) => chip({ words: said, on: view.values?.[name] === value, tap: () => set(view, name, view.values?.[name] === value ? undefined : value) })));

const days = (view, { name, words }) => group(name, words(), html`${SUSPENSIONS.map((count) => chip({ words: n("{count} jour", "{count} jours", count), on: view.values?.[name] === dayIn(count), tap: () => set(view, name, dayIn(count)) }))}${view.values?.[name] ? html`<p class="facts">${t("jusqu’au {day} compris, puis finit d’elle-même", { day: day(Date.parse(`${view.values[name]}T12:00:00Z`)) })}</p>` : nothing}`);

const text = (view, { name, words, most = MOST }) => html`<p class="field" id="f-${name}"><label for="w-${name}">${words()}</label><input class="input" id="w-${name}" maxlength=${most} autocomplete="off" .value=${view.values?.[name] ?? ""} @input=${(event) => { view.values = { ...view.values, [name]: event.target.value }; }}></p>`;

const flag = (view, { name, words }) => html`<p id="f-${name}">${chip({ words: words(), on: Boolean(view.values?.[name]), tap: () => set(view, name, view.values?.[name] ? undefined : true) })}</p>`;

const DRAW = { one: codes, many: codes, answer, days, text, flag };

// Who it is about: the people who are here; nobody is named.
const about = (view) => {
  if (!SHEETS[view.sheet].links.includes("visit")) return nothing;
  const here = floorNow().all.filter((row) => row.state !== "closed" && row.state !== "left");
  if (!here.length) return nothing;
  return group("visit", t("Pour qui?"), html`${here.map((row) => chip({ words: html`${nameOf(row)}<span class="hidden-text"> ${spokenName(row)}</span>`, on: view.visit === row.visit, tap: () => put({ visit: view.visit === row.visit ? undefined : row.visit }) }))}`);
};

const write = (view) => async () => {
  if (view.sending) return;
  const missing = lacking(view);
  if (missing) {
    Object.assign(state.view, { problem: { text: t("Il manque une réponse."), field: missing.name } });
    change();
    return;
  }
  view.sending = true;
  try {
    await writeSheet(view, touchedAt() - (view.ago ?? 0) * MINUTE);
  } catch (error) {
    view.sending = false;
    if (!(error instanceof Refused)) throw error;
    Object.assign(state.view, { problem: { text: Object.values(error.errors)[0] } });
    change();
  }
};

const back = (view) => () => go(view.visit ? "visit" : "more", view.visit ? { visit: view.visit } : {});

export const logbook = (view) => {
  const { words, warning } = SHEETS[view.sheet];
  return {
    title: words(),
    titled: true,
    shape: "door",
    main: html`<section class="panel broad logbook">
      <div class="lineup head"><button class="round" type="button" @click=${back(view)}>${icon("back")}<span class="hidden-text">${t("Revenir")}</span></button><h1 class="step-title" tabindex="-1">${words()}</h1>${agoSummary({ minutes: view.ago ?? 0, open: view.dating, toggle: () => put({ dating: !view.dating }) })}</div>
      ${view.dating ? agoChips({ minutes: view.ago ?? 0, pick: (ago) => put({ ago, dating: false }) }) : nothing}
      ${problemBox(view.problem)}
      ${warning ? html`<p class="hint">${warning()}</p>` : nothing}
      ${about(view)}${askedOf(view).map((field) => DRAW[field.type](view, field))}</section>`,
    dock: html`<button class="btn main now" type="button" @click=${write(view)}>${icon("check")}${t("Noter")}</button>
      <button class="btn now" type="button" @click=${back(view)}>${icon("back")}${t("Revenir")}</button>`,
  };
};
