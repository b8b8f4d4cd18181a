// The tablet's clock against the server's: how far it is off, and how long ago something was tapped.
import { get, put } from "./db.js";
import { change, state } from "./store.js";
import { uuid7 } from "./uuid7.js";

export const SKEW_MS = 120_000;
const SAME_MS = 2_000;
const STALE_MS = 600_000;
const LONGEST_MS = 60 * 86_400_000;
// performance.now() counts from the birth of this page and no other.
export const LIFE = uuid7();

let best = null; // the measure in force: {width, at, gap}

// Moves when the clock is set, or when the tablet slept: either way what was measured is of another time.
const gap = () => Date.now() - performance.now();

// Whether the offset was measured lately, on this clock.
export const isMeasured = () => best !== null && Math.abs(gap() - best.gap) < SAME_MS && performance.now() - best.at < STALE_MS;

// An answer that was asked for at `asked` and came at `came` (performance.now()) told the server's time.
// The narrowest measure is kept.
export const heard = (text, asked, came) => {
  const told = Date.parse(text);
  if (Number.isNaN(told)) return;
  const width = (came - asked) / 2;
  if (isMeasured() && best.width <= width) return;
  best = { width, at: came, gap: gap() };
  const offset = Math.round(told - (best.gap + (asked + came) / 2));
  if (offset === state.offset) return;
  change({ offset });
  put("offset", offset);
};

export const recallOffset = async () => {
  if (state.offset === null) change({ offset: (await get("offset")) ?? null });
};

// What a row keeps of the moment of its tap.
export const moment = () => ({ tapped: Date.now(), mono: performance.now(), life: LIFE, offset: state.offset });

export const here = () => ({ wall: Date.now(), mono: performance.now(), life: LIFE, offset: state.offset });

// An instant of this tablet as the server's clock tells it, RFC 3339; null when that was never measured.
export const onTheirClock = (ms) => (state.offset === null ? null : new Date(ms + state.offset).toISOString());

// Seconds since row.at (on this tablet's clock), or null when nothing tells: the clock was set since then,
// and the page that saw the tap is gone.
export const ageOf = (row, { wall, mono, life, offset } = here()) => {
  const byWall = wall - row.at;
  const byPage = row.life === life ? mono - row.mono + row.tapped - row.at : null;
  const moved = row.offset === null || offset === null ? Infinity : Math.abs(offset - row.offset);
  const likely = byWall > -SAME_MS && byWall < LONGEST_MS;
  const trusted = likely && moved <= (byPage === null ? SKEW_MS : SAME_MS);
  const age = trusted ? byWall : byPage;
  return age === null ? null : Math.max(0, Math.round(age) / 1000);
};

// Minutes by which this tablet is ahead (or behind, below zero); 0 while within two minutes.
export const skewMinutes = () => (Math.abs(state.offset ?? 0) > SKEW_MS ? Math.round(-state.offset / 60_000) : 0);
