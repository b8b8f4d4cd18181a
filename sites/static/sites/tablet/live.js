// The live room: asked for every three seconds, 304 while nothing changed; never under a finger.
import { Away, call } from "./api.js";
import { db, get } from "./db.js";
import { announce } from "./announce.js";
import { floorOf } from "./floor.js";
import { hasEnded, roomAfter } from "./room.js";
import { foldOf, running } from "./overdose.js";
import { besidePractice } from "./practice.js";
import { change, onChange, state } from "./store.js";

const EVERY_MS = 3_000;
const HOLD_MS = 600;
const KEYS_HOLD_MS = 3_000;
const AGE_EVERY_MS = 30_000;
const TOLD_MS = 5_000;
const TIMES = ["since", "arrived_at", "checked_at", "observe_until"];

let tag = "";
let asking = false;
let finger = false;
let heldUntil = 0;

// --- What was told, on this tablet's clock ---------------------------------------------------

const onOurClock = (answer, received) => {
  const shift = received - Date.parse(answer.as_of);
  const at = (text) => (text ? Date.parse(text) + shift : null);
  const timed = (row, names) => ({ ...row, ...Object.fromEntries(names.map((name) => [name, at(row[name])])) });
  return {
    at: received,
    visits: answer.visits.map((row) => timed(row, TIMES)),
    booths: answer.booths.map((row) => timed(row, ["freed_at"])),
    events: answer.events,
    stock: answer.stock,
    warnings: answer.warnings ?? [],
  };
};

// What has its receipt since before the room was asked for is in the answer.
const settle = (asked) => state.gists.filter((gist) => !(gist.sent && gist.sent < asked));

// What was typed here is told by the server from then on, and may be changed by another tablet.
const forgetDeclared = (gists, asked) => {
  const waiting = new Set(gists.map((gist) => gist.subject));
  for (const [visit, { at }] of state.declared) if (!waiting.has(visit) && asked - at > TOLD_MS) state.declared.delete(visit);
};

const told = (base, asked) => {
  const gists = settle(asked);
  forgetDeclared(gists, asked);
  return { base, gists, boardAway: false };
};

const ask = async () => {
  const asked = Date.now();
  const answer = await call("/api/v1/tablet/room", { headers: tag ? { "If-None-Match": tag } : {} });
  if (answer.status === 200) {
    tag = answer.headers.get("ETag") ?? "";
    return told(onOurClock(answer.body, Date.now()), asked);
  }
  if (answer.status !== 304 || !state.base) return { boardAway: true };
  return told({ ...state.base, at: Date.now() }, asked);
};

export const poll = async () => {
  if (asking || !state.device) return;
  asking = true;
  const holder = state.person;
  try {
    const practising = state.practice;
    const parts = await ask();
    // Whoever holds the tablet now may not be who asked: words for one are not for the other.
    if (holder !== state.person || practising !== state.practice) tag = "";
    else if (!practising) change(parts);
    else if (parts.base?.visits !== state.base.visits) besidePractice(parts.base ?? state.base);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    change({ boardAway: true });
  } finally {
    asking = false;
  }
  if (holder !== state.person) poll();
};

// --- The room as it stands -------------------------------------------------------------------

let known = { base: null, mark: "", room: { visits: [], freed: new Map(), refused: new Map() } };

// {visits, freed, refused}; counted again only when something came or was tapped.
export const roomNow = () => {
  const mark = state.gists.map((gist) => `${gist.id}${gist.sent ? "+" : ""}`).join();
  if (known.base !== state.base?.visits || known.mark !== mark) {
    known = { base: state.base?.visits, mark, room: roomAfter(state.base?.visits ?? [], state.gists) };
  }
  return known.room;
};

const eventsNow = () => running().map(({ row, event: { opened } }) => ({
  event: row.event, booth: opened.data.booth, visit: opened.data.visit, since: opened.at,
}));

// Naloxone given here and not told by the server yet: watched from then on all the same.
const observedHere = (visit) => {
  const doses = [...state.events.values()].map(foldOf).filter((event) => event?.opened.data.visit === visit).flatMap((event) => event.doses);
  return doses.length ? Math.max(...doses.map((dose) => dose.at)) + (state.setup?.site.observe_minutes ?? 0) * 60_000 : 0;
};

// What the board shows now.
export const floorNow = () => {
  const { visits, freed } = roomNow();
  const rows = visits.map((visit) => ({
    ...visit,
    ...state.declared.get(visit.visit),
    observe_until: Math.max(visit.observe_until ?? 0, observedHere(visit.visit)),
  }));
  return floorOf({ rooms: state.setup?.rooms ?? [], visits: rows, freed, booths: state.base?.booths, events: eventsNow(), present: state.tick });
};

// --- What stays on the tablet: of each open visit its id, place and clock times --------------

const skeleton = ({ visit, state: where, booth, since, arrived_at, checked_at }) => ({ visit, state: where, booth, since, arrived_at, checked_at });

let written = "";
let writtenAt = 0;

const keepVisits = async () => {
  if (!state.base || state.practice) return;
  const rows = roomNow().visits.filter((row) => !hasEnded(row)).map(skeleton);
  const text = JSON.stringify(rows);
  if (text === written && state.base.at - writtenAt < AGE_EVERY_MS) return;
  [written, writtenAt] = [text, state.base.at];
  const kept = (await db).transaction(["kv", "visits"], "readwrite");
  const visits = kept.objectStore("visits");
  await visits.clear();
  await Promise.all([...rows.map((row) => visits.put(row)), kept.objectStore("kv").put(state.base.at, "room_at"), kept.done]);
};

// After a reload without network: places and clocks, no words. `at` tells how old they are.
export const recall = async () => {
  const rows = await (await db).getAll("visits");
  if (state.base || !rows.length) return;
  change({ base: { at: (await get("room_at")) ?? null, visits: rows, booths: [], events: [], stock: [], warnings: [] } });
};

// --- When ------------------------------------------------------------------------------------

const isHeld = () => finger || Date.now() < heldUntil;
const hold = (ms) => { heldUntil = Math.max(heldUntil, Date.now() + ms); };
const inRegion = (event) => Boolean(event.target?.closest?.("[data-live]"));

const tick = () => {
  if (!document.hidden && !isHeld()) poll();
};

const watchHands = () => {
  addEventListener("pointerdown", (event) => { finger = inRegion(event); }, true);
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      if (finger) hold(HOLD_MS);
      finger = false;
    }, true);
  }
  // Focus alone would hold for ever: a tapped tile keeps it. What holds is a keyboard at work.
  for (const name of ["keydown", "focusin"]) {
    addEventListener(name, (event) => { if (inRegion(event) && event.target.matches(":focus-visible")) hold(KEYS_HOLD_MS); }, true);
  }
};

export const startLive = async () => {
  await recall();
  watchHands();
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, EVERY_MS);
  let holder = state.person;
  let unsent = state.unsent.count;
  onChange(() => {
    if (holder !== state.person || state.unsent.count < unsent) poll();
    [holder, unsent] = [state.person, state.unsent.count];
    keepVisits();
    if (state.base) announce(floorNow().sections);
  });
  tick();
};
