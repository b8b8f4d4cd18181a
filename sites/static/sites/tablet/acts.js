// One way to write anything: act(kind, data). A record is made, checked by the form's rules, sealed, kept;
// the outbox sends it. What was done shows on the tablet at once.
import { gistOf } from "./room.js";
import { keep } from "./outbox.js";
import { change, state } from "./store.js";
import { uuid7 } from "./uuid7.js";

// at: when it happened, ms on this tablet's clock (default: now). Gives the record's id.
// event: gives the running overdose to keep in the same breath, for a tablet that dies right after.
// Throws what `rules` found wrong, as {field: message}; nothing is kept then.
export const act = async (kind, data, { at = Date.now(), id = uuid7(), estimated = false, event = null } = {}) => {
  const record = {
    id, kind, data,
    occurred_at: new Date(at).toISOString(),
    entered_at: new Date().toISOString(),
    by: state.person?.code ?? null,
  };
  const gist = { id, at, ...gistOf(kind, data) };
  if (!state.practice) await keep(record, gist, { estimated, event });
  state.gists.push(gist);
  change();
  return id;
};

// Several records of one tap, a ms apart so that their order is told by their times.
export const together = async (rows, { at = Date.now() } = {}) => {
  const ids = [];
  for (const [n, [kind, data]] of rows.entries()) ids.push(await act(kind, data, { at: at + n }));
  return ids;
};
