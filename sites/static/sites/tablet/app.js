// Starts the tablet: what is kept, the clock, the server; then one page drawn from one state.
import { render } from "../vendor/lit-html/lit-html.js";
import { afterDraw, beforeDraw, startAttention } from "./attention.js";
import { codeInAddress, startBelonging } from "./belonging.js";
import { get } from "./db.js";
import { frame } from "./frame.js";
import { startIdle } from "./idle.js";
import { startLive } from "./live.js";
import { startNotices } from "./notices.js";
import { beginOverdoses } from "./overdose-watch.js";
import { startPinPad } from "./pinpad.js";
import { startSending } from "./sender.js";
import { startSettings } from "./settings.js";
import { change, onChange, state } from "./store.js";
import { startUpdating } from "./updating.js";
import * as views from "./views.js";

// What a locked tablet may show; anything else is the lock, whoever turned the page.
const LOCKED = new Set(["lock", "enrol", "unsent", "recorder", "closing", "falseAlarm", "twoClosings", "afterwards"]);

const draw = () => {
  if (!state.person && !LOCKED.has(state.view.name)) state.view = { name: "lock" };
  const view = views[state.view.name](state.view);
  beforeDraw();
  document.documentElement.classList.toggle("practicing", state.practice);
  document.title = state.device ? `${view.title} · ${state.device.site.name}` : view.title;
  render(frame(view), document.getElementById("app"));
  afterDraw();
};

const start = async () => {
  change({ device: (await get("device")) ?? null, setup: (await get("setup")) ?? null });
  await startSettings();
  if (!state.device || codeInAddress()) change({ view: { name: "enrol" } });
  await beginOverdoses();
  onChange(draw);
  change();
  setInterval(() => change({ tick: Date.now() }), 1000);
  startSending();
  startBelonging();
  startIdle();
  startPinPad();
  startAttention();
  await startLive();
  startNotices();
  startUpdating();
};

start();
