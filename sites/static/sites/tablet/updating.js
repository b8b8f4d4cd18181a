// A new version of the app is fetched in the background and takes over when nobody is in the middle of something.
import { onChange, state } from "./store.js";

const LOOK_EVERY_MS = 3_600_000;
const WORKER = "/sw.js";

// The page forbids any other address of code to be made of text.
const script = window.trustedTypes
  ? trustedTypes.createPolicy("shell", { createScriptURL: (address) => (address === WORKER ? address : "") }).createScriptURL(WORKER)
  : WORKER;

// What only memory holds would be gone: a half-typed sheet, who has unlocked, an overdose on the screen.
export const isQuiet = () => !state.person && !state.drafts.size && !state.homeless && !state.practice && ["lock", "enrol"].includes(state.view.name);

const takeOver = (registration) => {
  if (registration.waiting && isQuiet()) registration.waiting.postMessage("take over");
};

const reload = () => {
  if (isQuiet()) location.reload();
};

export const startUpdating = async () => {
  const worker = navigator.serviceWorker;
  if (!worker) return; // only over HTTPS, or on the machine itself
  let controlled = Boolean(worker.controller);
  let replaced = false;
  worker.addEventListener("controllerchange", () => {
    // The first worker of all brings no other version than the one on the screen.
    replaced = controlled;
    controlled = true;
    if (replaced) reload();
  });
  const registration = await worker.register(script).catch(() => null);
  if (!registration) return; // away: the next start will
  onChange(() => (replaced ? reload() : takeOver(registration)));
  const look = () => registration.update().catch(() => {});
  setInterval(look, LOOK_EVERY_MS);
  addEventListener("online", look);
};
