// What the tablet keeps: readable only where the person behind it cannot be named (docs/tablet.md).
import { openDB } from "../vendor/idb.js";

const VERSION = 1;

export const db = openDB("scs", VERSION, {
  upgrade(base) {
    base.createObjectStore("kv"); // device, setup, offset, joining
    // In the order of the taps: the database counts, so that row and rank are written as one.
    base.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
    base.createObjectStore("refused", { keyPath: "id" }); // receipts that need a person
    base.createObjectStore("visits", { keyPath: "visit" }); // open visits: id, place and clock times
    base.createObjectStore("events", { keyPath: "event" }); // overdoses still running, whole
  },
});

export const get = async (key) => (await db).get("kv", key);
export const put = async (key, value) => (await db).put("kv", value, key);
