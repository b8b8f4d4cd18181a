// Untick every box of a form at once, to tick a few.
for (const button of document.querySelectorAll("[data-tick-all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of document.querySelectorAll(`#${button.dataset.tickAll} input[type=checkbox]`)) box.checked = false;
  });
}
