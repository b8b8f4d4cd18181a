// What a hand-out holds while it is put together, and what one tap then writes. Half-typed, it is the view:
// {baskets: {key: n}, items: {code: n}, kits: {kind: n}, back: {unit: n}, method, for_whom, pad}; nothing here touches the page.
import { together } from "./acts.js";
import { offered, wordsOf } from "./chips.js";
import { noted } from "./notices.js";
import { Refused } from "./rules.js";
import { change, go, state } from "./store.js";
import { n, t } from "./words.js";

const USED = "needle_any";
const BIN = "bin";
export const KILOGRAM = "kg";
// How much one tap on − or + is: syringes, grams, full containers.
export const STEPS = { counted: 10, weight: 100, bin: 1 };

const DETAIL = " · ";

// [name, detail] of an item: « Seringue 1 cc », « 27G ½ po ».
export const partsOf = (value) => {
  const [name, ...detail] = wordsOf(value).split(DETAIL);
  return [name, detail.join(DETAIL)];
};

export const toGive = () => offered("supply").filter((value) => value.code !== USED);
export const bins = () => offered("supply").filter((value) => value.group === BIN);

export const named = (code) => {
  const value = state.setup?.codes.supply?.find((one) => one.code === code);
  return value ? partsOf(value) : [code, ""];
};

// The usual baskets of the site: what a manager set, then what is given most. {key, name, lines}
export const usual = () => (state.setup?.counter?.baskets ?? []).map((basket, at) => ({ ...basket, key: `${at}` }));

export const basketName = (basket) => (state.language === "en" && basket.name_en) || basket.name_fr || t("Souvent remis");

export const contents = (lines) => lines.map(({ item, quantity }) => `${quantity} ${named(item)[0]}`).join(", ");

// --- How many ------------------------------------------------------------------------------------

const added = (into, item, quantity) => { if (quantity > 0) into[item] = (into[item] ?? 0) + quantity; };

// {code: n} of everything in the tray, baskets opened.
export const totals = (view) => {
  const sum = {};
  for (const basket of usual()) {
    for (const { item, quantity } of basket.lines) added(sum, item, quantity * (view.baskets?.[basket.key] ?? 0));
  }
  for (const [item, quantity] of Object.entries(view.items ?? {})) added(sum, item, quantity);
  return sum;
};

const sumOf = (counts) => Object.values(counts ?? {}).reduce((sum, quantity) => sum + quantity, 0);

export const pieces = (view) => sumOf(totals(view)) + sumOf(view.kits);

// Kits that may be given, the lot that expires first ahead: what is left, as the set-up last told.
const kitLots = (kind) => (state.setup?.shelf ?? []).filter((lot) => lot.product === `kit-${kind}` && !lot.expired);
export const kitsLeft = (kind) => kitLots(kind).reduce((sum, lot) => sum + Math.max(0, lot.units), 0);

// Lines of what came back, each with its way of counting.
export const backLines = (view) => Object.entries(view.back ?? {}).filter(([, quantity]) => quantity > 0).map(([unit, quantity]) => {
  if (unit === "counted" || unit === "weight") return { item: USED, quantity, method: unit };
  return { item: unit, quantity, method: BIN };
});

// About how many syringes that is, by the version of the conversion that the set-up brought.
export const estimate = (view) => {
  const table = state.setup?.counter?.conversion?.syringes ?? {};
  return backLines(view).reduce((sum, { item, quantity, method }) => {
    if (method === "weight") return sum + Math.round((quantity * (table[KILOGRAM] ?? 0)) / 1000);
    return sum + quantity * (method === BIN ? table[item] ?? 0 : 1);
  }, 0);
};

// --- Taps ----------------------------------------------------------------------------------------

export const put = (parts) => { Object.assign(state.view, { problem: null }, parts); change(); };

const MOST = 100_000;

// Sets how many of something: place is "baskets", "items", "kits" or "back".
export const set = (place, key, quantity) => {
  const held = { ...state.view[place] };
  const kept = Math.max(0, Math.min(MOST, quantity));
  if (kept) held[key] = kept;
  else delete held[key];
  put({ [place]: held });
};

export const step = (place, key, by) => set(place, key, (state.view[place]?.[key] ?? 0) + by);

// --- Writing -------------------------------------------------------------------------------------

const filled = (data) => Object.fromEntries(Object.entries(data).filter(([, value]) => value));

const kitRows = (view) => Object.entries(view.kits ?? {}).map(([kind, count]) => {
  const lots = kitLots(kind);
  const lot = (lots.find(({ units }) => units > 0) ?? lots[0])?.lot;
  return ["kit.given", filled({ kit_kind: kind, count, form: "kit", lot })];
});

const given = (view) => Object.entries(totals(view)).map(([item, quantity]) => ({ item, quantity }));

// What is in the tray as records; about: what else is known of each kind, empty values left out.
export const rowsOf = (view, { out = {}, back = {} }) => {
  const rows = [];
  const [lines, returned] = [given(view), backLines(view)];
  if (lines.length) rows.push(["supplies.given", filled({ lines, ...out })]);
  if (returned.length) rows.push(["supplies.returned", filled({ lines: returned, ...back })]);
  return [...rows, ...kitRows(view)];
};

const wordsFor = (rows) => rows.map(([kind, { lines, count: kits }]) => {
  if (kind === "kit.given") return n("{count} trousse de naloxone", "{count} trousses de naloxone", kits);
  const count = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (kind === "supplies.given") return n("{count} article remis", "{count} articles remis", count);
  return kind === "syringe.pickup" ? t("Ramassage") : t("Rapporté");
}).join(" · ");

// Writes all of one tray, or says what stands against it; then the board.
export const write = async (rows, at) => {
  const { view } = state;
  if (view.sending) return;
  if (!rows.length) {
    put({ problem: { text: t("Toucher un panier ou un article.") } });
    return;
  }
  put({ sending: true });
  try {
    noted({ ids: await together(rows, { at }), words: wordsFor(rows) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    put({ sending: false, problem: { text: Object.values(error.errors)[0] } });
    return;
  }
  if (state.view === view) go("board");
};
