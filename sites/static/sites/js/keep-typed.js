// Switching language keeps the half-typed form: its fields wait in this tab for the next page.
// Handles and passwords never do.
const KEY = "typed";
const NEVER = new Set(["csrfmiddlewaretoken", "handle", "password", "again", "login", "at", "next", "language"]);
const forms = () => [...document.querySelectorAll("main form[method=post]")];

const typed = () => forms().map((form) =>
  [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && typeof value === "string"));

const restore = (form, pairs) => {
  const names = new Set(pairs.map(([name]) => name));
  for (const field of form.elements) {
    if (!field.name || NEVER.has(field.name)) continue;
    const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (names.has(field.name) && field.type !== "submit") field.value = values[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

document.querySelector("form.langs")?.addEventListener("submit", () => {
  sessionStorage.setItem(KEY, JSON.stringify({ page: location.pathname, typed: typed() }));
});

const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
sessionStorage.removeItem(KEY);
if (kept?.page === location.pathname) {
  forms().forEach((form, n) => kept.typed[n] && restore(form, kept.typed[n]));
}
