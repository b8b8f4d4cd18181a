// « Noté. Annuler » goes away when it can no longer be undone; other notes a little sooner.
const UNDO_MS = 60_000;
const READ_MS = 12_000;

for (const note of document.querySelectorAll(".notes .note:not([data-away])")) {
  setTimeout(() => note.remove(), "undo" in note.dataset ? UNDO_MS : READ_MS);
}
document.querySelector("[data-error-summary]")?.focus();
