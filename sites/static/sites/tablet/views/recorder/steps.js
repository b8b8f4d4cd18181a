// The fourteen buttons in the order of care: each one tap, stamped at the touch. Nothing refuses one.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { AWAKE, CALLED, CANCELLED, NOT_CALLED, POSITION, STOP, lastOf, stepsOf } from "../../event.js";
import { icon } from "../../icon.js";
import { dose, products, step } from "../../overdose.js";
import { after, awakeWords, capital, number, unit } from "../../overdose-words.js";
import { tap } from "../../touch.js";
import { t } from "../../words.js";
import { openPanel } from "./panel.js";
import { say } from "./said.js";

// « · 3 min »: a button has little room for « il y a ».
const since = (at) => {
  const minutes = Math.floor((Date.now() - at) / 60_000);
  return minutes < 1 ? null : html` · <span class="hidden-text">${t("il y a")}</span> ${t("{n} min", { n: minutes })}`;
};

const button = (key, iconName, name, detail, shape, does) => html`<button class="step ${shape} ${detail ? "" : "solo"}" type="button"
  data-key=${key} @click=${does}>${icon(iconName)}<b>${name}</b>${detail ? html`<span>${detail}</span>` : null}</button>`;

// One that is done each time it is touched.
const once = ({ row, event }, code, iconName, name, { choice = null, without = null } = {}) => {
  const told = stepsOf(event, code).filter(({ data }) => (!choice || data.choice === choice) && (!without || data.choice !== without));
  const last = lastOf(told);
  const key = `${code}-${choice ?? ""}`;
  return button(key, iconName, name, last ? html`✓ ${after(event, last.at)}${since(last.at)}` : "", last ? "done" : "",
    tap(key, () => say(row, step(row, code, choice ? { choice } : {}))));
};

// One that goes on until a second touch.
const lasting = ({ row, event }, key, iconName, name, last, on, begin, end) => {
  const [code, more] = on ? end : begin;
  const detail = on ? html`● ${t("depuis {after}", { after: after(event, last.at) })}${since(last.at)}`
    : last ? t("arrêté à {after}", { after: after(event, last.at) }) : "";
  return button(key, iconName, name, detail, on ? "on" : last ? "done" : "", tap(key, () => say(row, step(row, code, more))));
};

const oxygen = (on) => {
  const last = lastOf(on.event.steps.filter(({ data }) => ["oxygen_start", "oxygen_stop"].includes(data.step)));
  return lasting(on, "oxygen", "o2", t("Oxygène"), last, last?.data.step === "oxygen_start", ["oxygen_start", {}], ["oxygen_stop", {}]);
};

const breaths = (on) => {
  const last = lastOf(stepsOf(on.event, "bvm"));
  return lasting(on, "bvm", "lungs", t("Ballon-masque"), last, last && last.data.choice !== STOP, ["bvm", {}], ["bvm", { choice: STOP }]);
};

// The first touch says « appelé »; then it opens what may follow.
const call = ({ row, event }) => {
  const last = lastOf(stepsOf(event, "call_911"));
  if (!last) return button("call_911", "phone", "911", "", "", tap("call_911", () => say(row, step(row, "call_911", { choice: CALLED }))));
  const told = { [CALLED]: t("✓ appelé à {after}", { after: after(event, last.at) }),
    [CANCELLED]: t("annulé à {after}", { after: after(event, last.at) }), [NOT_CALLED]: t("pas appelé") }[last.data.choice];
  return button("call_911", "phone", "911", told, "done", tap("call_911", () => openPanel({ name: "call" }, "call_911")));
};

const ambulance = ({ row, event }) => {
  const [here, gone] = [lastOf(stepsOf(event, "ems_arrival")), lastOf(stepsOf(event, "ems_departure"))];
  const on = here && (!gone || gone.at < here.at);
  const detail = on ? `● ${t("arrivée à {after}", { after: after(event, here.at) })}`
    : gone ? t("✓ partie à {after}", { after: after(event, gone.at) }) : t("à l’arrivée");
  return button("ems", "amb", t("Ambulance"), detail, on ? "on" : gone ? "done" : "",
    tap("ems", () => say(row, step(row, on ? "ems_departure" : "ems_arrival"))));
};

const productWords = (product) => (product.route === "in" ? t("Naloxone nasale") : t("Naloxone {route}", { route: product.route.toUpperCase() }));

const left = (product) => (product.lots.length ? ` · ${t("reste {n}", { n: product.left })}` : "");

const naloxone = ({ row }) => products().map((product) => {
  const key = `dose-${product.code}`;
  const given = () => {
    const recount = product.lots.length > 0 && product.left <= 0;
    say(row, dose(row, product), recount ? t("Noté. Stock à recompter.") : null);
  };
  return button(key, product.route === "in" ? "nasal" : "vial", productWords(product),
    `${t("{mg} mg", { mg: number(product.strength_mg) })}${left(product)}`, "nal", tap(key, given));
});

const measure = ({ event }, code, iconName, name) => {
  const last = lastOf(stepsOf(event, "vitals").filter(({ data }) => data.measure === code));
  const key = `measure-${code}`;
  const open = tap(key, () => openPanel({ name: "measure", measure: code }, key));
  if (!last) return button(key, iconName, name, "", "", open);
  return html`<button class="step meas" type="button" data-key=${key} @click=${open}>${icon(iconName)}<b>${name} · ${after(event, last.at)}</b>
    <span class="v num">${number(last.data.value)} <small>${unit(code)}</small></span></button>`;
};

const awake = ({ event }) => {
  const last = lastOf(stepsOf(event, "vitals").filter(({ data }) => AWAKE.includes(data.choice)));
  const open = tap("awake", () => openPanel({ name: "awake" }, "awake"));
  if (!last) return button("awake", "eye", t("Éveil"), "", "", open);
  return html`<button class="step meas" type="button" data-key="awake" @click=${open}>${icon("eye")}<b>${t("Éveil")} · ${after(event, last.at)}</b>
    <span class="v">${capital(awakeWords(last.data.choice))}</span></button>`;
};

export const steps = (on) => html`<section class="steps" aria-label=${t("Gestes")} ?inert=${Boolean(on.panel)}>
  ${once(on, "stimulation", "hand", t("Stimulation"))}
  ${once(on, "airway", "head", t("Voies dégagées"), { without: POSITION })}
  ${oxygen(on)}
  ${breaths(on)}
  ${call(on)}
  ${ambulance(on)}
  ${naloxone(on)}
  ${measure(on, "spo2", "sat", t("SpO₂"))}
  ${measure(on, "rr", "wave", t("Respiration"))}
  ${awake(on)}
  ${once(on, "airway", "side", t("Position latérale"), { choice: POSITION })}
  ${once(on, "cpr_aed", "heart", t("RCR · DEA"))}
  ${button("other", "more", t("Autre étape"), "", "", tap("other", () => openPanel({ name: "other" }, "other")))}
</section>`;
