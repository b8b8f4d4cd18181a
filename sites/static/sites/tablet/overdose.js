// Overdoses that run on this tablet: state.events, kept readable while they run (docs/tablet.md).
// Each act is a record like any other; the event is kept in the same breath as the record.
import { act } from "./acts.js";
import { db } from "./db.js";
import { ENDED, PLACE_UNKNOWN, fold } from "./event.js";
import { leavePractice } from "./practice.js";
import { change, go, state } from "./store.js";
import { deafen, touchedAt } from "./touch.js";
import { uuid7 } from "./uuid7.js";

const MINUTE_MS = 60_000;
const RECORDER = new Set(["recorder", "closing", "falseAlarm", "twoClosings", "afterwards"]);
// Those that are over and left this tablet: the room may still tell them for a moment.
export const gone = new Set();
const GIVERS = { nurse: "staff_nurse", peer: "peer_worker" };

// --- Where they stand ---------------------------------------------------------------------

export const offset = () => Math.round(state.offset ?? 0);

// {opened, steps, …} of an event that this tablet knows; null when nothing opened it.
export const foldOf = (row) => fold(row.records, row.stub, offset());

const stubOf = (told) => ({
  id: null,
  kind: "overdose.opened",
  at: Date.parse(told.opened_at) - offset(),
  by: null,
  ended: told.ended ? { at: Date.parse(told.opened_at) - offset() } : null,
  data: { event: told.event, location: told.location, booth: told.booth ?? undefined, visit: told.visit ?? undefined },
});

// Everything not closed yet, first opened first: [{row, event}]; those of other tablets as the room tells them.
const open = () => {
  const here = [...state.events.values()];
  const away = (state.base?.events ?? []).filter((told) => !state.events.has(told.event) && !gone.has(told.event));
  const rows = [...here, ...away.map((told) => ({ event: told.event, records: [], stub: stubOf(told), away: true }))];
  return rows
    .map((row) => ({ row, event: foldOf(row) }))
    .filter(({ event }) => event && !event.closed)
    .sort((one, other) => one.event.opened.at - other.event.opened.at);
};

export const running = () => open().filter(({ event }) => !event.ended);

// The response is over, the answers can wait until the end of the shift.
export const toFinish = () => open().filter(({ event }) => event.ended);

// --- Keeping them -------------------------------------------------------------------------

const bare = ({ id, kind, at, by, data, owed = false }) => ({ id, kind, at, by, data, owed, kept: true });

const stored = ({ records, tablets, ...row }) => ({ ...row, records: records.filter((record) => record.kept).map(bare) });

export const loadEvents = async () => {
  for (const row of await (await db).getAll("events")) state.events.set(row.event, row);
  change();
};

// The one that was on the screen when the tablet went out, if it still runs.
export const shownEvent = () => running().find(({ row }) => row.shown)?.row.event ?? null;

export const put = async (row) => {
  if (!row.practice) await (await db).put("events", stored(row));
};

// When what is tapped happened: now, or, of an event that is over, the rough moment chosen on the screen.
const momentOf = (row) => (row.past ? { at: Date.now() - row.past.ago * MINUTE_MS, estimated: true } : { at: touchedAt(), estimated: false });

// One record about an event: shown at once, kept at once. Gives its id.
export const write = (row, kind, data, { at, estimated } = momentOf(row)) => {
  const by = state.person?.code ?? null;
  const ofEvent = kind.startsWith("overdose.");
  const told = {
    ...data,
    ...(ofEvent && estimated && { estimated: true }),
    ...(ofEvent && row.responder && row.responder !== by && { responder: row.responder }),
  };
  const record = { id: uuid7(), kind, at, by, data: told, kept: false };
  row.records = [...row.records, record];
  if (state.setup || row.practice) hand(row, record);
  else owe(row, record);
  change();
  return record.id;
};

// `saving` until the disk has it: the line on the screen says so to whoever asks.
const hand = (row, record) => {
  record.saving = true;
  const event = () => {
    Object.assign(record, { kept: true, owed: false });
    return stored(row);
  };
  return act(record.kind, record.data, { at: record.at, id: record.id, event }).finally(() => {
    record.saving = false;
    change();
  });
};

// A tablet that belongs to no site has nobody to seal for: its records go out once it is enrolled.
const owe = (row, record) => {
  Object.assign(record, { kept: true, owed: true });
  put(row);
};

export const payOwed = () => {
  if (!state.setup || state.person) return;
  for (const row of state.events.values()) {
    for (const record of row.records) if (record.owed) hand(row, Object.assign(record, { owed: false }));
  }
};

// --- Starting and joining -----------------------------------------------------------------

const opening = ({ booth, visit, location }) => ({
  location: location ?? (booth ? "booth" : PLACE_UNKNOWN),
  ...(booth && { booth }),
  ...(visit && { visit, person: "client_visit" }),
});

const onScreen = (event) => {
  for (const row of state.events.values()) {
    if (Boolean(row.shown) === (row.event === event)) continue;
    row.shown = row.event === event;
    if (row.records.some((record) => record.kept)) put(row);
  }
};

const show = (event) => {
  deafen();
  if (!state.events.get(event).practice) leavePractice(); // what is told here is real
  onScreen(event);
  const { view, person } = state;
  const beneath = RECORDER.has(view.name) ? view.beneath : { view, by: person?.code ?? null };
  go("recorder", { event, beneath });
};

// The clock runs from the touch. A second touch of the same panic joins the event that the first one opened.
export const startOverdose = ({ booth = null, visit = null, location = null, event = uuid7(), at = touchedAt() } = {}) => {
  if (!state.events.has(event)) {
    const row = { event, records: [], answers: {}, practice: state.practice };
    state.events.set(event, row);
    write(row, "overdose.opened", { event, ...opening({ booth, visit, location }) }, { at });
  }
  show(event);
  return event;
};

// One that is already over: nothing runs, every time is a rough one until somebody makes it right.
export const recallOverdose = ({ ago, booth = null, location = null, responder = null }) => {
  const event = uuid7();
  const row = { event, records: [], answers: {}, practice: state.practice, responder, past: { ago } };
  state.events.set(event, row);
  write(row, "overdose.opened", { event, ...opening({ booth, location }), occurred_precision: "estimated" });
  step(row, ENDED);
  show(event);
};

// The rough moment of what is tapped next.
export const setMoment = (row, ago) => {
  row.past = { ago };
  put(row);
  change();
};

// Who did what is tapped next, when it is not who holds the tablet.
export const setResponder = (row, responder) => {
  row.responder = responder;
  put(row);
  change();
};

export const joinOverdose = (row) => {
  if (row.away) {
    const { away, ...kept } = row;
    state.events.set(row.event, { ...kept, answers: {} });
    put(state.events.get(row.event));
  }
  show(row.event);
};

// Back to what was under the recorder; someone else's half-typed sheet waits under its author's name.
export const leaveRecorder = () => {
  onScreen(null);
  const { beneath } = state.view;
  const mine = beneath && beneath.by === (state.person?.code ?? null);
  if (mine) {
    change({ view: beneath.view });
    return;
  }
  if (beneath?.by) state.drafts.set(beneath.by, beneath.view);
  go(state.person ? "board" : "lock");
};

// --- What a tap writes --------------------------------------------------------------------

export const step = (row, code, more = {}) => write(row, "overdose.step", { event: row.event, step: code, ...more });

const inForce = ({ valid_from: from, valid_to: to }, day) => !(from && day < from) && !(to && day > to);

// Units given here since the stock was last told.
const givenSince = (code) => running().flatMap(({ event }) => event.doses)
  .filter((told) => told.data.product === code && told.data.lot && told.at > Date.parse(state.setup.as_of) - offset()).length;

// Products of today, strongest first, each with the lot to take from: first-expiring with something in it.
export const products = () => {
  const day = new Date().toISOString().slice(0, 10);
  return (state.setup?.products ?? []).filter((product) => inForce(product, day)).map((product) => {
    const lots = (state.setup.lots ?? []).filter((lot) => lot.product === product.code && lot.expiry >= day);
    const units = lots.reduce((sum, lot) => sum + lot.units, 0);
    return { ...product, lots, lot: lots.find((lot) => lot.units > 0) ?? lots[0] ?? null, left: units - givenSince(product.code) };
  });
};

// Of the site: whoever holds the tablet, by their role.
const giverOf = (code) => GIVERS[state.setup?.staff.find((staff) => staff.code === code)?.role] ?? "staff_other";

export const dose = (row, product) => write(row, "overdose.dose", {
  event: row.event,
  product: product.code,
  route: product.route,
  dose_mg: String(product.strength_mg),
  given_by: giverOf(row.responder ?? state.person?.code),
  ...(product.lot && { lot: product.lot.lot }),
});

export const correct = (row, target, data, reason) => write(row, "record.corrected", { target, data, reason }, { at: Date.now() });
export const withdraw = (row, target, reason) => write(row, "record.voided", { target, reason }, { at: Date.now() });

// A false alarm: every line, then the opening. Nothing is counted; the trace stays.
export const takeBack = (row) => {
  const event = foldOf(row);
  const lines = event.told.filter((record) => record.id !== event.opened.id).reverse();
  for (const record of [...lines, event.opened]) withdraw(row, record.id, "fausse alerte");
};

export const finishLater = (row) => {
  if (!foldOf(row).ended) step(row, ENDED);
};

// After everything that is told so far, for what is told after a closing counts in nothing.
export const closeEvent = (row, data) => {
  const last = Math.max(...foldOf(row).told.map((record) => record.at));
  const { at, estimated } = momentOf(row);
  return write(row, "overdose.closed", data, { at: Math.max(at, last + 1), estimated });
};

// Another moment; « il y a N min » makes it a rough one.
export const setTime = (row, record, at, about = false) => {
  const moment = new Date(Math.min(at, Date.now()) + offset()).toISOString();
  const estimated = about === Boolean(record.data.estimated) ? {} : { estimated: about || null };
  correct(row, record.id, { occurred_at: moment, ...estimated }, "heure précisée");
};

// A record told of the wrong person: taken out of one event, told in the other at the same moment.
export const move = (row, record, other) => {
  withdraw(row, record.id, "autre surdose");
  return write(other, record.kind, { ...record.data, event: other.event }, { at: record.at });
};

// What is answered of the closing so far; kept with the event, sent only when all is.
export const answer = (row, answers) => {
  row.answers = { ...row.answers, ...answers };
  put(row);
  change();
};

// Whether the breathing rhythm is on, remembered for this event.
export const pace = (row, on) => {
  row.pacer = on;
  put(row);
  change();
};
