// An internal report is noted as printed first; then the browser’s own dialog opens.
for (const form of document.querySelectorAll("form[data-print]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
    window.print();
  });
}

// What may be shared is printed as it is; the button shows only where it can do something.
for (const button of document.querySelectorAll("[data-print-page]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
