// What waits, in a file, for a tablet that will see no network again: sealed as it is, for the server alone.
// sites/tablet/unsent_file.py takes it back in.
import { here, onTheirClock } from "./clock.js";
import { every } from "./outbox.js";
import { outer } from "./sender.js";
import { state } from "./store.js";

const FORMAT = "scs-unsent-1";

// saved_at is on the server's clock, so that ages go on counting in the drawer; null when that is not known.
export const unsentFile = async () => {
  const present = here();
  return {
    name: `a-envoyer-${state.device.site.code}-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`,
    text: JSON.stringify({
      format: FORMAT, device: state.device.uuid, saved_at: onTheirClock(present.wall), records: (await every()).map((row) => outer(row, present)),
    }),
  };
};

export const saveToFile = async () => {
  const { name, text } = await unsentFile();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
