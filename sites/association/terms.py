from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Refusal(TextChoices):
    """Why nothing is told."""

    FEW_BEFORE = "few_before", _("Trop peu de jours avant : il en faut 56 où le service a servi.")
    FEW_AFTER = "few_after", _("Trop peu de jours après : il en faut 28 où le service a servi.")
    FEW_EVENTS = (
        "few_events",
        _("Trop peu de surdoses présumées : il en faut 40, dont 10 de chaque côté."),
    )
    NO_FIT = "no_fit", _("Les nombres ne suffisent pas à fixer une tendance de chaque côté.")


class Term(TextChoices):
    """What is told apart besides level and slope, where there is enough to tell it."""

    WEEKDAY = "weekday", _("le jour de la semaine")
    SEASON = "season", _("la saison")
