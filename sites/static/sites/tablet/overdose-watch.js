// What runs beside the views while there is an overdose: the screen stays on, what is closed and sent goes.
import { SHOWN_MS, askAll } from "./join.js";
import { loadEvents, payOwed, shownEvent, startOverdose } from "./overdose.js";
import { tidyEvents } from "./overdose-shared.js";
import { onChange, state } from "./store.js";
import { stopPacer } from "./views/recorder/pacer.js";

const TIDY_MS = 5000;
const CALL_MS = 60_000;
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

// SURDOSE was touched on a signed-in page of this browser: the event begins at that touch, once.
const calledFromPage = () => {
  const [name, told] = location.hash.slice(1).split("?");
  if (name !== "surdose") return;
  const { event, at, booth = null, visit = null } = Object.fromEntries(new URLSearchParams(told));
  history.replaceState(null, "", location.pathname);
  const fresh = Math.abs(Date.now() - Number(at)) < CALL_MS;
  if (/^[0-9a-f-]{36}$/.test(event ?? "")) startOverdose({ event, booth, visit, ...(fresh && { at: Number(at) }) });
};

// What was on the screen when the tablet died is on it again.
export const beginOverdoses = async () => {
  await loadEvents();
  const event = shownEvent();
  if (event) state.view = { name: "recorder", event };
  calledFromPage();
  addEventListener("hashchange", calledFromPage);
  onChange(watch);
  document.addEventListener("visibilitychange", watch);
  setInterval(askAll, SHOWN_MS);
  setInterval(() => {
    payOwed();
    tidyEvents();
  }, TIDY_MS);
};
