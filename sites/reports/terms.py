from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sites.indicators.terms import Grain

FINAL_AFTER = timedelta(hours=48)


class PeriodGrain(TextChoices):
    """What is reported when it closes, beside each day."""

    WEEK = Grain.WEEK.value, Grain.WEEK.label
    MONTH = Grain.MONTH.value, Grain.MONTH.label
    QUARTER = Grain.QUARTER.value, Grain.QUARTER.label


class ReportStatus(TextChoices):
    """Derived when read, never stored."""

    PROVISIONAL = "provisional", _("provisoire")
    FINAL = "final", _("définitif")
    CORRECTED = "corrected", _("corrigé")


class Why(TextChoices):
    """Why something of the day is not complete."""

    OPEN = "open", _("pas encore fermé")
    HELD = "held", _("en attente d’une autre saisie")
    CONFLICT = "conflict", _("en conflit")
    INVALID = "invalid", _("à corriger")
    QUARANTINED = "quarantined", _("mis de côté")
    TO_CONFIRM = "to_confirm", _("auteur à confirmer")
    NO_LOT = "no_lot", _("dose sans lot")


# What a report says that a day lacks, by the kind it is kept under.
LACKING = {
    "visit": _("Visites"),
    "event": _("Surdoses présumées"),
    "record": _("Saisies"),
    "dose": _("Doses"),
}
