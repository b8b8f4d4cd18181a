// How this tablet speaks and looks: kept on it, and told to nobody.
import { get, put } from "./db.js";
import { change, state } from "./store.js";

const root = document.documentElement;
const MINUTE = 60_000;

export const THEMES = ["light", "dark", "auto"];

// theme: light, dark or auto, from one hour of the site's clock to another; languages: staff code → fr or en.
let kept = { theme: "light", from: 20, until: 7, mirrored: false, language: null, languages: {} };

export const settings = () => kept;

// The hour on the site's own clock.
export const hourNow = () => Number(new Intl.DateTimeFormat("en-CA", {
  timeZone: state.setup?.site.zone, hour: "2-digit", hourCycle: "h23",
}).format(Date.now()));

const isNightHour = ({ from, until }, hour) => (from <= until ? hour >= from && hour < until : hour >= from || hour < until);

export const isNight = () => (kept.theme === "auto" ? isNightHour(kept, hourNow()) : kept.theme === "dark");

const show = () => {
  const theme = isNight() ? "dark" : "light";
  if (root.dataset.bsTheme !== theme) root.dataset.bsTheme = theme;
  root.classList.toggle("mirrored", kept.mirrored);
  root.lang = state.language;
};

export const set = (parts) => {
  kept = { ...kept, ...parts };
  put("settings", kept);
  show();
  change();
};

// --- Language: of the person while they hold the tablet, else of the tablet -------------------

const speak = (language) => {
  change({ language });
  show();
};

export const speakAs = (person) => {
  const own = person && (kept.languages[person.code] ?? (person.language?.startsWith("en") ? "en" : "fr"));
  speak(own || kept.language || state.language);
};

export const chooseLanguage = (language) => {
  const { person } = state;
  if (person) set({ languages: { ...kept.languages, [person.code]: language } });
  else set({ language });
  speak(language);
};

export const toggleNight = () => set({ theme: isNight() ? "light" : "dark" });

export const startSettings = async () => {
  kept = { ...kept, ...(await get("settings")) };
  if (kept.language) change({ language: kept.language });
  show();
  setInterval(show, MINUTE);
};
