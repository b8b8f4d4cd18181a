// To which site this tablet belongs, and what it knows of it: asked again now and then, and at each unlock.
import { Away, call } from "./api.js";
import { db, get, put } from "./db.js";
import { askToLast } from "./lasting.js";
import { text } from "./seal.js";
import { change, go, onChange, state } from "./store.js";
import { t } from "./words.js";

const EVERY_MS = 5 * 60_000;
const TOKEN_BYTES = 32;

// What the code in the address, read by the camera, says: /tablet/#K7QM-3F9Z
export const codeInAddress = () => (/^#([0-9A-Za-z-]{8,9})$/.exec(location.hash)?.[1] ?? "").toUpperCase();

export const forgetCode = () => history.replaceState(null, "", location.pathname);

// The token is made here and kept until the answer is: when that is lost, the same code lets this tablet in again.
const tokenFor = async (code) => {
  const kept = await get("joining");
  if (kept?.code === code) return kept.token;
  const token = text(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  await put("joining", { code, token });
  return token;
};

const asShown = (code) => code.toUpperCase().replace(/[^0-9A-Z]/g, "");

// Joins by a code that a manager showed; {problem} in words when it cannot.
export const join = async (code) => {
  try {
    const token = await tokenFor(asShown(code));
    const answer = await call("/api/v1/tablet/enrol", { method: "POST", body: { code, token } });
    if (answer.status !== 200) return { problem: answer.body.error.message };
    forgetCode();
    await put("device", answer.body.device);
    await (await db).delete("kv", "joining");
    change({ device: answer.body.device, revoked: false, unknown: false });
    askToLast();
    await learn();
    go("lock");
    return {};
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return { problem: t("Il faut le réseau pour cela.") };
  }
};

// Taken out of service: of the site nothing stays readable. What waits is still sent, to be set aside there.
const leave = async () => {
  state.revoked = true; // at once: an answer of before may still be on its way
  const kept = (await db).transaction(["kv", "visits"], "readwrite");
  await Promise.all([kept.objectStore("kv").delete("setup"), kept.objectStore("visits").clear(), kept.done]);
  state.drafts.clear();
  state.declared.clear();
  change({ revoked: true, person: null, base: null, setup: null, notices: [] });
  go("enrol");
};

let tag = "";

export const learn = async () => {
  if (!state.device) return;
  try {
    const headers = tag && state.setup ? { "If-None-Match": tag } : {};
    const answer = await call("/api/v1/tablet/setup", { headers });
    if (answer.status === 401) await leave();
    if (answer.status !== 200 || state.revoked) return;
    tag = answer.headers.get("ETag") ?? "";
    await put("setup", answer.body);
    change({ setup: answer.body });
  } catch (error) {
    if (!(error instanceof Away)) throw error;
  }
};

export const startBelonging = () => {
  let holder = state.person;
  onChange(() => {
    if (holder !== state.person && state.person) learn();
    holder = state.person;
  });
  setInterval(() => document.hidden || learn(), EVERY_MS);
  addEventListener("online", learn);
  learn();
};
