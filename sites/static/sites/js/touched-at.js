// The moment of the touch goes with the form, so that a slow network does not move it.
const stamp = (event) => {
  const button = event.target.closest?.("button, input[type=submit]");
  const at = button?.form?.elements.namedItem("at");
  if (at && (at.type === "hidden")) at.value = new Date().toISOString();
};
document.addEventListener("pointerdown", stamp, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") stamp(event);
}, true);
