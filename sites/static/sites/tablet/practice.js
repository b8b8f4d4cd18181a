// Practice: an imaginary, empty room. Acts go nowhere (acts.js), and leaving throws all of it away.
// A real overdose comes first: none runs while one begins to practise, and one that begins ends it.
import { recount } from "./outbox.js";
import { running } from "./overdose.js";
import { change, go, state } from "./store.js";

let room = null; // the real one, as the server last told it

export const mayPractise = () => !state.practice && !running().length;

export const startPractice = () => {
  if (!mayPractise()) return;
  room = state.base;
  state.declared.clear();
  const base = { at: Date.now(), visits: [], booths: [], events: [], stock: [] };
  change({ practice: true, gists: [], notices: [], spoken: "", base });
  go("board");
};

// The room as it was, and what waits in the outbox on top of it; the server tells the rest.
export const leavePractice = () => {
  if (!state.practice) return;
  for (const [event, row] of state.events) if (row.practice) state.events.delete(event);
  state.declared.clear();
  change({ practice: false, gists: [], notices: [], spoken: "", base: room });
  room = null;
  recount();
};

// What the server tells of the real room meanwhile.
export const besidePractice = (base) => {
  room = base;
  if (!base.events.length) return;
  leavePractice();
  go("board");
};
