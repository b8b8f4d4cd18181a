// Records wait here, in the order of the taps, until the server's receipt for their id comes back.
import { Away, call } from "./api.js";
import { db } from "./db.js";
import { change, state } from "./store.js";

const BATCH = 50;

const count = async () => {
  const rows = await (await db).getAll("outbox");
  change({ unsent: { count: rows.length, oldest: rows[0]?.gist.at ?? null } });
};

export const keep = async (record, gist, { event = null } = {}) => {
  const base = await db;
  const seq = ((await base.get("kv", "seq")) ?? 0) + 1;
  const kept = base.transaction(["kv", "outbox", "events"], "readwrite", { durability: "strict" });
  await Promise.all([
    kept.objectStore("kv").put(seq, "seq"),
    kept.objectStore("outbox").add({ seq, gist, record: { ...record, seq } }),
    ...(event ? [kept.objectStore("events").put(event())] : []),
    kept.done,
  ]);
  await count();
  flush();
};

export const flush = () => navigator.locks.request("outbox", { ifAvailable: true }, async (lock) => {
  if (!lock || !state.device) return;
  for (;;) {
    const base = await db;
    const rows = await base.getAll("outbox", null, BATCH);
    if (!rows.length) break;
    let answer;
    try {
      answer = await call("/api/v1/records", { method: "POST", body: { records: rows.map((row) => row.record) } });
    } catch (error) {
      if (error instanceof Away) break;
      throw error;
    }
    if (answer.status !== 200) break;
    for (const receipt of answer.body.receipts) {
      const row = rows.find((sent) => sent.record.id === receipt.id);
      if (row) await base.delete("outbox", row.seq);
    }
  }
  await count();
});
