// Our own keypad for the handle: no system keyboard, nothing remembered, masked after ten seconds.
const KEYS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const DIGITS = [..."1234567890"];
const MASK_MS = 10_000;

const field = document.querySelector("[data-handle]");
const pad = document.querySelector("[data-keypad]");
const eye = document.querySelector("[data-mask]");
let timer = 0;

const mask = (on) => {
  field.classList.toggle("masked", on);
  eye.setAttribute("aria-pressed", String(on));
};
const typed = () => {
  mask(false);
  clearTimeout(timer);
  timer = setTimeout(() => mask(true), MASK_MS);
};
const type = (text) => {
  if (field.value.length < field.maxLength) field.value += text;
  typed();
};
const key = (name, act, extra = "") => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `key ${extra}`;
  button.textContent = name;
  button.addEventListener("click", act);
  return button;
};

const back = key("", () => { field.value = field.value.slice(0, -1); typed(); }, "k2");
back.append(document.querySelector("[data-del-words]").content);
pad.append(
  ...KEYS.map((letter) => key(letter, () => type(letter))), back,
  ...DIGITS.map((digit) => key(digit, () => type(digit))), key(pad.dataset.space, () => type(" "), "k4"),
);
field.inputMode = "none";
field.addEventListener("input", typed);
eye.addEventListener("click", () => mask(!field.classList.contains("masked")));
pad.hidden = eye.hidden = false;

window.addEventListener("pagehide", () => { field.value = ""; });
