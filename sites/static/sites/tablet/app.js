// Starts the tablet: what is kept, the clock, the server; then one page drawn from one state.
import { html, render } from "../vendor/lit-html/lit-html.js";
import { get } from "./db.js";
import { frame } from "./frame.js";
import { beginOverdoses } from "./overdose-watch.js";
import { startSending } from "./sender.js";
import { change, onChange, state } from "./store.js";
import * as views from "./views.js";

const draw = () => render(frame(views[state.view.name](state.view)), document.getElementById("app"));

const start = async () => {
  change({ device: (await get("device")) ?? null, setup: (await get("setup")) ?? null });
  if (!state.device) change({ view: { name: "enrol" } });
  await beginOverdoses();
  onChange(draw);
  change();
  setInterval(() => change({ tick: Date.now() }), 1000);
  startSending();
};

start();

export { html };
