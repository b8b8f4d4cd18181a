// Who is where: what the server last told, with what was tapped here since. Pure functions, which read
// records as sites/visits/services.py does: in order of happening, refused for the same reasons.

// Records that tell of a visit itself; a service or a drug check only names one.
const MOVES_A_VISIT = /^(visit|consumption|overdose)\./;

// What of a record may stay readable on the tablet: no handle, substance or note.
export const gistOf = (kind, data) => ({
  kind,
  subject: (MOVES_A_VISIT.test(kind) ? data.visit : null) ?? data.event ?? data.lot ?? null,
  booth: data.booth ?? null,
  target: data.target ?? null,
});

const STATES = {
  "visit.seated": "in_booth",
  "visit.aftercare": "aftercare",
  "visit.closed": "closed",
  "visit.left": "left",
};
const ENDINGS = new Set(["visit.closed", "visit.left"]);
// Two seatings this close are two people asking for one seat, whichever tablet's clock ran ahead.
const AT_THE_SAME_TIME_MS = 60_000;

export const hasEnded = (row) => row.state === "closed" || row.state === "left";

const arrival = (gist) => ({
  visit: gist.subject, state: "waiting", booth: null, since: gist.at, arrived_at: gist.at, checked_at: null, ended_at: null,
});

const apply = (row, stays, gist) => {
  const state = STATES[gist.kind];
  if (gist.kind === "visit.checked") row.checked_at = Math.max(row.checked_at ?? 0, gist.at);
  else if (gist.kind === "consumption.recorded") row.consumed = true;
  if (!state || (!ENDINGS.has(gist.kind) && row.state !== "waiting" && gist.at < row.since)) return;
  const last = stays.at(-1);
  if (last && last.to === null) last.to = gist.at;
  if (state === "in_booth") stays.push({ visit: row.visit, booth: gist.booth, from: gist.at, to: null });
  Object.assign(row, { state, since: gist.at, booth: gist.booth, observe_until: null });
  if (ENDINGS.has(gist.kind)) row.ended_at = gist.at;
};

// One visit: the row it starts from and the gists that count, sorted → its row now and where it sat.
const told = (start, gists) => {
  const row = { ...start };
  const stays = start.state === "in_booth" ? [{ visit: start.visit, booth: start.booth, from: start.since, to: null }] : [];
  for (const gist of gists) {
    if (hasEnded(row)) break;
    apply(row, stays, gist);
    if (!gist.sent) row.kept = true;
  }
  return { start, gists, row, stays };
};

const byTime = (a, b) => a.at - b.at || a.order - b.order;

const endOf = ({ start, gists }) => (hasEnded(start) ? { at: start.ended_at ?? start.since, order: -1 } : gists.find((gist) => ENDINGS.has(gist.kind)));

// Who sat in a booth when. A seat that someone else took later was left by then, whether or not that was
// recorded.
const staysIn = (room, booth) => {
  const stays = [...room.values()].flatMap((story) => story.stays.filter((stay) => stay.booth === booth));
  return stays.map((stay) => {
    const next = stays.filter((other) => other.visit !== stay.visit && other.from > stay.from).map((other) => other.from);
    const to = Math.min(stay.to ?? Infinity, ...next);
    return { ...stay, to, clipped: to < (stay.to ?? Infinity) };
  });
};

const isTaken = (room, gist) => staysIn(room, gist.booth).some(
  (stay) => stay.visit !== gist.subject && stay.from < gist.at + AT_THE_SAME_TIME_MS && stay.to > gist.at);

// What stands against a gist, at the time it happened: "closed", "taken" or nothing.
const against = (room, gist) => {
  const end = endOf(room.get(gist.subject));
  if (end && (ENDINGS.has(gist.kind) || byTime(gist, end) > 0)) return "closed";
  return gist.kind === "visit.seated" && isTaken(room, gist) ? "taken" : "";
};

const withdraw = (room, gist) => {
  for (const [visit, { start, gists }] of room) {
    const left = gists.filter((one) => one.id !== gist.target);
    if (left.length < gists.length) room.set(visit, told(start, left));
    else if (start.id === gist.target && !gists.length) room.delete(visit);
    else continue;
    return;
  }
  // Already in what the server told: put back what stood before it.
  if (!gist.before) return;
  if (gist.before.row) room.set(gist.before.visit, told({ ...gist.before.row, kept: !gist.sent }, []));
  else room.delete(gist.before.visit);
};

const settled = (room) => {
  const booths = new Set([...room.values()].flatMap((story) => story.stays.map((stay) => stay.booth)));
  const freed = new Map();
  const put = new Set();
  for (const stay of [...booths].flatMap((booth) => staysIn(room, booth))) {
    if (stay.to !== Infinity) freed.set(stay.booth, Math.max(freed.get(stay.booth) ?? 0, stay.to));
    if (stay.clipped) put.add(`${stay.visit} ${stay.booth} ${stay.from}`);
  }
  const seen = ({ row }) => (row.state === "in_booth" && put.has(`${row.visit} ${row.booth} ${row.since}`)
    ? { ...row, state: "aftercare", booth: null } : row);
  return { visits: [...room.values()].map(seen), freed };
};

// visits: rows {visit, state, booth, since, arrived_at, checked_at …}, times in ms on this tablet's clock;
// gists: {id, kind, at, subject, booth, target, sent, before} in the order of the taps.
// Gives {visits, freed: Map booth → ms of the last to leave, refused: Map gist id → why}.
export const roomAfter = (visits, gists) => {
  const room = new Map(visits.map((row) => [row.visit, told(row, [])]));
  const refused = new Map();
  for (const [order, each] of gists.entries()) {
    const gist = { ...each, order };
    if (gist.kind === "record.voided") { withdraw(room, gist); continue; }
    const known = room.get(gist.subject);
    if (!known) {
      if (gist.kind === "visit.arrived") room.set(gist.subject, told({ ...arrival(gist), id: gist.id, kept: !gist.sent }, []));
      continue;
    }
    if (gist.kind === "visit.arrived" || known.gists.some((one) => one.id === gist.id)) continue;
    const why = against(room, gist);
    if (why) refused.set(gist.id, why);
    else room.set(gist.subject, told(known.start, [...known.gists, gist].sort(byTime)));
  }
  return { ...settled(room), refused };
};
