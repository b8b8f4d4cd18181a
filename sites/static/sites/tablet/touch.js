// When a finger touched, and which touches do not count: the second of a panicked double tap.
const DEAF_MS = 600;
const FRESH_MS = 2000;
let touched = 0;
let deafUntil = 0;
const last = new Map();

const stamp = (event) => {
  if (event.type === "pointerdown" || event.key === "Enter" || event.key === " ") touched = Date.now();
};
for (const type of ["pointerdown", "keydown"]) addEventListener(type, stamp, { capture: true, passive: true });

// The moment of the touch that led here; now, when nothing was touched just before.
export const touchedAt = () => (Date.now() - touched < FRESH_MS ? touched : Date.now());

// Until then nothing on the recorder answers.
export const deafen = () => { deafUntil = performance.now() + DEAF_MS; };

// A handler that ignores touches right after the start, and a second one on the same key.
export const tap = (key, does) => (event) => {
  const present = performance.now();
  if (present < deafUntil || present - (last.get(key) ?? -DEAF_MS) < DEAF_MS) {
    event?.preventDefault();
    return;
  }
  last.set(key, present);
  does(event);
};
