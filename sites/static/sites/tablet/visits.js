// What one tap about a visit writes, and what it takes to take it back.
import { act, together } from "./acts.js";
import { allows } from "./floor.js";
import { floorNow, roomNow } from "./live.js";
import { noted } from "./notices.js";
import { change, state } from "./store.js";
import { touchedAt } from "./touch.js";
import { t } from "./words.js";
import { uuid7 } from "./uuid7.js";

const rowOf = (visit) => roomNow().visits.find((row) => row.visit === visit) ?? null;

const write = async (visit, rows, { words, at = touchedAt() }) => {
  const before = { visit, row: rowOf(visit) };
  const ids = await together(rows, { at });
  noted({ ids, before, words });
};

const declare = (visit, parts) => state.declared.set(visit, { ...state.declared.get(visit), ...parts, at: Date.now() });

// Whoever sits down with something declared is about to use it: no second tap is asked for.
const firstRound = ({ visit, substances, route, consumed }) => (
  !consumed && substances?.length && route ? [["consumption.recorded", { visit, substances, route }]] : []);

// What stands against taking a place now, {text, booth: one that is free instead}; null when it is free.
export const refusal = (booth, { visit, route }) => {
  const { free } = floorNow();
  if (free.some((one) => one.label === booth)) return null;
  const other = free.find((one) => !one.readyAt && (!one.to || one.to.visit === visit) && allows(one.room, route));
  return {
    text: other
      ? t("Cette place vient d’être prise. La place {free} est libre.", { free: other.label })
      : t("Cette place vient d’être prise. Aucune autre n’est libre."),
    booth: other?.label ?? null,
  };
};

export const seat = async (visit, booth, { at } = {}) => {
  const round = firstRound(visit);
  if (round.length) declare(visit.visit, { consumed: true });
  await write(visit.visit, [["visit.seated", { visit: visit.visit, booth }], ...round], { at, words: t("Place {booth}", { booth }) });
};

export const checked = ({ visit, booth }, { at } = {}) => write(visit, [["visit.checked", { visit }]], { at, words: t("Place {booth} : tout va bien", { booth }) });

export const toAftercare = ({ visit }, { at } = {}) => write(visit, [["visit.aftercare", { visit }]], { at, words: t("Vers l’aire de repos") });

export const closed = ({ visit }, discharge_to, { at } = {}) => write(visit, [["visit.closed", { visit, discharge_to }]], { at, words: t("Départ") });

export const leftWithout = ({ visit }, reason, { at } = {}) => write(visit, [["visit.left", { visit, reason }]], { at, words: t("Parti sans consommer") });

export const round = async ({ visit }, { substances, route }, { at } = {}) => {
  declare(visit, { substances, route, consumed: true });
  await write(visit, [["consumption.recorded", { visit, substances, route }]], { at, words: t("Nouvelle consommation") });
};

export const assessed = async ({ visit }, { substances, route }, { at } = {}) => {
  declare(visit, { substances, route });
  await write(visit, [["visit.assessed", { visit, substances, route }]], { at, words: t("Déclaré") });
};

export const turnedAway = async (reason, count, { at } = {}) => {
  noted({ ids: [await act("turnaway.recorded", { reason, count }, { at: at ?? touchedAt() })], words: t("Refus à l’entrée") });
};

const about = (typed, names) => Object.fromEntries(names.filter((name) => typed[name]).map((name) => [name, typed[name]]));

// typed: {handle, gender, age_band, substances, route, help_needed, tolerance_break, agreed, booth}.
// An agreement goes first: only who agreed is known again, this visit included.
export const arrive = async (typed, { at } = {}) => {
  const visit = uuid7();
  const { substances, route, handle, booth } = typed;
  const rows = [["visit.arrived", { visit, ...about(typed, ["handle", "gender", "age_band"]) }]];
  if (handle && typed.agreed) rows.unshift(["client.agreed", { handle, version: typed.agreed, language: state.language }]);
  if (substances.length && route) {
    rows.push(["visit.assessed", { visit, substances, route, ...about(typed, ["help_needed", "tolerance_break"]) }]);
    declare(visit, { substances, route, consumed: Boolean(booth) });
  }
  if (booth) rows.push(["visit.seated", { visit, booth }], ...firstRound({ visit, substances, route }));
  await write(visit, rows, { at, words: booth ? t("Place {booth}", { booth }) : t("En attente") });
  change();
};
