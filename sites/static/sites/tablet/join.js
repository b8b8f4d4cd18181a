// Several tablets at one overdose: what the others told comes in by asking, while anyone looks.
import { Away, call } from "./api.js";
import { foldOf } from "./overdose.js";
import { forget, learn } from "./overdose-shared.js";
import { saidOf } from "./overdose-words.js";
import { change, state } from "./store.js";

export const SHOWN_MS = 3000;
const OTHERS_EVERY = 7; // an event that is not on the screen is asked for once in so many turns
const tags = new Map();
let turn = 0;
let asking = false;

const news = (row, before) => {
  const event = foldOf(row);
  const last = event?.told.filter((record) => !before.has(record.id)).pop();
  if (last && state.view.event === row.event) change({ view: { ...state.view, said: saidOf(event, last) } });
};

const ask = async (row) => {
  const { status, headers, body } = await call(`/api/v1/tablet/events/${row.event}`, { headers: { "If-None-Match": tags.get(row.event) ?? "" } });
  // One that the server never had stays, whatever became of its opening: nothing ends a response but a person.
  if (status === 404 && (row.met || !row.records.length)) await forget(row);
  if (status !== 200) return;
  tags.set(row.event, headers.get("ETag"));
  const before = new Set(row.records.map((record) => record.id));
  row.tablets = body.tablets;
  learn(row, body.records);
  if (before.size) news(row, before);
};

export const askAll = async ({ everyone = false } = {}) => {
  if (asking || document.hidden || !state.device || state.practice) return;
  asking = true;
  turn += 1;
  try {
    for (const row of [...state.events.values()]) {
      const shown = state.view.event === row.event;
      if (shown || everyone || turn % OTHERS_EVERY === 0) await ask(row);
    }
  } catch (error) {
    if (!(error instanceof Away)) throw error;
  } finally {
    asking = false;
  }
};
