// The sheets of the logbook: what each asks, and the records that one tap writes.
import { act, together } from "./acts.js";
import { noted } from "./notices.js";
import { go, state } from "./store.js";
import { t } from "./words.js";
import { uuid7 } from "./uuid7.js";

const STRIPS = {
  strip_fentanyl: "fentanyl", strip_benzodiazepine: "benzodiazepine", strip_nitazene: "nitazene",
  strip_xylazine: "xylazine", strip_medetomidine: "medetomidine",
};
const DAY_MS = 86_400_000;

// The one substance that a strip answers for; undefined for other methods.
export const targetOf = ({ method }) => STRIPS[method];

// The service day so many days from the one that runs: 2026-11-25.
export const dayIn = (days) => new Date(Date.parse(`${state.setup.day.date}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

const keepsSuspended = ({ action }) => action === "suspended";
const hasDetails = ({ kind }) => kind === "stbbi_test" || kind === "vaccination";
const notAStrip = (values) => !targetOf(values);
const isReferral = ({ placement }) => Boolean(placement) && placement !== "in_scs";

// type: one, many (codes of a list), answer (yes, no), flag, days, text. when(values): whether it is asked.
export const SHEETS = {
  service: {
    kind: "service.recorded", sign: "plus", links: ["visit"],
    words: () => t("Service ou référence"), hint: () => t("Soins, dépistage, vaccin, référence"),
    fields: [
      { name: "kind", type: "one", list: "service", words: () => t("Quel service?"), asked: true },
      { name: "placement", type: "one", list: "placement", words: () => t("Où?"), asked: true },
      { name: "details", type: "many", list: "service_detail", words: () => t("Lesquels?"), when: hasDetails, group: ({ kind }) => kind },
      { name: "accepted", type: "answer", words: () => t("Acceptée par la personne"), when: isReferral },
    ],
  },
  check: {
    kind: "drugcheck.recorded", sign: "vial", links: ["visit"],
    words: () => t("Analyse de substance"), hint: () => t("Bandelette, infrarouge, laboratoire"),
    warning: () => t("Une bandelette ne répond que pour une substance : elle ne dit ni la composition, ni la force, ni ce qui est sans danger."),
    fields: [
      { name: "method", type: "one", list: "check_method", words: () => t("Méthode"), asked: true },
      { name: "expected", type: "many", list: "substances", words: () => t("Attendu par la personne") },
      { name: "positive", type: "answer", words: () => t("La bandelette est-elle positive?"), when: targetOf, asked: true },
      { name: "detected", type: "many", list: "substances", words: () => t("Trouvé par l’analyse"), when: notAStrip },
      { name: "also_detected", type: "many", list: "adulterant", words: () => t("Trouvé aussi"), when: notAStrip },
      { name: "sample", type: "one", list: "sample_outcome", words: () => t("Ce que devient l’échantillon") },
    ],
  },
  breach: {
    kind: "breach.recorded", sign: "flag", links: ["visit"],
    words: () => t("Manquement aux règles"), hint: () => t("Ce qui s’est passé, la mesure, sa fin"),
    fields: [
      { name: "code", type: "one", list: "breach", words: () => t("Quelle règle?"), asked: true },
      { name: "action", type: "one", list: "breach_action", words: () => t("Mesure"), asked: true },
      { name: "until", type: "days", words: () => t("Suspension : combien de jours?"), when: keepsSuspended, asked: true },
      { name: "appeal", type: "answer", words: () => t("Droit de demander une révision : expliqué") },
      { name: "decided_by_role", type: "one", list: "decided_by", words: () => t("Décidée par") },
      { name: "notes", type: "text", words: () => t("Précisions, sans nommer personne") },
    ],
  },
  incident: {
    kind: "incident.recorded", sign: "flag", subject: "incident", links: [],
    words: () => t("Incident"), hint: () => t("Violence, piqûre, feu, dégât, panne"),
    fields: [
      { name: "kind", type: "one", list: "incident", words: () => t("Que s’est-il passé?"), asked: true },
      { name: "location", type: "one", list: "location", words: () => t("Lieu") },
      { name: "staff_hurt", type: "flag", words: () => t("Quelqu’un de l’équipe est blessé ou exposé") },
      { name: "guest_hurt", type: "flag", words: () => t("Une autre personne est blessée ou exposée") },
      { name: "ems_called", type: "one", list: "ems_called", words: () => t("911") },
      { name: "notes", type: "text", words: () => t("Précisions, sans nommer personne") },
    ],
  },
  left: {
    kind: "leftbehind.recorded", sign: "lock", subject: "left", links: [],
    words: () => t("Substance laissée"), hint: () => t("Trouvée, scellée, rangée : deux signatures"),
    fields: [
      { name: "place", type: "text", words: () => t("Trouvée où?"), most: 60, asked: true },
      { name: "description", type: "text", words: () => t("Ce que l’on voit") },
      { name: "seal_no", type: "text", words: () => t("Numéro du scellé"), most: 40 },
      { name: "storage", type: "text", words: () => t("Rangée où?"), most: 60 },
    ],
  },
};

export const askedOf = ({ sheet, values = {} }) => SHEETS[sheet].fields.filter(({ when }) => !when || when(values));

const given = (value) => value !== undefined && value !== "" && !(Array.isArray(value) && !value.length);

// The first field that has to be answered and is not.
export const lacking = (view) => askedOf(view).find(({ name, asked }) => asked && !given(view.values?.[name])) ?? null;

const answers = (view) => Object.fromEntries(askedOf(view)
  .map(({ name }) => [name, view.values?.[name]])
  .filter(([, value]) => given(value)));

const dataOf = (view) => {
  const { positive, ...data } = answers(view);
  const target = targetOf(data);
  if (target && positive) data.detected = [target];
  return { ...data, ...(SHEETS[view.sheet].links.includes("visit") && view.visit ? { visit: view.visit } : {}) };
};

// Found, then sealed and stored when that was done: a step, and a record, each.
const stepsOf = ({ place, description, seal_no, storage }, left) => [
  ["leftbehind.recorded", { left, step: "found", place, ...(description ? { description } : {}) }],
  ...(seal_no ? [["leftbehind.recorded", { left, step: "sealed", seal_no }]] : []),
  ...(storage ? [["leftbehind.recorded", { left, step: "stored", storage }]] : []),
];

// Writes the sheet. A substance left behind then asks for the second signature.
export const writeSheet = async (view, at) => {
  const { kind, words, subject } = SHEETS[view.sheet];
  if (view.sheet === "left") {
    const left = uuid7();
    const ids = await together(stepsOf(answers(view), left), { at });
    noted({ ids, words: words() });
    go("secondName", { left, steps: ids });
    return;
  }
  const id = await act(kind, { ...dataOf(view), ...(subject ? { [subject]: uuid7() } : {}) }, { at });
  noted({ ids: [id], words: words() });
  go(view.visit ? "visit" : "board", view.visit ? { visit: view.visit } : {});
};

// The second person signs each step with their own six digits; the tablet stays with who holds it.
export const signSecond = async ({ left, steps, who }, pin) => {
  const as = { code: who, pin };
  for (const signs of steps) await act("leftbehind.signed", { left, signs }, { as });
};
