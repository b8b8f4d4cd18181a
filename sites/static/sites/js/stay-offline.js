// Without a network a form would leave for nowhere: it stays, with what was typed, and says so.
const note = document.querySelector("[data-away]");

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  note.hidden = navigator.onLine;
  if (!navigator.onLine) event.preventDefault();
});
addEventListener("online", () => { note.hidden = true; });
