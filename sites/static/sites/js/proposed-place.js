// The place that goes with the route: said on the button, before the tap.
const form = document.querySelector("#arrival");
const act = document.querySelector("[data-seat-act]");
const words = document.querySelector("[data-seat-words]");
const arch = document.querySelector("[data-seat-label]");
const seats = [...form.querySelectorAll("input[name=booth][data-routes]")];

export const allows = (routes, route) => !route || !routes || routes.split(" ").includes(route);

const propose = () => {
  const route = form.querySelector("input[name=route]:checked")?.value ?? "";
  for (const seat of seats) {
    const fits = allows(seat.dataset.routes, route);
    seat.closest("label").hidden = !fits;
    if (!fits && seat.checked) form.querySelector('input[name=booth][value=""]').checked = true;
  }
  const chosen = seats.find((s) => s.checked) ?? seats.find((s) => allows(s.dataset.routes, route));
  arch.textContent = chosen?.value ?? "–";
  words.textContent = chosen ? `${act.dataset.words} ${chosen.value}` : act.dataset.none;
  act.classList.toggle("main", Boolean(chosen));
  act.disabled = !chosen;
  act.setAttribute("aria-disabled", String(!chosen));
};

form.addEventListener("change", propose);
propose();
