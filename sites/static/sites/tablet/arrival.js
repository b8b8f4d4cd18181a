// Someone comes in: what is typed until it is sent, the place proposed, what was declared the last time.
import { Away, call } from "./api.js";
import { allows } from "./floor.js";
import { floorNow } from "./live.js";
import { Refused } from "./rules.js";
import { change, go, state } from "./store.js";
import { touchedAt } from "./touch.js";
import { arrive, refusal } from "./visits.js";
import { clock, t } from "./words.js";

const MINUTE = 60_000;
const MASK_MS = 10_000;
const MAX_HANDLE = 60;

export const put = (parts) => {
  Object.assign(state.view, parts);
  change();
};

// --- The handle: shown for ten seconds after a key -------------------------------------------

export const isMasked = (view) => Boolean(view.handle) && state.tick - (view.typedAt ?? 0) > MASK_MS;

export const type = (handle) => put({ handle: handle.slice(0, MAX_HANDLE), typedAt: Date.now(), last: null, known: null, cares: null, problem: null });

// --- The place -------------------------------------------------------------------------------

export const freeFor = (route) => floorNow().free.filter((booth) => allows(booth.room, route));

// The place chosen, else the first fresh one that nobody in line is waiting for; null when there is none.
export const proposed = (view) => {
  const free = freeFor(view.route);
  return free.find((booth) => booth.label === view.booth) ?? free.find((booth) => !booth.readyAt && !booth.to) ?? null;
};

// --- Comme la dernière fois ------------------------------------------------------------------

// A tablet that nobody proved to hold, or without network, cannot ask.
export const canAsk = () => !state.boardAway && Boolean(state.person?.unlock) && !state.practice;

const already = ({ visit, booth, since }) => {
  const at = clock(Date.parse(since) - (state.offset ?? 0));
  return {
    text: booth ? t("Déjà à la place {booth} depuis {at}. Ouvrir?", { booth, at }) : t("Déjà ici depuis {at}. Ouvrir?", { at }),
    visit,
  };
};

const read = ({ status, body }) => {
  if (status !== 200) return { last: { words: body.error.message } };
  if (body.already) return { problem: already(body.already), last: null };
  const { known = [], cares = [] } = body;
  if (!body.declared) return { known, cares, last: { words: t("Rien à reprendre : choisir ci-dessous.") } };
  const { substances, route } = body.declared;
  return { known, cares, substances, route, last: { taken: true } };
};

// The look-up happens on this tap alone; nothing is asked while typing.
export const lastTime = async () => {
  const { view } = state;
  if (!view.handle?.trim() || view.last || !canAsk()) return;
  put({ last: { asking: true } });
  let parts;
  try {
    parts = read(await call("/api/v1/tablet/last-time", { method: "POST", body: { handle: view.handle } }));
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    parts = { last: { away: true } };
  }
  if (state.view === view && view.last?.asking) put(parts);
};

// --- Sending ---------------------------------------------------------------------------------

const missing = ({ substances = [], route = "", help, pause }) => {
  const some = substances.length || route || help || pause;
  if (!some || (substances.length && route)) return null;
  return { text: t("Il manque une réponse."), field: substances.length ? "route" : "substances" };
};

const typed = (view, booth) => ({
  handle: view.handle?.trim(),
  gender: view.gender,
  age_band: view.age_band,
  substances: view.substances ?? [],
  route: view.route ?? "",
  help_needed: view.help,
  tolerance_break: view.pause,
  agreed: view.agreed ? state.setup.site.agreement_version : "",
  booth,
});

// booth: its label, or "" to wait. The sheet stays when something stands against it.
export const send = async (booth) => {
  const { view } = state;
  const problem = missing(view) ?? (booth ? refusal(booth, { route: view.route }) : null);
  if (problem || view.sending) {
    put({ problem });
    return;
  }
  put({ sending: true });
  try {
    await arrive(typed(view, booth), { at: touchedAt() - (view.ago ?? 0) * MINUTE });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    put({ sending: false, problem: { text: Object.values(error.errors)[0] } });
    return;
  }
  view.handle = "";
  if (state.view === view) go("board"); // it may have been locked meanwhile
};

// In two taps: seated when a route says where, else in line.
export const sendAnonymous = () => {
  put({ handle: "", agreed: false });
  return send(state.view.route ? proposed(state.view)?.label ?? "" : "");
};
