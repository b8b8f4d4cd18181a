// Tick every row of the list at once, or none.
for (const button of document.querySelectorAll("[data-tick-rows]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...document.querySelectorAll(`input[type=checkbox][name=${button.dataset.tickRows}]`)];
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
  });
}
