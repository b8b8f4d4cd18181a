// The breathing rhythm of the site's protocol: a circle that grows and a count. Off until someone asks for it.
import { html } from "../../../vendor/lit-html/lit-html.js";
import { icon } from "../../icon.js";
import { pace } from "../../overdose.js";
import { tap } from "../../touch.js";
import { t } from "../../words.js";

const STEP_MS = 100;
const [SMALL, LARGE] = [12, 27];
const still = matchMedia("(prefers-reduced-motion: reduce)");
let timer = null;
let began = 0;

// Air goes in during the first second of each turn, then out.
const draw = (seconds) => {
  const breath = document.querySelector(".breath");
  if (!breath) return;
  const spent = ((performance.now() - began) / 1000) % seconds;
  breath.querySelector("text").textContent = String(Math.floor(spent) + 1);
  if (still.matches) return;
  const full = spent < 1 ? spent : Math.max(0, 1 - (spent - 1) / (seconds - 1));
  breath.querySelector(".puff").setAttribute("r", String(SMALL + (LARGE - SMALL) * full));
};

const run = (on, seconds) => {
  if (on && !timer) {
    began = performance.now();
    timer = setInterval(() => draw(seconds), STEP_MS);
  } else if (!on) {
    clearInterval(timer);
    timer = null;
  }
};

export const stopPacer = () => run(false);

export const pacer = ({ row }, protocol) => {
  const on = Boolean(row.pacer);
  run(on, protocol.breath_s);
  return html`<section class="card pacer" aria-label=${t("Rythme")}>
    <svg class="breath" viewBox="0 0 64 64" aria-hidden="true" focusable="false" ?hidden=${!on}><circle class="track" cx="32" cy="32" r="29"></circle><circle class="puff" cx="32" cy="32" r="20"></circle><text x="32" y="37">1</text></svg>
    <div><h2>${t("Souffler")}</h2><p class="quiet">${t("1 aux {n} s", { n: protocol.breath_s })}</p></div>
    <button class="round" type="button" aria-pressed=${String(on)} @click=${tap("pacer", () => pace(row, !on))}>${icon(on ? "x" : "lungs", true)}<span class="hidden-text">${on ? t("Arrêter le rythme") : t("Montrer le rythme")}</span></button></section>`;
};
