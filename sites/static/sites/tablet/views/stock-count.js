// A count of everything, without keyboard and blind: a lot, its figure, the next one. Far from what was
// expected, it asks why and who else looked, and shows by how much only then.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { chip, codeChips } from "../chips.js";
import { icon } from "../icon.js";
import { go, state } from "../store.js";
import { isFar, noteCounts, shelf } from "../stock.js";
import { n, t } from "../words.js";
import { digits, head, lotName, put } from "./stock-shared.js";

const counted = ({ figures = {} }) => shelf().filter((row) => figures[row.lot]).map((row) => ({ row, quantity: Number(figures[row.lot]) }));

const far = (view) => counted(view).filter(({ row, quantity }) => isFar(row, quantity));

const next = (view, lot) => {
  const rows = shelf();
  return rows[rows.findIndex((row) => row.lot === lot) + 1]?.lot ?? lot;
};

const line = (view, row) => html`<li><button class="btn now" type="button" aria-pressed=${String(view.at === row.lot)} @click=${() => put({ at: row.lot })}><span>${lotName(row)}</span><output class="num">${view.figures?.[row.lot] || "–"}</output></button></li>`;

const pad = (view) => {
  const row = shelf().find((one) => one.lot === view.at);
  const typed = view.figures?.[view.at] ?? "";
  return html`<section class="panel padded" aria-label=${t("Quantité comptée")}><p class="lot-name">${lotName(row)}</p><p class="typed num" aria-live="polite">${typed || "–"}</p>
    ${digits(typed, (value) => put({ figures: { ...view.figures, [view.at]: value } }))}
    <button class="btn now" type="button" @click=${() => put({ at: next(view, view.at) })}>${t("Lot suivant")}${icon("arrow")}</button></section>`;
};

const signed = (units) => (units > 0 ? `+${units}` : String(units).replace("-", "−"));

const why = (view) => ({ row, quantity }) => html`<section class="panel"><p class="lot-name">${lotName(row)}</p><p class="facts"><b class="num">${t("Compté : {figure}. Écart avec l’attendu : {off}.", { figure: quantity, off: signed(quantity - row.units) })}</b></p>
  ${codeChips({ list: "count_reason", legend: t("Raison de l’écart"), chosen: [view.reasons?.[row.lot]], pick: (code) => put({ reasons: { ...view.reasons, [row.lot]: code } }), name: `why-${row.lot}` })}</section>`;

const colleagues = (view) => html`<fieldset class="choice"><legend>${t("Deuxième personne")}</legend><div class="chips">${state.setup.staff.filter((one) => one.code !== state.person?.code).map((one) => chip({ words: one.name, on: view.second === one.code, tap: () => put({ second: one.code }) }))}</div></fieldset>`;

const write = (view) => async () => {
  if (view.sending) return;
  const asked = far(view);
  if (asked.length && !(view.asking && view.second && asked.every(({ row }) => view.reasons?.[row.lot]))) {
    put({ asking: true });
    return;
  }
  view.sending = true;
  const reason = (one) => (asked.some(({ row }) => row === one.row) ? view.reasons[one.row.lot] : "");
  await noteCounts(counted(view).map((one) => ({ ...one, reason: reason(one) })), view.second);
  go("stock");
};

const asking = (view) => html`<section class="panel">${head(t("Dire pourquoi, et qui d’autre a compté"), "stock")}
  <p class="hint">${t("Recompter d’abord. L’attendu n’est montré qu’une fois le compte donné.")}</p>${colleagues(view)}
  <button class="btn now" type="button" @click=${() => put({ asking: false })}>${icon("undo")}${t("Recompter")}</button></section>${far(view).map(why(view))}`;

export const stockCount = (view) => {
  const rows = shelf();
  if (!rows.some((row) => row.lot === view.at)) view.at = rows[0]?.lot;
  const done = counted(view).length;
  return {
    title: t("Compter le stock"),
    titled: true,
    shape: `sheet counting ${view.asking ? "asking" : ""}`,
    main: view.asking ? asking(view) : html`<section class="panel">${head(t("Compter le stock"), "stock")}
      <p class="hint">${t("Compter sans voir l’attendu. Un lot laissé vide n’est pas compté.")}</p><ol class="lots">${rows.map((row) => line(view, row))}</ol></section>
      ${rows.length ? pad(view) : nothing}`,
    dock: done ? html`<button class="btn main now" type="button" @click=${write(view)}>${icon("check")}${n("Noter {count} compte", "Noter {count} comptes", done)}</button>` : nothing,
  };
};
