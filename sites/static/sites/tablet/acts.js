// One way to write anything: act(kind, data). A record is made, checked by the form's rules, sealed, kept;
// the outbox sends it. What was done shows on the tablet at once.
import { moment } from "./clock.js";
import { keep } from "./outbox.js";
import { gistOf } from "./room.js";
import { check } from "./rules.js";
import { flushSoon } from "./sender.js";
import { change, state } from "./store.js";
import { uuid7 } from "./uuid7.js";

// Proves who acts: the unlock that the server gave, or, unlocked without it, the PIN that it will check.
const proof = () => {
  const { unlock, pin } = state.person ?? {};
  return unlock ? { unlock } : pin ? { pin } : {};
};

const write = async (kind, data, { at, id, event = null, as = null }) => {
  const tap = moment();
  const gist = { id, at, ...gistOf(kind, data) };
  if (state.practice) {
    state.gists.push({ ...gist, practice: true });
    change();
    return;
  }
  const content = {
    kind, data,
    occurred_at: new Date(at).toISOString(),
    entered_at: new Date(tap.tapped).toISOString(),
    by: as ? as.code : state.person?.code ?? null,
    ...(as ? { pin: as.pin } : proof()),
  };
  await keep(content, gist, tap, { event });
};

// at: when it happened, ms on this tablet's clock (default: now). Gives the record's id.
// event: gives the running overdose to keep in the same breath, for a tablet that dies right after.
// Throws Refused with what the form's rules found wrong, as {field: message}; nothing is kept then.
// as: {code, pin} of a second person who signs without taking the tablet over.
export const act = async (kind, data, { at = Date.now(), id = uuid7(), event = null, as = null } = {}) => {
  check(kind, data);
  await write(kind, data, { at, id, event, as });
  flushSoon();
  return id;
};

// Several records of one tap, all or none, a ms apart so that their order is told by their times; sent
// together, because two sendings are not equally slow and would put them out of order.
export const together = async (rows, { at = Date.now() } = {}) => {
  for (const [kind, data] of rows) check(kind, data);
  const ids = rows.map(() => uuid7());
  await Promise.all(rows.map(([kind, data], n) => write(kind, data, { at: at + n, id: ids[n] })));
  flushSoon();
  return ids;
};
