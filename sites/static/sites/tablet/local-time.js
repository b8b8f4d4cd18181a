// Clock times of the site's own zone, typed by a person.
import { state } from "./store.js";

const DAY_MS = 86_400_000;

// ms that the site's clock is ahead of UTC at this instant.
const ahead = (at) => {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-CA", {
    timeZone: state.setup?.site.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - Math.floor(at / 1000) * 1000;
};

// « 21 h 44 », « 21:44:30 » on the day that brings it closest to `around`; null when it is no clock time.
export const atClock = (text, around) => {
  const found = text.match(/^\s*(\d{1,2})\s*[h:]\s*(\d{2})(?:\s*(?:min|:)?\s*(\d{2}))?\s*$/i);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59 || Number(found[3] ?? 0) > 59) return null;
  const day = Math.floor((around + ahead(around)) / DAY_MS) * DAY_MS;
  const wall = day + (Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0)) * 1000;
  const candidates = [-DAY_MS, 0, DAY_MS].map((days) => wall + days - ahead(wall + days - ahead(around)));
  return candidates.reduce((best, one) => (Math.abs(one - around) < Math.abs(best - around) ? one : best));
};
