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
  "naloxone.received": () => t("Naloxone reçue"),
  "naloxone.moved": () => t("Naloxone : mouvement"),
  "naloxone.counted": () => t("Naloxone comptée"),
  "supplies.received": () => t("Matériel reçu"),
  "supplies.moved": () => t("Matériel : mouvement"),
  "supplies.counted": () => t("Matériel compté"),
  "kit.assembled": () => t("Trousses préparées"),
  "kit.given": () => t("Naloxone remise"),
  "kit.used": () => t("Naloxone utilisée ailleurs"),
  "service.recorded": () => t("Service ou référence"),
  "drugcheck.recorded": () => t("Analyse de substance"),
  "breach.recorded": () => t("Manquement aux règles"),
  "incident.recorded": () => t("Incident"),
  "leftbehind.recorded": () => t("Substance laissée"),
  "leftbehind.signed": () => t("Substance laissée : seconde signature"),
  "record.corrected": () => t("Correction"),
  "record.voided": () => t("Annulation"),
};

export const kindWords = (kind) => WORDS[kind]?.() ?? kind;
