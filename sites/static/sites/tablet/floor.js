// What the board shows at an instant: the state of each place, who may sit where, what is due.
// The same rules as sites/tablet/board.py, so that both boards say the same. Pure functions.
import { hasEnded } from "./room.js";

const MINUTE = 60_000;
const OVERDUE_AT = 1.5; // of the interval: a check that nobody made
const LEFT_SHOWN = 5;

export const allows = (room, route) => !route || !room.routes.length || room.routes.includes(route);

const whole = (ms) => Math.max(0, Math.floor(ms / MINUTE));

const isIn = (event, label, visit) => event.booth === label || Boolean(visit && event.visit === visit.visit);

// How long since someone last saw that all is well: {state, arc}. Seating counts as a look.
const look = (visit, room, present) => {
  const unseen = (present - Math.max(visit.since, visit.checked_at ?? 0)) / ((room.check_minutes || 1) * MINUTE);
  const state = unseen >= OVERDUE_AT ? "overdue" : unseen >= 1 ? "due" : "used";
  return { state, arc: Math.max(0, Math.min(100, Math.floor(unseen * 100))) };
};

const placeOf = (booth, room, { visit, event, to, present }) => {
  const place = { label: booth.label, room, visit, event, to: null, minutes: 0, arc: 0, readyAt: null, reason: "" };
  if (event) return { ...place, state: "alert" };
  if (visit) return { ...place, ...look(visit, room, present), minutes: whole(present - visit.since) };
  if (booth.out) return { ...place, state: "out", reason: booth.out_reason };
  if (booth.readyAt) {
    const left = booth.readyAt - present;
    return { ...place, state: "pause", readyAt: booth.readyAt, arc: Math.floor((left / (room.airing_minutes * MINUTE)) * 100) };
  }
  return { ...place, state: to ? "next" : "free", to, freedAt: booth.freedAt, minutes: booth.freedAt ? whole(present - booth.freedAt) : 0 };
};

// Each who waits, in turn, gets the first fresh place left that allows the route; else from when one will be.
const lineOf = (waiting, free, present) => {
  const fresh = free.filter((booth) => !booth.readyAt);
  const airing = free.filter((booth) => booth.readyAt);
  return waiting.map((visit) => {
    const fits = (booth) => Boolean(visit.route) && allows(booth.room, visit.route);
    const at = fresh.findIndex(fits);
    const [booth] = at < 0 ? [null] : fresh.splice(at, 1);
    const readyAt = booth ? null : Math.min(...airing.filter(fits).map((one) => one.readyAt));
    return { visit, minutes: whole(present - visit.since), booth: booth?.label ?? null, readyAt: Number.isFinite(readyAt) ? readyAt : null };
  });
};

const restingOf = (visit, present) => ({
  visit,
  minutes: whole(present - visit.since),
  observe: Math.max(0, Math.ceil(((visit.observe_until ?? 0) - present) / MINUTE)),
});

// What is known of each booth now: setup says which there are, the server what is out, the room who left when.
const boothsOf = (rooms, told, freed, present) => rooms.flatMap((room) => room.booths.map((booth) => {
  const live = told.get(booth.label) ?? {};
  const freedAt = Math.max(live.freed_at ?? 0, freed.get(booth.label) ?? 0);
  const readyAt = freedAt + (room.airing_minutes ?? 0) * MINUTE;
  return {
    label: booth.label, room,
    out: live.out ?? booth.out, out_reason: live.out_reason ?? booth.out_reason,
    freedAt, readyAt: freedAt && room.airing_minutes && readyAt > present ? readyAt : null,
  };
}));

const sectionsOf = (rooms, places) => rooms.map((room) => {
  const mine = places.filter((place) => place.room === room);
  const count = (...states) => mine.filter((place) => states.includes(place.state)).length;
  return { room, places: mine, taken: mine.filter((place) => place.visit).length, free: count("free", "next"), airing: count("pause") };
});

const byArrival = (a, b) => a.arrived_at - b.arrived_at || (a.number ?? Infinity) - (b.number ?? Infinity);

// rooms: of setup; visits, freed: of roomAfter; booths: [{booth, out, out_reason, freed_at}] as the server told;
// events: running overdoses {event, booth, visit}; present: ms. Gives {waiting, sections,
// aftercare, left, all, empty, free}.
export const floorOf = ({ rooms, visits, freed, booths = [], events = [], present }) => {
  const told = new Map(booths.map((row) => [row.booth, row]));
  const all = boothsOf(rooms, told, freed, present);
  const here = visits.filter((visit) => !hasEnded(visit)).sort(byArrival);
  const seated = new Map(here.filter((visit) => visit.state === "in_booth").map((visit) => [visit.booth, visit]));
  const free = all.filter((booth) => !booth.out && !seated.has(booth.label));
  const waiting = lineOf(here.filter((visit) => visit.state === "waiting"), free, present);
  const to = new Map(waiting.filter((guest) => guest.booth).map((guest) => [guest.booth, guest.visit]));
  const places = all.map((booth) => {
    const visit = seated.get(booth.label) ?? null;
    const event = events.find((one) => isIn(one, booth.label, visit)) ?? null;
    return placeOf(booth, booth.room, { visit, event, to: to.get(booth.label) ?? null, present });
  });
  return {
    waiting,
    sections: sectionsOf(rooms, places),
    aftercare: here.filter((visit) => visit.state === "aftercare").map((visit) => restingOf(visit, present)),
    left: visits.filter(hasEnded).sort((a, b) => b.since - a.since).slice(0, LEFT_SHOWN),
    all: visits,
    empty: !here.length,
    free: free.map((booth) => ({ ...booth, to: to.get(booth.label) ?? null })),
  };
};
