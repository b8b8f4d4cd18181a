// Where the focus goes: to the heading of a page that was turned, back to what opened it; out by Esc.
import { go, shelve, state } from "./store.js";

const HOME = "board ";
// Esc leaves a sheet, never the room, the lock or an overdose.
const SHEETS_NOT = new Set(["board", "lock", "enrol", "recorder", "closing", "falseAlarm", "twoClosings", "unsent"]);

let shown = "";
let opener = null; // the button of the board that opened what is shown, as one can find it again

const nameOf = (view) => `${view.name} ${view.visit ?? view.event ?? ""}`;
const wordsOf = (button) => button.getAttribute("aria-label") ?? button.textContent.trim();

const describe = (element) => {
  const button = element?.closest?.("#app button");
  return button ? { ...button.dataset, words: wordsOf(button) } : null;
};

const isIt = (button, { booth, visit, words }) => {
  if (booth) return button.dataset.booth === booth;
  if (visit) return button.dataset.visit === visit;
  return wordsOf(button) === words;
};

export const beforeDraw = () => {
  if (shown === HOME && nameOf(state.view) !== shown) opener = describe(document.activeElement);
};

export const afterDraw = () => {
  const name = nameOf(state.view);
  if (name === shown) return;
  const back = name === HOME && opener && [...document.querySelectorAll("#app button")].find((button) => isIt(button, opener));
  if (shown) (back || document.querySelector("#app h1"))?.focus({ preventScroll: true });
  shown = name;
};

const leave = (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !state.person || SHEETS_NOT.has(state.view.name)) return;
  shelve();
  go("board");
};

export const startAttention = () => addEventListener("keydown", leave);
