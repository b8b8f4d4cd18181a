// What another tablet had written first: both are kept, and who stands by says how it is.
import { allows } from "./floor.js";
import { floorNow } from "./live.js";
import { acknowledge } from "./outbox.js";
import { hasEnded } from "./room.js";
import { state } from "./store.js";
import { seat } from "./visits.js";

const MOST_PLACES = 4;
const SEAT = new Set(["taken", "out"]);

const codeOf = ({ errors }) => Object.values(errors ?? {}).flat()[0]?.code ?? "";

const visitOf = (floor, visit) => floor.all.find((row) => row.visit === visit) ?? null;

const byState = (floor, one) => {
  const code = codeOf(one);
  const visit = visitOf(floor, one.subject);
  const seats = SEAT.has(code) && visit && !hasEnded(visit) && visit.booth === null;
  return {
    id: one.id,
    kind: one.kind,
    at: one.at,
    why: code,
    booth: one.booth,
    visit,
    other: SEAT.has(code) ? floor.all.find((row) => row.state === "in_booth" && row.booth === one.booth && row.visit !== one.subject) ?? null : null,
    places: seats ? floor.free.filter((place) => allows(place.room, visit.route)).slice(0, MOST_PLACES) : [],
  };
};

// Seats and ends that another tablet had settled: [{id, kind, at, why, booth, visit, other, places}].
export const clashes = () => {
  const told = state.refused.filter((one) => one.kind.startsWith("visit.") && ["taken", "out", "closed"].includes(codeOf(one)));
  if (!told.length) return [];
  const floor = floorNow();
  return told.map((one) => byState(floor, one));
};

// It stays as the server has it; what was refused waits in Review all the same.
export const keep = ({ id }) => acknowledge(id);

export const seatElsewhere = async (clash, booth) => {
  await seat(clash.visit, booth);
  await acknowledge(clash.id);
};
