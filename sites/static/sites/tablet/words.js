// Words are French in the source, t("…") with a literal; English is looked up. Messages come from
// `manage.py messages`, which reads the literals: never build a message from parts.
import english from "./words/en.js";
import { state } from "./store.js";

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const t = (text, values = {}) => fill((state.language === "en" && english[text]) || text, values);

// n("{count} saisie", "{count} saisies", count): French is singular below 2, English at 1 only.
export const n = (one, other, count, values = {}) => {
  const [single, plural] = (state.language === "en" && english[one]) || [one, other];
  const singular = state.language === "en" ? count === 1 : Math.abs(count) < 2;
  return fill(singular ? single : plural, { count, ...values });
};

// The label of a code, in the language in force: label("substances", "fentanyl").
export const label = (list, code) => {
  const row = state.setup?.codes?.[list]?.find((value) => value.code === code);
  return row ? (state.language === "en" ? row.label_en : row.label_fr) : code;
};

const clockParts = (ms) => {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: state.setup?.site.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(ms);
  const [hours, minute] = ["hour", "minute"].map((type) => parts.find((part) => part.type === type).value);
  return [Number(hours), minute];
};

// Clock time in the site's own zone: 21 h 47, 21:47.
export const clock = (ms) => clockParts(ms).join(state.language === "en" ? ":" : " h ");

// The same, where the hour is whole: 2 h, 2:00.
export const hour = (ms) => {
  const [hours, minute] = clockParts(ms);
  return minute === "00" && state.language !== "en" ? `${hours} h` : clock(ms);
};

export const minutes = (since, present = state.tick) => Math.max(0, Math.floor((present - since) / 60_000));

// I1 for « Infirmière 1 », SP for « Sam Parent ».
export const initials = (name) => {
  const words = name.split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
};

// Mer. 18 nov., Wed, Nov 18, on the site's own clock.
export const day = (ms) => {
  const options = { timeZone: state.setup?.site.zone, weekday: "short", day: "numeric", month: "short" };
  const text = new Intl.DateTimeFormat(state.language === "en" ? "en-CA" : "fr-CA", options).format(ms);
  return text[0].toUpperCase() + text.slice(1);
};
