// The clock in the bar, on the site's own time.
const EVERY_MS = 5_000;
const french = !document.documentElement.lang.startsWith("en");

export const written = (date, zone) => {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hour: "numeric", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(date);
  const part = (type) => parts.find((p) => p.type === type).value;
  const hour = Number(part("hour"));
  return french ? `${hour} h ${part("minute")}` : `${hour}:${part("minute")}`;
};

for (const clock of document.querySelectorAll("[data-clock]")) {
  const tell = () => { clock.textContent = written(new Date(), clock.dataset.clock); };
  setInterval(tell, EVERY_MS);
}
