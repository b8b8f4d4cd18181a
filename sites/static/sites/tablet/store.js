// The one state of the app. Views read it; what changes it calls `change`, and the page is drawn again.
export const state = {
  device: null, // {uuid, token, site: {code, name}, place}: enrolled once, kept in IndexedDB
  setup: null, // what the server says of the site: staff, rooms, products, protocol, key, words of codes
  person: null, // who holds the tablet: {code, name, language, may: [], unlock, until, pin, proven};
  // null while locked. Proven by the server's unlock, or without network by a PIN that waits to be checked
  drafts: new Map(), // half-typed sheets, code of the author → view; memory only
  view: { name: "lock" },
  base: null, // the room as the server last told it: {at, visits, events, warnings}; memory only
  boardAway: false, // the last time the room was asked for, nobody answered
  gists: [], // what was tapped here and is not in `base` yet: {id, kind, at, subject, booth, target, sent}
  declared: new Map(), // visit → {substances, route} as its author just typed it; memory only, gone with them
  spoken: "", // what a screen reader is told politely: an overdose that begins, a check that is due
  events: new Map(), // overdoses still running: event → {event, records, answers, …} (overdose.js)
  unsent: { count: 0, aside: 0, oldest: null }, // oldest: when it was tapped, ms; aside: passed over, see sender.js
  homeless: 0, // unsent records that the disk would not take, in memory only
  refused: [], // receipts that need a person: {id, kind, subject, booth, at, status, errors}
  unknown: false, // the server does not know this tablet any more
  lasting: null, // whether the browser promised to keep what is here; null until asked
  warningsRead: new Set(), // « Lu », as "code of the person, id of the warning"; memory only
  notices: [], // undo toasts: {text, undo, until}
  online: navigator.onLine,
  offset: null, // server clock − tablet clock, in ms; null until measured
  language: navigator.language.startsWith("en") ? "en" : "fr",
  practice: false,
  toConfirm: 0, // records that whoever holds the tablet may say to be theirs
  revoked: false, // taken out of service: nothing of the site is kept any more
  tick: Date.now(),
};

const listeners = new Set();
let asked = false;

export const onChange = (listener) => listeners.add(listener);

// change({view: …}) or change() after a deeper edit: draws once, after all that runs now.
export const change = (parts = {}) => {
  Object.assign(state, parts);
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    for (const listener of listeners) listener(state);
  });
};

// --- Views are plain objects; what is half typed lives in the view, so that a lock can set it aside ---

let opened = "";
let shelf = null; // a sheet left by Esc: {by, view}; its author finds it as it was

// Whether something was typed or chosen since the view was opened.
export const isTouched = () => JSON.stringify(state.view) !== opened;

export const shelve = () => {
  const view = "handle" in state.view ? { ...state.view, handle: "" } : state.view; // never a handle
  if (isTouched()) shelf = { by: state.person?.code, view };
};

// The shelved sheet, taken off the shelf: it is opened, or set aside with the lock.
export const unshelve = (fits = () => true) => {
  if (!shelf || shelf.by !== state.person?.code || !fits(shelf.view)) return null;
  const { view } = shelf;
  shelf = null;
  return view;
};

export const go = (name, rest = {}) => {
  const view = { name, ...rest };
  opened = JSON.stringify(view);
  const asks = Object.entries(view);
  change({ view: unshelve((kept) => asks.every(([key, value]) => kept[key] === value)) ?? view });
};
