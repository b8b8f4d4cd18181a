// Only two things are announced: a check that is due, and an overdose. Overdue checks also sound.
const TONE_HZ = 660;
const TONE_S = 0.35;
const AGAIN_MS = 30_000;
const said = new Set();
let sound = null;
let lastTone = 0;

// Browsers let a page sound only after someone touched it.
document.addEventListener("pointerdown", () => {
  sound ??= new AudioContext();
  sound.resume();
}, { passive: true });

export const tone = () => {
  if (!sound || Date.now() - lastTone < AGAIN_MS) return false;
  lastTone = Date.now();
  const wave = sound.createOscillator();
  const volume = sound.createGain();
  wave.frequency.value = TONE_HZ;
  volume.gain.setValueAtTime(0.25, sound.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + TONE_S);
  wave.connect(volume).connect(sound.destination);
  wave.start();
  wave.stop(sound.currentTime + TONE_S);
  return true;
};

export const say = (region) => {
  const voice = document.querySelector("[data-said]");
  const now = new Set();
  const fresh = [];
  for (const tile of region.querySelectorAll("[data-say]")) {
    const kind = tile.dataset.say === "alert" ? "alert" : "due";
    const key = `${kind} ${tile.dataset.name}`;
    now.add(key);
    if (!said.has(key)) fresh.push(`${tile.dataset.name}, ${voice.dataset[`${kind}Words`]}`);
  }
  said.clear();
  now.forEach((key) => said.add(key));
  if (fresh.length) voice.textContent = fresh.join(". ");
  if (region.querySelector('[data-say="overdue"]')) tone();
};
