// On a browser that is an enrolled tablet of this site, SURDOSE opens the tablet's own recorder: it needs no
// network. Anywhere else the form goes to the server as it stands.
const forms = [...document.querySelectorAll("[data-surdose]")];

const deviceOf = async () => {
  const known = await indexedDB.databases?.();
  if (!known?.some(({ name }) => name === "scs")) return null;
  return new Promise((resolve) => {
    const asked = indexedDB.open("scs");
    asked.onerror = () => resolve(null);
    asked.onsuccess = () => {
      const base = asked.result;
      if (!base.objectStoreNames.contains("kv")) return resolve(null);
      const read = base.transaction("kv").objectStore("kv").get("device");
      read.onsuccess = () => {
        base.close();
        resolve(read.result ?? null);
      };
      read.onerror = () => resolve(null);
      return null;
    };
  });
};

const told = (form) => {
  const values = new URLSearchParams({ at: String(Date.now()) });
  for (const name of ["event", "booth", "visit"]) {
    const value = form.elements.namedItem(name)?.value;
    if (value) values.set(name, value);
  }
  return values;
};

if (forms.length) {
  deviceOf().then((device) => {
    for (const form of forms) {
      if (device?.site?.code !== form.dataset.surdose) continue;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        location.assign(`/tablet/#surdose?${told(form)}`);
      }, { capture: true });
    }
  }).catch(() => {});
}
