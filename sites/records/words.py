"""Record kinds and fields as the team says them."""

from django.utils.translation import gettext_lazy as _

from sites.records.terms import SEALED

KINDS = {
    "visit.arrived": _("Arrivée"),
    "visit.assessed": _("Déclaré"),
    "visit.seated": _("Mise en place"),
    "consumption.recorded": _("Nouvelle consommation"),
    "visit.checked": _("Tout va bien"),
    "visit.aftercare": _("Vers l’aire de repos"),
    "visit.closed": _("Départ"),
    "visit.left": _("Parti sans consommer"),
    "turnaway.recorded": _("Refus à l’entrée"),
    "overdose.opened": _("Surdose présumée : début"),
    "overdose.step": _("Surdose présumée : geste"),
    "overdose.dose": _("Surdose présumée : naloxone"),
    "overdose.closed": _("Surdose présumée : fin"),
    "naloxone.received": _("Naloxone reçue"),
    "naloxone.moved": _("Naloxone : mouvement"),
    "naloxone.counted": _("Naloxone comptée"),
    "supplies.received": _("Matériel reçu"),
    "supplies.moved": _("Matériel : mouvement"),
    "supplies.counted": _("Matériel compté"),
    "kit.assembled": _("Trousses préparées"),
    "kit.given": _("Naloxone remise"),
    "kit.used": _("Naloxone utilisée ailleurs"),
    "supplies.given": _("Matériel remis"),
    "supplies.returned": _("Matériel rapporté"),
    "syringe.pickup": _("Ramassage dans le quartier"),
    "client.agreed": _("Entente"),
    "client.alerted": _("Alerte de soins"),
    "service.recorded": _("Service ou référence"),
    "drugcheck.recorded": _("Analyse de substance"),
    "breach.recorded": _("Manquement aux règles"),
    "shift.remark": _("Remarque au prochain quart"),
    "shift.settled": _("Remarque réglée"),
    "shift.handed_over": _("Quart remis"),
    "incident.recorded": _("Incident"),
    "incident.notified": _("Incident : autorité avertie"),
    "incident.closed": _("Incident : fin"),
    "leftbehind.recorded": _("Substance laissée"),
    "leftbehind.signed": _("Substance laissée : seconde signature"),
    "record.corrected": _("Correction"),
    "record.voided": _("Annulation"),
    SEALED: _("Saisie scellée"),
}
FIELDS = {
    "occurred_at": _("Heure"),
    "booth": _("Place"),
    "substances": _("Quoi?"),
    "route": _("Comment?"),
    "help_needed": _("Aide demandée"),
    "tolerance_break": _("Pause récente"),
    "gender": _("Genre"),
    "age_band": _("Âge"),
    "discharge_to": _("Destination"),
    "reason": _("Raison"),
    "count": _("Nombre"),
    "location": _("Lieu"),
    "person": _("Qui"),
    "step": _("Geste"),
    "choice": _("Choix"),
    "measure": _("Mesure"),
    "value": _("Valeur"),
    "product": _("Produit"),
    "dose_mg": _("Dose (mg)"),
    "given_by": _("Donnée par"),
    "presentation": _("Ce que ça semblait être"),
    "outcome": _("Ce qui a suivi"),
    "ems_called": _("911"),
    "endpoint_rr": _("Respirations à la fin"),
    "endpoint_spo2": _("SpO₂ à la fin"),
    "endpoint_awake": _("Éveillée à la fin"),
    "estimated": _("Heure estimée"),
    "responder": _("Fait par"),
    "lot_code": _("Numéro de lot"),
    "expiry": _("Expiration"),
    "quantity": _("Quantité"),
    "move": _("Mouvement"),
    "stock": _("Stock"),
    "serial_from": _("Du numéro de série"),
    "serial_to": _("Au numéro de série"),
    "to_site": _("Vers le site"),
    "from_site": _("Du site"),
    "missing": _("Unités manquantes"),
    "count_reason": _("Raison de l’écart"),
    "second": _("Deuxième personne"),
    "kit_kind": _("Genre de trousse"),
    "form": _("Trousse ou dose seule"),
    "trained": _("Personnes formées"),
    "resupply_reason": _("Pourquoi?"),
    "recipient": _("À qui, en général"),
    "survived": _("La personne"),
    "doses": _("Doses"),
    "used_place": _("Où, en gros"),
    "transfer": _("Transfert"),
    "lines": _("Articles"),
    "item": _("Article"),
    "method": _("Méthode"),
    "for_whom": _("Pour qui"),
    "location_kind": _("Où"),
    "partner": _("Partenaire"),
    "people": _("Personnes rejointes, environ"),
    "area": _("Secteur"),
    "version": _("Version"),
    "language": _("Langue"),
    "handle_given": _("Pseudonyme donné"),
    "by": _("Auteur"),
    "device": _("Tablette"),
    "kind": _("Genre de saisie"),
    "data": _("Données"),
    "entered_at": _("Heure de saisie"),
    "seq": _("Rang"),
    "visit": _("Visite"),
    "event": _("Événement"),
    "lot": _("Lot"),
    "target": _("Saisie visée"),
    "incident": _("Incident"),
    "left": _("Substance laissée"),
    "signs": _("Étape signée"),
}
# Reasons that the product offers or gives by itself; they are kept in French.
UNDONE_AT_ONCE = "annulé aussitôt"
ASKED_FOR = "demandé par la personne"
CHOSEN_AGAINST = "une autre saisie a été choisie"
NOT_OURS = "pas de nous"
REASONS = {
    NOT_OURS: _("pas de nous"),
    UNDONE_AT_ONCE: _("annulé aussitôt"),
    CHOSEN_AGAINST: _("une autre saisie a été choisie"),
    ASKED_FOR: _("demandé par la personne"),
    "heure précisée": _("heure précisée"),
    "valeur précisée": _("valeur précisée"),
    "mauvais bouton": _("mauvais bouton"),
    "noté après coup": _("noté après coup"),
    "lieu précisé": _("lieu précisé"),
    "touché par erreur": _("touché par erreur"),
    "fausse alerte": _("fausse alerte"),
    "vérifié avec l’équipe": _("vérifié avec l’équipe"),
    "vérifié au cahier": _("vérifié au cahier"),
    "noté après coup, mais juste": _("noté après coup, mais juste"),
    "rare, mais juste": _("rare, mais juste"),
}
# Which list a field's codes come from, where its name alone does not say.
LISTS = {
    ("visit.left", "reason"): "left_reason",
    ("turnaway.recorded", "reason"): "turnaway_reason",
    ("overdose.dose", "route"): "dose_route",
    ("overdose.step", "choice"): "step_choice",
    ("visit.assessed", "help_needed"): "help",
    ("kit.given", "form"): "kit_form",
    ("kit.given", "recipient"): "kit_recipient",
    ("overdose.closed", "substances_believed"): "substances",
    ("service.recorded", "kind"): "service",
    ("service.recorded", "details"): "service_detail",
    ("service.recorded", "placement"): "placement",
    ("drugcheck.recorded", "method"): "check_method",
    ("drugcheck.recorded", "expected"): "substances",
    ("drugcheck.recorded", "detected"): "substances",
    ("drugcheck.recorded", "also_detected"): "adulterant",
    ("drugcheck.recorded", "sample"): "sample_outcome",
    ("client.alerted", "alert"): "client_alert",
    ("breach.recorded", "code"): "breach",
    ("breach.recorded", "action"): "breach_action",
    ("breach.recorded", "decided_by_role"): "decided_by",
    ("incident.recorded", "kind"): "incident",
    ("incident.notified", "authority"): "authority",
    ("leftbehind.recorded", "step"): "left_step",
    ("supplies.given", "item"): "supply",
    ("supplies.returned", "item"): "supply",
    ("syringe.pickup", "item"): "supply",
    ("supplies.returned", "method"): "return_method",
    ("syringe.pickup", "method"): "return_method",
}
SAME_NAME = {
    "substances", "route", "gender", "age_band", "discharge_to", "location", "person", "step", "measure",
    "given_by", "presentation", "outcome", "ems_called", "endpoint_awake", "count_reason", "kit_kind",
    "resupply_reason", "survived", "used_place",
    "for_whom", "location_kind", "partner", "area",
}  # fmt: skip
IDS = {
    "visit", "event", "lot", "transfer", "incident", "left", "signs", "target", "handle", "key_id", "sealed",
}  # fmt: skip


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name))


def reason_words(reason: str) -> str:
    """A reason as this reader says it; one that somebody typed stays as typed."""
    return str(REASONS.get(reason, reason))


def list_of(kind: str, name: str) -> str:
    """The code list of a field, or "" for free values."""
    return LISTS.get((kind, name), name if name in SAME_NAME else "")
