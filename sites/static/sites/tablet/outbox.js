// Records wait here, sealed, in the order of the taps, until the server's receipt for their id comes back.
// Nothing else ever takes one away: no lock, no switch, no update, no answer that is not a receipt.
import { db } from "./db.js";
import { seal } from "./seal.js";
import { change, state } from "./store.js";

const STRICT = { durability: "strict" };
const tabs = new BroadcastChannel("outbox");
// What the database would not take is held in memory and tried again: the disk may be full.
const adrift = [];
let turn = Promise.resolve();

// Told to the database in one go and sealed off with `commit`: what was told is kept even if the page goes now.
const write = async (row, event) => {
  const kept = (await db).transaction(["outbox", "events"], "readwrite", STRICT);
  const asked = [kept.objectStore("outbox").add(row)];
  if (event) asked.push(kept.objectStore("events").put(event()));
  kept.commit();
  await Promise.all([...asked, kept.done]);
};

const settle = async (row, moment, written) => {
  try {
    await written;
  } catch {
    adrift.push(row);
  }
  if (!state.gists.some((one) => one.id === row.id)) state.gists.push(row.gist);
  change({
    homeless: adrift.length,
    unsent: { ...state.unsent, count: state.unsent.count + 1, oldest: state.unsent.oldest ?? moment.tapped },
  });
  tabs.postMessage("kept");
};

// content: what only the server may read; gist: what may stay readable here; moment: of clock.js;
// event: gives the running overdose to keep in the same breath. The rank of a row is the order of its tap:
// sealing begins at once, and the database is told one after the other, without waiting for its disk.
export const keep = (content, gist, moment, { event = null } = {}) => {
  const sealing = seal(state.setup.key, gist.id, content);
  const told = turn.then(async () => {
    const row = { id: gist.id, at: gist.at, gist, ...moment, ...(await sealing) };
    return { row, written: write(row, event) };
  });
  turn = told.catch(() => {});
  return told.then(({ row, written }) => settle(row, moment, written));
};

const rescue = async () => {
  while (adrift.length) {
    await write(adrift[0]);
    adrift.shift();
  }
};

// The next rows to send, those that the database refused included. `aside` ones stood in the way alone.
export const nextRows = async (most) => {
  await rescue().catch(() => {});
  const rows = [];
  let cursor = await (await db).transaction("outbox").store.openCursor();
  while (cursor && rows.length < most) {
    if (!cursor.value.aside) rows.push(cursor.value);
    cursor = await cursor.continue();
  }
  return rows.length ? rows : adrift.filter((row) => !row.aside).slice(0, most);
};

export const every = async () => [...(await (await db).getAll("outbox")), ...adrift];

// done: rows with a receipt; refused: [{id, kind, at, status, errors}] of those that a person must see.
export const release = async (done, refused) => {
  const kept = (await db).transaction(["outbox", "refused"], "readwrite", STRICT);
  for (const one of refused) kept.objectStore("refused").put(one);
  for (const row of done) {
    if (row.seq) kept.objectStore("outbox").delete(row.seq);
    else adrift.splice(adrift.indexOf(row), 1);
  }
  await kept.done;
  await recount();
  tabs.postMessage("released");
};

// A row that the server will not even read is passed over until the app starts again.
export const setAside = async (row, status) => {
  row.aside = status;
  if (row.seq) await (await db).put("outbox", row);
  await recount();
};

export const bringBack = async () => {
  const kept = (await db).transaction("outbox", "readwrite");
  for (const row of await kept.store.getAll()) if (row.aside) kept.store.put({ ...row, aside: 0 });
  await kept.done;
};

export const acknowledge = async (id) => {
  await (await db).delete("refused", id);
  await recount();
  tabs.postMessage("released");
};

// What waits and what was refused, as the database has it. A gist that no longer waits has its receipt.
export const recount = async () => {
  const rows = await every();
  const waiting = new Set(rows.map((row) => row.id));
  const shown = new Set(state.gists.map((gist) => gist.id));
  for (const gist of state.gists) if (!waiting.has(gist.id) && !gist.practice) gist.sent ??= Date.now();
  change({
    gists: [...state.gists, ...rows.filter((row) => !shown.has(row.id)).map((row) => row.gist)],
    homeless: adrift.length,
    refused: await (await db).getAll("refused"),
    unsent: {
      count: rows.length,
      aside: rows.filter((row) => row.aside).length,
      oldest: rows.length ? Math.min(...rows.map((row) => row.tapped)) : null,
    },
  });
};

export const onOtherTabs = (listener) => tabs.addEventListener("message", listener);
