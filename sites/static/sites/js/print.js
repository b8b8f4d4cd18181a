// Printing is noted first; then the browser's own dialog opens.
for (const form of document.querySelectorAll("form[data-print]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => {});
    window.print();
  });
}
