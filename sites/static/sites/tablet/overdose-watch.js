// What runs beside the views while there is an overdose: the screen stays on, what is closed and sent goes.
import { SHOWN_MS, askAll } from "./join.js";
import { loadEvents, payOwed, shownEvent } from "./overdose.js";
import { tidyEvents } from "./overdose-shared.js";
import { onChange, state } from "./store.js";
import { stopPacer } from "./views/recorder/pacer.js";

const TIDY_MS = 5000;
let lock = null;

const stayAwake = async (wanted) => {
  if (!wanted) {
    const held = await lock;
    lock = null;
    held?.release();
  } else if (!lock && document.visibilityState === "visible") {
    lock = navigator.wakeLock?.request("screen").catch(() => null) ?? null;
    (await lock)?.addEventListener("release", () => { lock = null; });
  }
};

const watch = () => {
  const recording = state.view.name === "recorder";
  if (Boolean(lock) !== recording) stayAwake(recording);
  if (!recording) stopPacer();
};

// What was on the screen when the tablet died is on it again.
export const beginOverdoses = async () => {
  await loadEvents();
  const event = shownEvent();
  if (event) state.view = { name: "recorder", event };
  onChange(watch);
  document.addEventListener("visibilitychange", watch);
  setInterval(askAll, SHOWN_MS);
  setInterval(() => {
    payOwed();
    tidyEvents();
  }, TIDY_MS);
};
