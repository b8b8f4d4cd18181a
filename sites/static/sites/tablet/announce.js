// Only two things are announced: a check that is due, and an overdose. Overdue checks also sound.
import { tone } from "../js/board-voice.js";
import { change, state } from "./store.js";
import { t } from "./words.js";

let said = new Set();

const sentence = ({ state: where, label, visit }) => {
  const values = { booth: label, word: visit?.word ?? "" };
  if (where === "alert") return t("Place {booth}, surdose présumée", values);
  return visit?.word ? t("Place {booth}, {word}, à vérifier", values) : t("Place {booth}, à vérifier", values);
};

// sections: of floorOf. What was said is not said again while it lasts.
export const announce = (sections) => {
  const places = sections.flatMap((section) => section.places).filter(({ state: where }) => ["alert", "due", "overdue"].includes(where));
  const present = new Set(places.map((place) => `${place.state === "alert" ? "alert" : "due"} ${place.label}`));
  const fresh = places.filter((place) => !said.has(`${place.state === "alert" ? "alert" : "due"} ${place.label}`));
  said = present;
  if (fresh.length) change({ spoken: fresh.map(sentence).join(". ") });
  if (places.some((place) => place.state === "overdue")) tone();
  return state.spoken;
};
