// Sends what waits in the outbox: in order, in batches, one tab at a time, for as long as it takes.
import { Away, askTime, call } from "./api.js";
import { ageOf, here, isMeasured, onTheirClock, recallOffset } from "./clock.js";
import { askToLast } from "./lasting.js";
import { bringBack, nextRows, onOtherTabs, recount, release, setAside } from "./outbox.js";
import { change, state } from "./store.js";

const BATCH = 50;
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const GATHER_MS = 50;
const LONGEST_ASKED_MS = 600_000;
const STATUSES = new Set(["created", "duplicate", "held", "conflict", "invalid", "quarantined"]);
const NEED_NOBODY = new Set(["created", "duplicate", "held"]);

let size = BATCH;
let failures = 0;
let notBefore = 0; // what the server asked for by Retry-After
let again = false;
let timer = 0;

export const outer = (row, present) => {
  const age_s = ageOf(row, present);
  const { id, seq = 0, key_id, sealed } = row;
  return { id, seq, key_id, sealed, ...(age_s !== null && { age_s }) };
};

const refusal = (row, { status, errors }) => ({
  id: row.id, kind: row.gist.kind, subject: row.gist.subject, booth: row.gist.booth, at: row.at, status, errors,
});

// A repeat of what was refused before says so by its errors alone.
const needsAPerson = ({ status, errors }) => !NEED_NOBODY.has(status) || Object.keys(errors ?? {}).length > 0;

// How many rows have their receipt; what is no receipt of ours moves nothing.
const take = async (rows, receipts) => {
  const waiting = new Map(rows.map((row) => [row.id, row]));
  const told = receipts.filter((one) => waiting.has(one?.id) && STATUSES.has(one.status));
  const refused = told.filter(needsAPerson).map((one) => refusal(waiting.get(one.id), one));
  if (told.length) await release([...new Set(told.map((one) => waiting.get(one.id)))], refused);
  return told.length;
};

const askedToWait = (headers) => {
  const seconds = Number(headers.get("Retry-After"));
  if (seconds > 0) notBefore = performance.now() + Math.min(seconds * 1000, LONGEST_ASKED_MS);
};

// A body that is not taken is cut in two until the row that spoils it stands alone.
const cut = async (rows, status) => {
  if (rows.length > 1) size = Math.ceil(rows.length / 2);
  else await setAside(rows[0], status);
  return true;
};

// Whether it is worth going on at once.
const send = async (rows) => {
  if (!isMeasured()) await askTime();
  const present = here(); // one for all, so that what was tapped a ms apart stays so
  const body = { sent_at: onTheirClock(present.wall), records: rows.map((row) => outer(row, present)) };
  const { status, headers, body: told } = await call("/api/v1/records", { method: "POST", body });
  change({ unknown: status === 401 });
  if (status === 413 || status === 422) return cut(rows, status);
  if (status !== 200 || !Array.isArray(told?.receipts)) {
    askedToWait(headers);
    return false;
  }
  size = Math.min(BATCH, size * 2);
  return (await take(rows, told.receipts)) > 0;
};

const drain = async () => {
  for (;;) {
    const rows = await nextRows(size);
    if (!rows.length) return true;
    try {
      if (!(await send(rows))) return false;
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      // A line that is there but breaks may carry less.
      if (navigator.onLine) size = Math.ceil(rows.length / 2);
      return false;
    }
    failures = 0;
  }
};

// The time to the next try: twice as long each time, by chance between half and all of it, so that many
// tablets do not come back together. There is no last try.
export const pause = (failed, chance = Math.random()) => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failed, 10)) * (0.5 + chance / 2);

const later = () => {
  clearTimeout(timer);
  const asked = Math.max(0, notBefore - performance.now());
  timer = setTimeout(flush, asked + (asked ? Math.random() * asked : pause(failures)));
};

const alone = async (lock) => {
  if (!lock) {
    later(); // another tab sends; it may be closed before it is done
    return;
  }
  while (again) {
    again = false;
    if (!(await drain())) {
      failures += 1;
      later();
      return;
    }
  }
};

// Send now what can be sent. Called on load, on network, focus and timer.
export const flush = () => {
  if (!state.device) return Promise.resolve();
  if (performance.now() < notBefore) {
    later();
    return Promise.resolve();
  }
  again = true;
  return navigator.locks.request("outbox", { ifAvailable: true }, alone).catch((error) => {
    later();
    throw error;
  });
};

// What one tap writes goes out together.
let gathering = 0;

export const flushSoon = () => {
  gathering ||= setTimeout(() => {
    gathering = 0;
    flush();
  }, GATHER_MS);
};

export const startSending = async () => {
  for (const name of ["online", "focus"]) addEventListener(name, flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  onOtherTabs(() => recount().then(flush));
  await recallOffset();
  askTime().catch(() => {}); // away: the offset of last time stands
  askToLast();
  await bringBack();
  await recount();
  flush();
};
