// Taps on the recorder go out without leaving the page; what the network loses is kept and sent again.
// Other tablets' steps come in by asking every 3 s. Nothing changes under an open panel or a finger.
const DEAF_MS = 600;
const ASK_MS = 3000;
const READ_MS = 12_000;
const main = document.querySelector("[data-recorder]");
const born = performance.now();
const waiting = [];
let etag = "";
let sending = false;
let touching = false;

const fresh = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
};

const held = (part) => part.querySelector("details[open]") || (touching && part.matches(":active"));

const swap = (html, { whole }) => {
  const next = new DOMParser().parseFromString(html, "text/html");
  if (next.querySelector("[data-gone]")) {
    location.reload();
    return;
  }
  const key = document.activeElement?.dataset?.key;
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = next.querySelector(`[data-live="${part.dataset.live}"]`);
    if (!other || (!whole && held(part))) continue;
    part.replaceChildren(...other.childNodes);
  }
  if (key) document.querySelector(`[data-key="${key}"]`)?.focus({ preventScroll: true });
  for (const note of document.querySelectorAll("[data-live=notes] .note")) setTimeout(() => note.remove(), READ_MS);
  document.dispatchEvent(new Event("recorder:swapped"));
};

const showKept = () => {
  const badge = document.querySelector("[data-kept]");
  badge.hidden = waiting.length === 0;
  badge.querySelector("b").textContent = waiting.length;
};

const send = async () => {
  if (sending || !waiting.length) return;
  sending = true;
  try {
    while (waiting.length) {
      const [tap] = waiting;
      const answer = await fetch(tap.action, {
        method: "POST", body: tap.data, headers: { "X-Fragment": "1" },
      });
      // Anything but the recorder's own answer (signed out, no server) leaves the tap where it is.
      if (!answer.headers.has("X-Fragment")) throw new Error(answer.status);
      waiting.shift();
      const html = await answer.text();
      if (!waiting.length) swap(html, { whole: answer.ok });
    }
    etag = "";
  } catch {
    // Kept: the next round tries again.
  } finally {
    sending = false;
    showKept();
  }
};

const ask = async () => {
  if (sending) return;
  if (waiting.length) {
    await send();
    return;
  }
  try {
    const answer = await fetch(main.dataset.recorder, { headers: { "If-None-Match": etag } });
    if (answer.status === 404) location.assign("/");
    if (answer.status !== 200 || !answer.headers.has("X-Fragment") || sending) return;
    const html = await answer.text();
    if (sending || waiting.length) return;
    etag = document.querySelector("[data-live] details[open]") ? "" : answer.headers.get("ETag");
    swap(html, { whole: false });
  } catch {
    // No network: the page goes on as it is.
  }
};

document.addEventListener("pointerdown", () => { touching = true; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { touching = false; });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-tap]")) return;
  event.preventDefault();
  const present = performance.now();
  if (present - born < DEAF_MS || present - Number(form.dataset.tapped ?? -DEAF_MS) < DEAF_MS) return;
  form.dataset.tapped = present;
  const at = form.elements.namedItem("at");
  if (at && !at.value) at.value = new Date().toISOString();
  const data = new FormData(form, event.submitter);
  const id = form.elements.namedItem("record_id");
  if (id) id.value = fresh();
  if (at) at.value = "";
  event.submitter?.classList.add("sent");
  waiting.push({ action: form.action, data });
  send();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-close]");
  if (!link) return;
  event.preventDefault();
  const details = link.closest("details");
  details.open = false;
  details.querySelector("summary").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const details = document.activeElement?.closest("details[open]") ?? document.querySelector("details[open]");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
});

// One panel at a time.
document.addEventListener("toggle", (event) => {
  if (!event.target.open) return;
  for (const other of document.querySelectorAll("details[open]")) if (other !== event.target && !other.contains(event.target)) other.open = false;
}, true);

setInterval(ask, ASK_MS);
navigator.wakeLock?.request("screen").catch(() => {});
