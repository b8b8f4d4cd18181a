// What stands between this tablet and the server, in sentences, the gravest first.
import { skewMinutes } from "./clock.js";
import { state } from "./store.js";
import { n, t } from "./words.js";

const ALARM_MS = 2 * 3_600_000;

export const waitedMs = () => (state.unsent.oldest === null ? 0 : Math.max(0, state.tick - state.unsent.oldest));

const homeless = () => state.homeless > 0 && n(
  "{count} saisie n’a pas pu être gardée sur cette tablette. Ne pas fermer cette page; libérer de la place.",
  "{count} saisies n’ont pas pu être gardées sur cette tablette. Ne pas fermer cette page; libérer de la place.",
  state.homeless,
);

const late = () => waitedMs() > ALARM_MS && n(
  "Des saisies attendent depuis {count} h. Rapprocher la tablette du Wi-Fi.",
  "Des saisies attendent depuis {count} h. Rapprocher la tablette du Wi-Fi.",
  Math.floor(waitedMs() / 3_600_000),
);

const unknown = () => state.unknown && t("Le serveur ne reconnaît plus cette tablette. Tout ce qui attend est gardé : prévenir la personne gestionnaire.");

const skew = () => {
  const count = skewMinutes();
  if (count > 0) return n("L’horloge de cette tablette avance de {count} minute. Les heures notées sont corrigées; la régler.", "L’horloge de cette tablette avance de {count} minutes. Les heures notées sont corrigées; la régler.", count);
  return count < 0 && n("L’horloge de cette tablette retarde de {count} minute. Les heures notées sont corrigées; la régler.", "L’horloge de cette tablette retarde de {count} minutes. Les heures notées sont corrigées; la régler.", -count);
};

const fleeting = () => state.lasting === false && state.unsent.count > 0 && t("Ce navigateur ne promet pas de garder ce qui attend. Installer l’application, et rester près du réseau.");

export const troubles = () => [homeless(), late(), unknown(), skew(), fleeting()].filter(Boolean);

// What is said on every screen; the rest is in the list.
export const alarm = () => homeless() || late() || unknown() || skew() || null;
