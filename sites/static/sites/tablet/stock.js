// What one tap about the stock writes. What is on hand is what the server last told, moved by what was tapped
// here since: a hint for whoever chooses a lot, never a reason to refuse.
import { act, together } from "./acts.js";
import { noted } from "./notices.js";
import { state } from "./store.js";
import { touchedAt } from "./touch.js";
import { t } from "./words.js";
import { uuid7 } from "./uuid7.js";

export const KIT_DOSES = 2;
const ROUTES = { nasal: "in", injectable: "im" };

export const shelf = () => state.setup?.shelf ?? [];

export const wordsOfLot = (row) => (state.language === "en" ? row.label_en : row.label_fr);

// naloxone.counted, or supplies.counted for a supply: the same forms.
const kindFor = (what, { kind }) => `${kind === "supply" ? "supplies" : "naloxone"}.${what}`;

const move = (lot, units) => {
  const row = shelf().find((one) => one.lot === lot);
  if (row) row.units += units;
};

// The lot that goes first: kits of that kind that expire first, else loose units to be taken home.
export const lotFor = (kind, form) => {
  const ready = shelf().filter((row) => row.stock === "take_home" && row.route === ROUTES[kind] && !row.expired);
  const kits = ready.filter((row) => row.kind === "kit");
  const loose = ready.filter((row) => row.kind === "naloxone");
  const [first, then] = form === "single" ? [loose, kits] : [kits, loose];
  return [...first, ...then].find((row) => row.units > 0) ?? kits[0] ?? null;
};

const told = (data) => Object.fromEntries(Object.entries(data).filter(([, value]) => value !== "" && value !== undefined && value !== 0));

export const giveKits = async ({ kit_kind, form, count, trained, resupply_reason, recipient }) => {
  const lot = lotFor(kit_kind, form);
  const data = told({ kit_kind, form: form === "single" ? form : "", count, trained, resupply_reason, recipient, lot: lot?.lot });
  const id = await act("kit.given", data, { at: touchedAt() });
  if (lot) move(lot.lot, lot.kind === "kit" && form !== "single" ? -count : -count * (form === "single" ? 1 : KIT_DOSES));
  noted({ ids: [id], words: t("Naloxone remise") });
};

export const tellUsed = async (data) => {
  noted({ ids: [await act("kit.used", told(data), { at: touchedAt() })], words: t("Noté. Merci de l’avoir dit.") });
};

export const receive = async ({ product, lot_code, expiry, quantity }) => {
  const { kind } = state.setup.stocked.find((one) => one.code === product);
  const known = shelf().find((row) => row.product === product && row.code === lot_code && row.expiry.startsWith(expiry));
  const data = told({ lot: known?.lot ?? uuid7(), product, lot_code, expiry: known?.expiry || expiry, quantity, stock: known?.stock });
  const id = await act(kindFor("received", { kind }), data, { at: touchedAt() });
  if (known) move(known.lot, quantity);
  noted({ ids: [id], words: t("Lot reçu.") });
};

export const withdraw = async (row, what, quantity) => {
  const id = await act(kindFor("moved", row), { lot: row.lot, move: what, quantity }, { at: touchedAt() });
  move(row.lot, what === "returned" ? quantity : -quantity);
  noted({ ids: [id], words: t("Mouvement noté") });
};

// counts: [{row, quantity, reason}]; second: who else looked at those that were far off.
export const noteCounts = async (counts, second) => {
  const rows = counts.map(({ row, quantity, reason }) => [
    kindFor("counted", row),
    { lot: row.lot, quantity, ...(reason ? { count_reason: reason, second } : {}) },
  ]);
  const ids = await together(rows, { at: touchedAt() });
  for (const { row, quantity } of counts) row.units = quantity;
  noted({ ids, words: t("Stock compté") });
};

export const isFar = (row, quantity) => Math.abs(quantity - row.units) > row.tolerance;
