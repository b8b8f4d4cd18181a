// The countdown to the next dose, where the site's protocol has one. It advises; it stops nothing.
import { elapsed, serverNow } from "./elapsed-clock.js";

let told = "";

const tell = () => {
  const ring = document.querySelector("[data-dose-at]");
  if (!ring) return;
  const left = (Date.parse(ring.dataset.doseAt) - serverNow()) / 1000;
  const share = Math.min(1, Math.max(0, left / Number(ring.dataset.doseAfter)));
  ring.querySelector(".arc").setAttribute("stroke-dasharray", `${left > 0 ? share * 100 : 100} 100`);
  ring.querySelector(".t").textContent = elapsed(Math.ceil(left));
  if (left > 0 || told === ring.dataset.doseAt) return;
  told = ring.dataset.doseAt;
  document.querySelector("[data-dose-ready]").hidden = false;
  navigator.vibrate?.(200);
};

document.addEventListener("recorder:swapped", () => { told = ""; tell(); });
tell();
setInterval(tell, 250);
