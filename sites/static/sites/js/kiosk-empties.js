// Empties the screen after a minute without a touch or a key, and never shows a page again that was left.
const { content, dataset } = document.querySelector('meta[name="empties"]');
let timer = 0;

const empty = () => location.replace(dataset.to);
const wait = () => {
  clearTimeout(timer);
  timer = setTimeout(empty, Number(content) * 1000);
};

for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, wait, { passive: true });
window.addEventListener("pageshow", (event) => { if (event.persisted) empty(); });
wait();
