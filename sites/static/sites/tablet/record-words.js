// Kinds of records and what became of them, as the team says it.
import { t } from "./words.js";

const KINDS = {
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
  "client.agreed": () => t("Entente"),
  "service.recorded": () => t("Service ou référence"),
  "drugcheck.recorded": () => t("Analyse de substance"),
  "breach.recorded": () => t("Manquement aux règles"),
  "incident.recorded": () => t("Incident"),
  "leftbehind.recorded": () => t("Substance laissée"),
  "leftbehind.signed": () => t("Substance laissée : seconde signature"),
  "supplies.given": () => t("Matériel remis"),
  "supplies.returned": () => t("Matériel rapporté"),
  "syringe.pickup": () => t("Ramassage dans le quartier"),
  "record.corrected": () => t("Correction"),
  "record.voided": () => t("Annulation"),
};
const STATUSES = {
  conflict: () => t("En conflit : une autre saisie dit le contraire."),
  invalid: () => t("À corriger."),
  quarantined: () => t("Mise de côté."),
  duplicate: () => t("Déjà reçue, et à revoir."),
};

export const kindWords = (kind) => (KINDS[kind] ?? (() => kind))();

// Why a record waits for a person; the server's own sentences hold nothing that was typed.
export const refusalWords = ({ status, errors }) => {
  const said = Object.values(errors ?? {}).flat().map((error) => error.message).join(" ");
  return `${(STATUSES[status] ?? (() => status))()} ${said}`.trim();
};
