// Clocks that count up from an instant ([data-since]), on the server's time ([data-now]).
const first = document.querySelector("[data-since][data-now]");
const ahead = first ? Date.parse(first.dataset.now) - Date.now() : 0;

export const elapsed = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};

export const serverNow = () => Date.now() + ahead;

const tell = () => {
  for (const clock of document.querySelectorAll("[data-since]")) {
    const seconds = (serverNow() - Date.parse(clock.dataset.since)) / 1000;
    const text = elapsed(seconds);
    if (clock.textContent === text) continue;
    clock.textContent = text;
    if (clock.tagName === "TIME") clock.dateTime = `PT${Math.max(0, Math.floor(seconds))}S`;
    if (clock.dataset.words) {
      const words = clock.dataset.words.replace("MM", Math.floor(seconds / 60)).replace("SS", Math.floor(seconds % 60));
      clock.setAttribute("aria-label", words);
    }
  }
};

if (typeof document !== "undefined") {
  tell();
  setInterval(tell, 250);
}
