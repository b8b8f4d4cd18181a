// What the tablet keeps: readable only where the person behind it cannot be named (docs/tablet.md).
import { openDB } from "../vendor/idb.js";

const VERSION = 1;

export const db = openDB("scs", VERSION, {
  upgrade(base) {
    base.createObjectStore("kv"); // device, setup, offset, seq
    base.createObjectStore("outbox", { keyPath: "seq" }); // in the order of the taps
    base.createObjectStore("visits", { keyPath: "visit" }); // open visits: id, place and clock times
    base.createObjectStore("events", { keyPath: "event" }); // overdoses still running, whole
  },
});

export const get = async (key) => (await db).get("kv", key);
export const put = async (key, value) => (await db).put("kv", value, key);
