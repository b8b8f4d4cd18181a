// A tablet left alone locks by itself: after the time of its place, and when an unlock is over.
import { lock, proveNow } from "./session.js";
import { state } from "./store.js";

const MINUTE = 60_000;
const EVERY_MS = 1_000;
const PROVE_EVERY_MS = 15_000;
const DEFAULT_MINUTES = 2;

let touched = Date.now();

const touch = () => { touched = Date.now(); };

const check = () => {
  if (!state.person) return;
  const idle = (state.setup?.device.idle_minutes ?? state.device?.idle_minutes ?? DEFAULT_MINUTES) * MINUTE;
  if (Date.now() - touched >= idle || Date.now() > (state.person.until ?? Infinity)) lock();
};

export const startIdle = () => {
  for (const name of ["pointerdown", "keydown", "wheel"]) addEventListener(name, touch, { capture: true, passive: true });
  document.addEventListener("visibilitychange", check);
  setInterval(check, EVERY_MS);
  setInterval(proveNow, PROVE_EVERY_MS);
  addEventListener("online", proveNow);
  addEventListener("unlock-ended", lock);
};
