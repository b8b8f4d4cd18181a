from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Subject(TextChoices):
    """What a signal is about: one is open at a time of each, at a site."""

    FREQUENCY = "frequency", _("Plus de surdoses présumées que d’habitude")
    SEVERITY = "severity", _("Des surdoses présumées plus difficiles que d’habitude")


class Method(TextChoices):
    ROLLING_24H = "rolling_24h", _("Nombre en 24 heures")
    CLUSTER_2H = "cluster_2h", _("Groupe en 2 heures")
    GAPS_2X = "gaps_2x", _("Temps entre événements (deux fois plus souvent)")
    GAPS_3X = "gaps_3x", _("Temps entre événements (trois fois plus souvent)")
    EARS_C1 = "ears_c1", _("EARS C1, nombre du jour")
    EARS_C2 = "ears_c2", _("EARS C2, nombre du jour")
    EARS_C3 = "ears_c3", _("EARS C3, trois jours")
    EWMA = "ewma", _("Moyenne mobile EWMA, nombre par jour")
    RATE_C1 = "rate_c1", _("EARS C1, par consommation")
    RATE_C2 = "rate_c2", _("EARS C2, par consommation")
    RATE_C3 = "rate_c3", _("EARS C3, par consommation")
    RATE_EWMA = "rate_ewma", _("Moyenne mobile EWMA, par consommation")
    FARRINGTON = "farrington", _("Farrington Flexible, nombre par semaine")
    DOSES = "doses", _("Doses de naloxone par surdose présumée")
    SEDATION = "sedation", _("Part de sédation prolongée")


HARDER = {Method.DOSES, Method.SEDATION}


def subject_of(method: str) -> Subject:
    return Subject.SEVERITY if method in HARDER else Subject.FREQUENCY
