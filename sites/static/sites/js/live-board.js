// The board follows the room: tiles are swapped in place, and nothing moves under a finger.
import { say } from "./board-voice.js";

const EVERY_MS = 3_000;
const HOLD_MS = 600;
const region = document.querySelector("[data-live]");
const stale = document.querySelector("[data-stale]");
let tag = "";
let touched = null;
let busy = false;

const tilesOf = (root) => new Map([...root.querySelectorAll("[data-tile]")].map((t) => [t.dataset.tile, t]));
const keys = (list) => [...list.children].map((tile) => tile.dataset.tile).join(" ");
const held = (element) => element.contains(touched) || element.contains(document.activeElement);

const swapTiles = (fresh) => {
  const now = tilesOf(region);
  for (const [key, tile] of tilesOf(fresh)) {
    const old = now.get(key);
    if (old && old.dataset.v !== tile.dataset.v && !held(old)) old.replaceWith(tile.cloneNode(true));
  }
};

// Lists change their order or length only while nobody touches them.
const swapLists = (fresh) => {
  for (const list of fresh.querySelectorAll("[data-list]")) {
    const old = region.querySelector(`[data-list="${list.dataset.list}"]`);
    if (old && keys(old) !== keys(list) && !held(old)) old.replaceWith(list.cloneNode(true));
  }
};

// An overdose or a warning that begins or ends changes the frame itself: both stand above the columns.
const events = (root) => root.querySelector("[data-events]")?.dataset.events;

const sameShape = (fresh) => [...fresh.querySelectorAll("[data-list]")].every(
  (list) => region.querySelector(`[data-list="${list.dataset.list}"]`));

export const show = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!sameShape(fresh) || events(fresh) !== events(region)) return location.reload();
  swapLists(fresh);
  swapTiles(fresh);
  say(region);
};

const ask = async () => {
  if (document.hidden || busy) return;
  busy = true;
  try {
    const answer = await fetch(region.dataset.live, { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.redirected || answer.status === 403) return location.reload();
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.text());
    }
    stale.hidden = answer.ok || answer.status === 304;
    if (stale.hidden) stale.querySelector("[data-stale-at]").textContent = clockNow();
  } catch {
    stale.hidden = false;
  } finally {
    busy = false;
  }
};

const clockNow = () => document.querySelector("[data-clock]")?.textContent ?? "";

region.addEventListener("pointerdown", (event) => { touched = event.target; });
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => setTimeout(() => { touched = null; }, HOLD_MS));
}
document.addEventListener("visibilitychange", ask);
setInterval(ask, EVERY_MS);
say(region);
