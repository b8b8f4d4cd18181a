"""What the review list speaks of, and from which value on something is worth a second look."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class K(TextChoices):
    """Kinds of items, in the order in which they are offered."""

    DEATH = "death", _("Décès à déclarer")
    INCIDENT = "incident", _("Autorité à avertir")
    EVENT = "event", _("Surdoses présumées à finir")
    VISIT = "visit", _("Départs pas notés")
    CONFLICT = "conflict", _("En conflit")
    INVALID = "invalid", _("À corriger")
    HELD = "held", _("En attente d’une autre saisie")
    QUARANTINED = "quarantined", _("Mises de côté")
    AUTHOR = "author", _("Auteur à confirmer")
    NO_LOT = "no_lot", _("Doses sans lot")
    NO_ENDPOINT = "no_endpoint", _("Sans état final")
    BELOW_ZERO = "below_zero", _("Stock sous zéro")
    IMPLAUSIBLE = "implausible", _("Peu vraisemblables")
    CLOCK = "clock", _("Horloges décalées")
    BACKDATED = "backdated", _("Notées bien après")


@dataclass(frozen=True)
class Limit:
    """From where on a site wants to look again: its words, what is usual, and the most that may be set."""

    code: str
    words: Promise | str
    usual: int
    most: int


LIMITS = {
    limit.code: limit
    for limit in (
        Limit("visit_hours", _("Visite de plus de (heures)"), 12, 168),
        Limit("visit_minutes", _("Visite fermée de moins de (minutes)"), 1, 60),
        Limit("doses", _("Événement de plus de (doses)"), 8, 99),
        Limit("dose_mg", _("Événement de plus de (mg de naloxone)"), 30, 999),
        Limit("overdoses_s", _("Deux surdoses présumées à moins de (secondes)"), 60, 3600),
        Limit("kits", _("Remise de plus de (trousses)"), 20, 9999),
        Limit("items", _("Remise à une personne de plus de (articles)"), 500, 99999),
        Limit("turned_away", _("Refus à l’entrée de plus de (personnes)"), 20, 500),
        Limit("late_hours", _("Saisie plus de (heures) après les faits"), 24, 720),
        Limit("clock_minutes", _("Horloge d’une tablette décalée de plus de (minutes)"), 5, 1440),
    )
}

# Why something is right as it is; kept in French, as reasons of corrections are (`records.words.REASONS`).
WHY_RIGHT = (
    "vérifié avec l’équipe", "vérifié au cahier", "noté après coup, mais juste", "rare, mais juste",
)  # fmt: skip
