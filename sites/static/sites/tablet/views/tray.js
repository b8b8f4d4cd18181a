// The tray at the right: what goes out, what came back, and the pad for large numbers.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { STEPS, backLines, basketName, bins, estimate, kitsLeft, named, partsOf, put, set, step, usual } from "../counter.js";
import { icon } from "../icon.js";
import { state } from "../store.js";
import { label, t } from "../words.js";

const KEYS = [..."123456789"];
const LONGEST = 5;

// --- Lines ---------------------------------------------------------------------------------------

// One line: words, − n +; a tap on the number opens the pad.
const line = (words, place, key, by = 1) => {
  const quantity = state.view[place]?.[key] ?? 0;
  return html`<li><span>${words}</span>
    <button class="sq" type="button" aria-label=${t("{what} : {n} de moins", { what: words, n: by })} @click=${() => step(place, key, -by)}>${icon("minus", true)}</button>
    <button class="n num" type="button" aria-label=${t("{what} : {n}, écrire un nombre", { what: words, n: quantity })} @click=${() => put({ pad: { place, key, words, text: "" } })}>${quantity}</button>
    <button class="sq" type="button" aria-label=${t("{what} : {n} de plus", { what: words, n: by })} @click=${() => step(place, key, by)}>${icon("plus", true)}</button></li>`;
};

export const naloxone = () => html`<h2>${t("Naloxone")}</h2><ul>${["nasal", "injectable"].map((kind) => line(t("{kind}, {n} en main", { kind: label("kit_kind", kind), n: kitsLeft(kind) }), "kits", kind))}</ul>`;

const itemWords = (code) => named(code).filter(Boolean).join(", ");

export const goingOut = (view) => {
  const held = usual().filter((basket) => view.baskets?.[basket.key]);
  const items = Object.keys(view.items ?? {});
  return held.length + items.length
    ? html`<ul>${held.map((basket) => line(basketName(basket), "baskets", basket.key))}${items.map((code) => line(itemWords(code), "items", code))}</ul>`
    : html`<p class="quiet">${t("Rien encore.")}</p>`;
};

const METHODS = () => [["counted", t("Comptées")], ["weight", t("Au poids")], ["bin", t("Au bac")]];

const methods = (chosen) => html`<div class="seg" role="group" aria-label=${t("Façon de compter")}>${METHODS().map(([method, words]) => html`<button type="button" aria-pressed=${String(method === chosen)} @click=${() => put({ method })}>${words}</button>`)}</div>`;

const backOf = (method) => {
  if (method === "bin") return bins().map((bin) => line(partsOf(bin)[0], "back", bin.code, STEPS.bin));
  return line(method === "weight" ? t("Grammes") : t("Seringues"), "back", method, STEPS[method]);
};

const converted = (view) => (backLines(view).some(({ method }) => method !== "counted")
  ? html`<p class="hint num">${t("environ {n} seringues (conversion {version})", { n: estimate(view), version: state.setup?.counter?.conversion?.version ?? 0 })}</p>` : nothing);

export const comingBack = (view, title) => {
  const method = view.method ?? "counted";
  return html`<h2>${title}</h2>${methods(method)}<ul>${backOf(method)}</ul>${converted(view)}`;
};

export const forWhom = (view) => html`<div class="seg" role="group" aria-label=${t("Pour qui")}>${["self", "self_and_others"].map((code) => html`<button type="button" aria-pressed=${String((view.for_whom ?? "self") === code)} @click=${() => put({ for_whom: code })}>${label("for_whom", code)}</button>`)}</div>`;

// --- The pad -------------------------------------------------------------------------------------

const press = (pad, sign) => put({ pad: { ...pad, text: `${pad.text}${sign}`.replace(/^0+/, "").slice(0, LONGEST) } });

const done = ({ place, key, text }) => {
  if (text) set(place, key, Number(text));
  put({ pad: null });
};

const digit = (pad, sign) => html`<button class="key" type="button" @click=${() => press(pad, sign)}>${sign}</button>`;

const pad = (view) => html`<h2>${view.pad.words}</h2>
  <p class="typed num" role="status">${view.pad.text || (view[view.pad.place]?.[view.pad.key] ?? 0)}</p>
  <div class="pinkeys">${KEYS.map((sign) => digit(view.pad, sign))}
    <button class="key word" type="button" @click=${() => { set(view.pad.place, view.pad.key, 0); put({ pad: null }); }}>${t("Ôter")}</button>${digit(view.pad, "0")}
    <button class="key" type="button" @click=${() => put({ pad: { ...view.pad, text: view.pad.text.slice(0, -1) } })}>${icon("del")}<span class="hidden-text">${t("Effacer")}</span></button></div>
  <button class="btn main" type="button" @click=${() => done(view.pad)}>${icon("check")}${t("C’est bon")}</button>`;

export const tray = (view, inside) => html`<section class="panel tray" aria-label=${t("Panier")}>${view.pad ? pad(view) : inside}</section>`;
