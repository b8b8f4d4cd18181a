// An overdose in the words of the team (ui.md §7); times count from its start.
import { AWAKE, CALLED, CANCELLED, NOT_CALLED, PLACE_UNKNOWN, POSITION, RESEDATION, SITE_GIVERS, STOP, odd } from "./event.js";
import { state } from "./store.js";
import { label, t } from "./words.js";

// 0:48, 12:05, 1:02:40; before the start, with a minus.
export const elapsed = (seconds) => {
  const whole = Math.abs(Math.trunc(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const clock = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return seconds <= -1 ? `−${clock}` : clock;
};

export const after = (event, at) => elapsed((at - event.opened.at) / 1000);

export const spoken = (seconds) => t("{m} minutes {s} secondes", { m: Math.floor(seconds / 60), s: Math.floor(seconds % 60) });

export const number = (value) => String(value).replace(/\.0+$|(\.\d*?)0+$/, "$1").replace(".", state.language === "en" ? "." : ",");

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// « place 4 », « aire de repos »; until somebody says where, that it is not said.
export const placeWords = ({ data, corrected }) => {
  const { booth, location } = data;
  if (booth) return t("place {booth}", { booth });
  return location === PLACE_UNKNOWN && !corrected ? t("lieu à préciser") : label("location", location).toLowerCase();
};

export const routeWords = (route) => (route === "in" ? label("dose_route", route) : route.toUpperCase());

export const awakeWords = (choice) => ({
  avpu_u: t("aucun"), avpu_p: t("à la douleur"), avpu_v: t("à la voix"), avpu_a: t("éveillée"),
}[choice]);

export const callWords = (choice) => ({
  [CALLED]: t("911 appelé"), [CANCELLED]: t("911 annulé"), [NOT_CALLED]: t("911 pas appelé"),
}[choice] ?? "911");

const UNITS = { spo2: "%", rr: "/min", hr: "/min", glucose: "mmol/L", temp: "°C" };
export const unit = (measure) => UNITS[measure] ?? "";

const stepWords = ({ step, choice, measure, value }) => {
  if (step === "call_911") return callWords(choice);
  if (step === "airway" && choice === POSITION) return t("Position latérale");
  if (AWAKE.includes(choice)) return t("Éveil : {how}", { how: awakeWords(choice) });
  if (step === "vitals") return `${label("measure", measure)} ${number(value)} ${unit(measure)}`.trim();
  const name = label("step", step);
  if (choice === STOP) return t("{step} : arrêt", { step: name });
  if (choice === RESEDATION) return t("Nouvelle sédation");
  return choice ? `${name} · ${label("step_choice", choice)}` : name;
};

const who = (record) => {
  const code = record.data.responder ?? record.by;
  return state.setup?.staff?.find((staff) => staff.code === code)?.name ?? code ?? t("auteur à confirmer");
};

const doseSmall = (record) => {
  const { dose_mg: mg, given_by: givenBy, lot } = record.data;
  const ours = SITE_GIVERS.includes(givenBy);
  const known = state.setup?.lots?.find((row) => row.lot === lot);
  const parts = [t("{mg} mg", { mg: number(mg) })];
  if (lot) parts.push(known ? t("lot {code}", { code: known.code }) : t("lot pas encore reçu"));
  else if (ours) parts.push(t("sans lot"));
  return [...parts, ours ? who(record) : label("given_by", givenBy)].join(" · ");
};

const wordsOf = (event, record) => {
  if (record.kind === "overdose.opened") return t("Début · {place}", { place: placeWords(record) });
  if (record.kind === "overdose.closed") return t("Intervention fermée");
  if (record.kind === "overdose.dose") {
    const place = event.doses.indexOf(record) + 1;
    return t("Dose {n} · {route}", { n: place || "", route: routeWords(record.data.route) });
  }
  return stepWords(record.data);
};

// One record as the timeline says it.
export const lineOf = (event, record) => ({
  id: record.id,
  record,
  after: after(event, record.at),
  about: Boolean(record.data.estimated),
  words: wordsOf(event, record),
  small: record.kind === "overdose.dose" ? doseSmall(record) : who(record),
  strong: record.kind === "overdose.dose",
  odd: odd(record.data.measure, record.data.value),
});

// « Dose 2, nasale 4 mg, à 2 minutes 50 secondes »: said once when it is noted.
export const saidOf = (event, record) => {
  const { words, small } = lineOf(event, record);
  const seconds = Math.max(0, (record.at - event.opened.at) / 1000);
  return t("{what}, {more}, à {time}", { what: words.replace(" · ", ", "), more: small, time: spoken(seconds) });
};
