// Arrows move from row to row of a list; the row's own link or button takes the focus, so Enter opens it.
const first = (row) => row?.querySelector("a[href], button");

for (const list of document.querySelectorAll("[data-row-keys]")) {
  list.addEventListener("keydown", (event) => {
    if (event.target.matches("input[type=text], input:not([type])")) return;
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    const next = step && first(event.target.closest("li")?.[step]);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
