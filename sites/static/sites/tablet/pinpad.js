// Six digits, and what they are asked for: the view keeps them; nothing of them is ever written.
import { choosePin, colleague, goOn, help, unlock } from "./session.js";
import { change, state } from "./store.js";
import { t } from "./words.js";

export const DIGITS = 6;

// ask: pin · once (a code that was told) · fresh, again (choosing) · lead (whose help) · leadPin
const start = (who, ask) => ({ name: "lock", who, ask, pin: "", problem: "" });

const update = (parts) => {
  if (state.view.name === "lock") change({ view: { ...state.view, ...parts } });
};

export const pick = (code) => change({ view: { ...start(code, colleague(code).pin ? "pin" : "once"), everyone: state.view.everyone } });

export const askFor = (ask, more = {}) => change({ view: { ...start(state.view.who, ask), once: state.view.once, everyone: state.view.everyone, ...more } });

// --- When the sixth digit is there ------------------------------------------------------------

const done = {
  pin: async ({ who, pin }) => {
    const { problem, paused, away } = await unlock(who, pin);
    if (away) update({ away: pin, pin: "" });
    else if (problem) update({ problem, paused, pin: "" });
  },
  once: async ({ pin }) => askFor("fresh", { once: pin }),
  fresh: async ({ pin }) => askFor("again", { fresh: pin }),
  again: async ({ who, once, fresh, pin }) => {
    if (pin !== fresh) {
      askFor("fresh", { problem: t("Ce ne sont pas les mêmes chiffres.") });
      return;
    }
    const { problem, weak } = await choosePin(who, once, pin);
    if (problem) askFor(weak ? "fresh" : "once", { problem });
  },
  leadPin: async ({ who, lead, pin }) => {
    const { problem, once } = await help(who, lead, pin);
    if (once) askFor("helped", { once });
    else update({ problem, pin: "" });
  },
};

const judge = async (view) => {
  update({ busy: true });
  await done[view.ask](view);
  update({ busy: false });
};

export const press = (digit) => {
  const { view } = state;
  if (view.name !== "lock" || !done[view.ask] || view.busy || !view.who) return;
  const pin = (view.pin + digit).slice(0, DIGITS);
  const next = { ...view, pin, problem: "", away: null };
  change({ view: next });
  if (pin.length === DIGITS) judge(next);
};

export const erase = () => update({ pin: state.view.pin.slice(0, -1) });
export const clear = () => update({ pin: "" });

export const goOnAnyway = () => goOn(state.view.who, state.view.away);

// --- The keys of a keyboard -------------------------------------------------------------------

const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

const move = (event) => {
  const tiles = [...document.querySelectorAll(".tiles .tile")];
  const at = tiles.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  tiles[(at + MOVES[event.key] + tiles.length) % tiles.length].focus();
};

const key = (event) => {
  if (state.view.name !== "lock" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9]$/.test(event.key)) press(event.key);
  else if (event.key === "Backspace") erase();
  else if (event.key in MOVES) move(event);
};

export const startPinPad = () => addEventListener("keydown", key);

// --- Words ------------------------------------------------------------------------------------

const nameOf = (code) => colleague(code)?.name ?? "";

export const asked = ({ ask, who, lead }) => ({
  pin: () => t("Code de {name}", { name: nameOf(who) }),
  once: () => t("Premier code de {name}", { name: nameOf(who) }),
  fresh: () => t("Choisir six chiffres"),
  again: () => t("Les mêmes, encore une fois"),
  leadPin: () => t("Code de {lead}, pour {name}", { lead: nameOf(lead), name: nameOf(who) }),
  lead: () => t("Qui débloque {name}?", { name: nameOf(who) }),
  helped: () => t("{name} peut entrer.", { name: nameOf(who) }),
})[ask]();
