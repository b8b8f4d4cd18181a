// − and + beside a number; « Non évalué » empties it, and a number takes « Non évalué » away.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const [number, blank] = [stepper.querySelector("input:not([type])"), stepper.querySelector("[type=checkbox]")];
  const high = Number(stepper.dataset.high);
  stepper.addEventListener("click", (event) => {
    const by = event.target.closest("[data-by]")?.dataset.by;
    if (!by) return;
    const from = number.value === "" ? Number(stepper.dataset.begin) : Number(number.value) + Number(by);
    number.value = Math.min(high, Math.max(0, Number.isFinite(from) ? Math.round(from) : 0));
    blank.checked = false;
  });
  number.addEventListener("input", () => { blank.checked = false; });
  blank.addEventListener("change", () => { if (blank.checked) number.value = ""; });
}
