// Kinds of records as the team says them (sites/records/words.py).
import { t } from "./words.js";

const WORDS = {
  "visit.arrived": () => t("Arrivée"),
  "visit.assessed": () => t("Déclaré"),
  "visit.seated": () => t("Mise en place"),
  "consumption.recorded": () => t("Nouvelle consommation"),
  "visit.checked": () => t("Tout va bien"),
  "visit.aftercare": () => t("Vers l’aire de repos"),
  "visit.closed": () => t("Départ"),
  "visit.left": () => t("Parti sans consommer"),
  "turnaway.recorded": () => t("Refus à l’entrée"),
  "overdose.opened": () => t("Surdose présumée : début"),
  "overdose.step": () => t("Surdose présumée : geste"),
  "overdose.dose": () => t("Surdose présumée : naloxone"),
  "overdose.closed": () => t("Surdose présumée : fin"),
  "record.corrected": () => t("Correction"),
  "record.voided": () => t("Annulation"),
};

export const kindWords = (kind) => WORDS[kind]?.() ?? kind;
