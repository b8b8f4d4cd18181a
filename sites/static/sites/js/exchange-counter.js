// The counter at a desk: a tap adds one, a usual basket adds all of its items, the dock says how many go out.
// Without this module a basket does it by a round trip, and numbers are typed.
const form = document.getElementById("exchange");
const give = document.querySelector("[data-give]");
const words = give.querySelector("[data-give-words]");
const plain = words.textContent;

const inputs = () => [...form.querySelectorAll(".item input")];
const countOf = (input) => (/^\d+$/.test(input.value.trim()) ? Number(input.value) : 0);

const say = () => {
  let total = 0;
  for (const input of inputs()) {
    total += countOf(input);
    input.closest(".item").classList.toggle("has", countOf(input) > 0);
  }
  const said = total === 1 ? give.dataset.one : give.dataset.many;
  words.textContent = total ? said.replace("{n}", total) : plain;
};

const add = (item, quantity) => {
  const input = form.querySelector(`[data-item="${item}"] input`);
  if (input) input.value = countOf(input) + quantity;
};

const put = (basket) => {
  for (const line of basket.trim().split(" ")) {
    const [item, quantity] = line.split(":");
    add(item, Number(quantity));
  }
};

// Its number itself is typed in.
form.addEventListener("click", (event) => {
  const basket = event.target.closest("[data-basket]");
  const tile = event.target.matches("input") ? null : event.target.closest("[data-item]");
  if (!basket && !tile) return;
  event.preventDefault();
  if (basket) put(basket.dataset.basket);
  else add(tile.dataset.item, 1);
  say();
});
form.addEventListener("input", say);
say();
