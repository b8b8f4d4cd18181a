// The room as it stands: what the server last told, with what was tapped here since. Pure functions.

// What of a record may stay readable on the tablet: no handle, substance or note.
export const gistOf = (kind, data) => ({
  kind,
  subject: data.visit ?? data.event ?? data.lot ?? null,
  booth: data.booth ?? null,
  target: data.target ?? null,
});

const STATES = {
  "visit.arrived": "waiting",
  "visit.seated": "in_booth",
  "visit.aftercare": "aftercare",
  "visit.closed": "left",
  "visit.left": "left",
};

const arrived = (gist) => ({
  visit: gist.subject, state: "waiting", since: gist.at, arrived_at: gist.at, booth: null, kept: true,
});

const applied = (visit, gist) => {
  const next = STATES[gist.kind];
  if (!next) return gist.kind === "visit.checked" ? { ...visit, checked_at: gist.at, kept: true } : visit;
  if (gist.kind === "visit.arrived") return visit;
  return { ...visit, state: next, since: gist.at, booth: gist.booth, checked_at: null, kept: true };
};

// visits: [{visit, state, since, arrived_at, booth, …}]; gists in the order of the taps.
export const visitsAfter = (visits, gists) => {
  const voided = new Set(gists.filter((gist) => gist.kind === "record.voided").map((gist) => gist.target));
  const room = new Map(visits.map((visit) => [visit.visit, visit]));
  for (const gist of gists) {
    if (voided.has(gist.id) || !gist.subject || !gist.kind.startsWith("visit.")) continue;
    const known = room.get(gist.subject);
    if (known) room.set(gist.subject, applied(known, gist));
    else if (gist.kind === "visit.arrived") room.set(gist.subject, arrived(gist));
  }
  return [...room.values()];
};
