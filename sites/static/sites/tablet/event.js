// What the records of one overdose add up to, as sites/overdoses/services.py folds them. Pure functions.
// A record: {id, kind, at, by, data}; `at` in ms on this tablet's clock. `offset`: server clock − tablet clock,
// in ms, because a correction says when on the server's clock.

const OPENED = "overdose.opened";
const STEP = "overdose.step";
const DOSE = "overdose.dose";
const CLOSED = "overdose.closed";
const CORRECTED = "record.corrected";
const VOIDED = "record.voided";

export const CALLED = "called";
export const CANCELLED = "cancelled";
export const NOT_CALLED = "not_called";
export const POSITION = "position";
export const ENDED = "response_end";
export const STOP = "stop";
export const RESEDATION = "resedation";
export const AWAKE = ["avpu_u", "avpu_p", "avpu_v", "avpu_a"];
export const SITE_GIVERS = ["staff_nurse", "staff_other", "peer_worker"];
export const DEATHS = ["death_site", "death_later"];
export const STIMULANT = "stimulant_toxicity";
export const PLACE_UNKNOWN = "other_indoor";
const VENTILATION = ["rescue_breaths", "bvm"];

// Outside of these a value is kept all the same, marked « à confirmer » (domain.md §7.1).
const PLAUSIBLE = { spo2: [40, 100], rr: [0, 60], hr: [20, 250], gcs: [3, 15], glucose: [0.5, 40], temp: [25, 43] };

export const odd = (measure, value) => {
  const [low, high] = PLAUSIBLE[measure] ?? [0, 9999];
  return value !== undefined && (Number(value) < low || Number(value) > high);
};

const amended = (record, changes, offset) => {
  const { occurred_at: at, ...fields } = changes;
  const data = { ...record.data, ...fields };
  for (const [name, value] of Object.entries(data)) if (value === null) delete data[name];
  return { ...record, at: at ? Date.parse(at) - offset : record.at, data, corrected: true };
};

// Corrections and voids applied, in the order in which things happened.
export const live = (records, offset = 0) => {
  const told = new Map();
  for (const record of records) if (![CORRECTED, VOIDED].includes(record.kind)) told.set(record.id, record);
  for (const { kind, data } of records) {
    if (kind === CORRECTED && told.has(data.target)) {
      told.set(data.target, amended(told.get(data.target), data.data, offset));
    }
  }
  for (const { kind, data } of records) if (kind === VOIDED) told.delete(data.target);
  return [...told.values()].sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
};

// {opened, steps, doses, ended, closed, late, told}: `ended` when the response is over and the answers are still
// to give; `late` is what is told after the closing. An event that another
// tablet opened and that was not read yet has `stub` for its opening; null when nothing opened it.
export const fold = (records, stub = null, offset = 0) => {
  const told = live(records, offset);
  const opened = told.find((record) => record.kind === OPENED) ?? stub;
  if (!opened) return null;
  const event = { opened, steps: [], doses: [], ended: opened.ended ?? null, closed: null, late: [], told };
  for (const record of told) {
    if (event.closed) event.late.push(record);
    else if (record.kind === STEP) event.steps.push(record);
    else if (record.kind === DOSE) event.doses.push(record);
    else if (record.kind === CLOSED) event.closed = record;
    if (record.data.step === ENDED) event.ended = record;
  }
  return event;
};

export const stepsOf = (event, step) => event.steps.filter((record) => record.data.step === step);
export const lastOf = (records) => records[records.length - 1] ?? null;
export const mgOf = (event) => Math.round(event.doses.reduce((sum, { data }) => sum + Number(data.dose_mg), 0) * 100) / 100;

const recognisedAt = (event) => Math.min(event.opened.at, ...stepsOf(event, "recognised").map((record) => record.at));

// Whole seconds from recognition to the first of these; null when there is none.
export const secondsTo = (event, records) => {
  if (!records.length) return null;
  return Math.max(0, Math.floor((Math.min(...records.map((record) => record.at)) - recognisedAt(event)) / 1000));
};

export const callsOf = (event) => stepsOf(event, "call_911").filter((record) => record.data.choice === CALLED);

// 0 watched … 6 resuscitated (domain.md §3.4); derived, never typed.
export const severity = (event) => {
  const codes = new Set(event.steps.map((record) => record.data.step));
  const resedated = stepsOf(event, "observation_end").some((record) => record.data.choice === RESEDATION);
  if (codes.has("cpr_aed")) return 6;
  if (event.doses.length >= 2 || resedated) return 5;
  if (event.doses.length) return 4;
  if (VENTILATION.some((code) => codes.has(code))) return 3;
  if (codes.has("oxygen_start")) return 2;
  return codes.has("stimulation") || codes.has("airway") ? 1 : 0;
};

// When the protocol's interval after the last dose is over: {at, seconds}, or null without one.
// Nothing is timed for a stimulant: naloxone does not answer it.
export const nextDose = (event, protocol, presentation) => {
  const dose = lastOf(event.doses);
  if (!dose || event.ended || event.closed || presentation === STIMULANT) return null;
  const seconds = protocol?.intervals?.[dose.data.product]?.[dose.data.route];
  return seconds ? { at: dose.at + seconds * 1000, seconds } : null;
};

// Records of the server and of this tablet as one list: the server's order first, then what it has not seen.
// A record made here keeps the moment of its own touch.
export const merged = (here, there) => {
  const mine = new Map(here.map((record) => [record.id, record]));
  const seen = new Set(there.map((record) => record.id));
  return [
    ...there.map((record) => mine.get(record.id) ?? record),
    ...here.filter((record) => !seen.has(record.id)),
  ];
};
