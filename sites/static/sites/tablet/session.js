// Who holds the tablet, from the six digits to the lock. Nothing here touches what waits in the outbox.
import { Away, call } from "./api.js";
import { leavePractice } from "./practice.js";
import { speakAs } from "./settings.js";
import { change, go, isTouched, state, unshelve } from "./store.js";
import { n, t } from "./words.js";
import { compare, remember } from "./verifier.js";

const MOST_WRONG = 5;
const PLAIN = new Set(["board", "lock", "enrol", "more", "settings", "toConfirm", "secondName"]);
// An overdose stays on the screen; whoever unlocks next says whose hands they were.
const STAYS = new Set(["recorder", "closing", "falseAlarm", "twoClosings", "unsent"]);

const wrongHere = new Map(); // staff code → wrong PINs in a row while nobody answers

export const colleague = (code) => state.setup?.staff.find((one) => one.code === code) ?? null;

// --- What waits for its author ----------------------------------------------------------------

// What was typed of a handle is never kept over a lock, nor what the server told of whose it is.
const setAside = (code, view) => state.drafts.set(code, "handle" in view ? { ...view, handle: "", last: null, problem: null } : view);

// A sheet that is being sent waits for nobody: its records are on their way.
const isForm = (view) => view && !view.sending && !PLAIN.has(view.name) && !STAYS.has(view.name);

export const waiting = () => [...state.drafts].filter(([, view]) => isForm(view)).map(([code]) => code);

// --- Unlocking --------------------------------------------------------------------------------

const hold = (person, { theirs }) => {
  const draft = theirs ? state.drafts.get(person.code) : null;
  if (theirs) state.drafts.delete(person.code);
  wrongHere.delete(person.code);
  change({ person });
  speakAs(person);
  go("board");
  if (isForm(draft)) change({ view: draft });
};

const proven = (body, pin) => {
  const person = { ...body.person, unlock: body.unlock, until: Date.parse(body.until), pin: null, proven: true };
  remember(person.code, pin, { proven: true }); // nobody waits for it
  change({ toConfirm: body.to_confirm });
  return person;
};

const ask = (path, body) => call(`/api/v1/tablet/${path}`, { method: "POST", body });

// The server's answer, or null when nobody answered that can be believed.
const answered = async (path, body) => {
  try {
    const answer = await ask(path, body);
    return answer.status < 500 ? answer : null;
  } catch (error) {
    if (error instanceof Away) return null;
    throw error;
  }
};

// Opens the tablet, or gives {problem} in words, or {away: true}: nobody can check this PIN now.
export const unlock = async (code, pin) => {
  const answer = await answered("unlock", { staff: code, pin });
  if (!answer) return withoutNetwork(code, pin);
  if (answer.status !== 200) return { problem: answer.body.error.message, paused: answer.body.error.code === "paused" };
  hold(proven(answer.body, pin), { theirs: true });
  return {};
};

const paused = () => ({ problem: t("Cinq codes qui ne vont pas. Une personne responsable peut débloquer."), paused: true });

const withoutNetwork = async (code, pin) => {
  if ((wrongHere.get(code) ?? 0) >= MOST_WRONG) return paused();
  const verdict = await compare(code, pin);
  if (verdict === "proven") {
    hold({ ...offline(code, pin), proven: true }, { theirs: true });
    return {};
  }
  if (verdict !== "wrong") return { away: true };
  const wrong = (wrongHere.get(code) ?? 0) + 1;
  wrongHere.set(code, wrong);
  if (wrong >= MOST_WRONG) return paused();
  return { problem: n("Ce code ne va pas. Encore {count} essai.", "Ce code ne va pas. Encore {count} essais.", MOST_WRONG - wrong) };
};

const offline = (code, pin) => {
  const { name, language, may } = colleague(code);
  return { code, name, language, may, unlock: null, until: null, pin, proven: false };
};

// « Continuer, à confirmer »: the PIN goes with each record, and the server looks at it then.
export const goOn = async (code, pin) => {
  const theirs = (await compare(code, pin)) === "same";
  // Whose form waits under this name, unproven too, keeps it and its digits.
  if (!theirs && !isForm(state.drafts.get(code))) await remember(code, pin, { proven: false });
  hold(offline(code, pin), { theirs });
};

// The network is back: whoever went on without it is proven now, or asked again.
export const proveNow = async () => {
  const { person } = state;
  if (!person?.pin) return;
  const answer = await answered("unlock", { staff: person.code, pin: person.pin });
  if (!answer || state.person !== person) return;
  if (answer.status === 200) {
    change({ person: proven(answer.body, person.pin) });
    return;
  }
  lock();
  if (state.view.name === "lock") change({ view: { name: "lock", who: person.code, ask: "pin", pin: "", problem: answer.body.error?.message ?? "" } });
};

// --- Choosing a PIN, helping who forgot it ----------------------------------------------------

const OFFLINE = () => ({ problem: t("Il faut le réseau pour cela."), away: true });

export const choosePin = async (code, once, pin) => {
  const answer = await answered("pin", { staff: code, once, pin });
  if (!answer) return OFFLINE();
  if (answer.status !== 200) return { problem: answer.body.error.message, weak: answer.body.error.code === "weak" };
  hold(proven(answer.body, pin), { theirs: true });
  return {};
};

// A shift lead's own PIN: {once} with which the colleague may choose another.
export const help = async (code, lead, pin) => {
  const answer = await answered("help", { staff: code, lead, pin });
  if (!answer) return OFFLINE();
  if (answer.status !== 200) return { problem: answer.body.error.message };
  wrongHere.delete(code);
  return { once: answer.body.once };
};

// --- Locking ----------------------------------------------------------------------------------

const BARE = ["visit", "state", "booth", "since", "arrived_at", "checked_at", "ended_at", "kept"];

const bare = (row) => Object.fromEntries(BARE.filter((name) => name in row).map((name) => [name, row[name]]));

// Places and clocks stay on the screen; words, numbers and substances leave the memory.
const forgetRoom = () => {
  if (state.base) state.base = { ...state.base, visits: state.base.visits.map(bare) };
  state.declared.clear();
  state.spoken = "";
};

// What is half typed waits under its author's name; the tablet shows no more of anyone.
export const lock = () => {
  const { person, view } = state;
  if (!person) return;
  const imagined = state.practice;
  leavePractice();
  const beneath = STAYS.has(view.name) ? view.beneath?.view : view;
  const open = isForm(beneath) && (beneath !== view || isTouched()) ? beneath : null;
  const half = imagined ? null : open ?? unshelve();
  // A form that still waits under this name is another's: it came first.
  if (half && !isForm(state.drafts.get(person.code))) setAside(person.code, half);
  forgetRoom();
  const next = STAYS.has(view.name) && !imagined ? { ...view, beneath: null } : { name: "lock" };
  change({ person: null, notices: [], toConfirm: 0, view: next });
  if (person.unlock) call("/api/v1/tablet/lock", { method: "POST", body: {}, headers: { "X-Unlock": person.unlock } }).catch(() => {});
};
