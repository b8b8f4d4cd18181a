// An overdose that other tablets tell of as well: what the server says, who closed it first, when it may go.
import { db } from "./db.js";
import { merged } from "./event.js";
import { acknowledge, every } from "./outbox.js";
import { correct, foldOf, gone, offset, put } from "./overdose.js";
import { change, state } from "./store.js";

// records: as GET /api/v1/tablet/events/<event> tells them, their times on the server's clock.
export const learn = (row, records) => {
  const told = records.map(({ id, kind, occurred_at: at, by, data }) => ({ id, kind, at: Date.parse(at) - offset(), by, data, kept: true }));
  row.records = merged(row.records, told);
  row.met = true;
  put(row);
  change();
};

// Ended elsewhere so long ago that the server tells no more of it; what was tapped here goes out all the same.
export const forget = async (row) => {
  if (await isWaiting(row)) return;
  gone.add(row.event);
  state.events.delete(row.event);
  change();
  await (await db).delete("events", row.event);
};

const idsOf = (row) => new Set(row.records.map((record) => record.id));

const isWaiting = async (row) => {
  const ids = idsOf(row);
  return row.records.some((record) => !record.kept || record.owed) || (await every()).some(({ id }) => ids.has(id));
};

// --- Two closings ---------------------------------------------------------------------------

// The first closing counts. The other one is kept, and shown to a person as a choice.
export const otherClosing = (event) => event.late.find((record) => record.kind === "overdose.closed") ?? null;

export const twiceClosed = () => [...state.events.values()].map((row) => ({ row, event: foldOf(row) }))
  .filter(({ row, event }) => event && otherClosing(event) && !row.settled);

const refusalOf = (row) => state.refused.find((one) => one.kind === "overdose.closed" && idsOf(row).has(one.id));

// Which answers hold: those of the closing that counts, or those of the other one, as a correction.
export const chooseClosing = (row, record) => {
  const event = foldOf(row);
  const { event: _event, ...answers } = record.data;
  if (record.id !== event.closed.id) correct(row, event.closed.id, answers, "autre fermeture retenue");
  const refused = refusalOf(row);
  if (refused) acknowledge(refused.id);
  row.settled = true;
  put(row);
  change();
};

// Closed or taken back, and sent: nothing of it stays on the tablet.
export const tidyEvents = async () => {
  for (const row of state.events.values()) {
    const event = foldOf(row);
    const contested = event && (otherClosing(event) || refusalOf(row)) && !row.settled;
    if ((event && !event.closed) || contested || state.view.event === row.event) continue;
    await forget(row);
  }
};
