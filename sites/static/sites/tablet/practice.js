// Practice: an imaginary, empty room. Acts go nowhere (acts.js), and leaving throws all of it away.
import { recount } from "./outbox.js";
import { change, go, state } from "./store.js";

let real = null;

export const startPractice = () => {
  if (state.practice) return;
  real = { base: state.base, events: state.events };
  state.declared?.clear();
  change({
    practice: true, gists: [], notices: [], spoken: "",
    base: { at: Date.now(), visits: [], booths: [], events: [], stock: [] },
    // An overdose that runs is real whatever the screen is used for.
    events: new Map(state.events),
  });
  go("board");
};

// The room as it was, and what waits in the outbox on top of it; the server tells the rest.
export const leavePractice = () => {
  if (!state.practice) return;
  const events = new Map([...state.events].filter(([event, row]) => real.events.has(event) || !row.practice));
  state.declared?.clear();
  change({ practice: false, gists: [], notices: [], spoken: "", base: real.base, events });
  real = null;
  recount();
};
