from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ALL = "ALL"
# What one token may ask for in a minute: a whole history by a script, not a script gone wrong.
PULLS_A_MINUTE = 600
TOKEN_DAYS = 365


# What a form of a release is called; one without a name here goes by its code.
FORMAT_NAMES = {
    "csv": _("CSV (virgules)"),
    "csv-fr": _("CSV (points-virgules)"),
    "xlsx": _("classeur XLSX"),
    "json": _("JSON"),
    "pdf": _("rapport PDF"),
    "datapackage": _("paquet de données"),
    "fhir": _("FHIR R4"),
    "dhis2": _("DHIS2, valeurs"),
    "dhis2-metadata": _("DHIS2, métadonnées"),
    "calendar": _("heures d’ouverture (CSV)"),
    "manifest": _("manifeste (JSON)"),
}


class Kind(TextChoices):
    PUBLIC_HEALTH = "public_health", _("santé publique")
    FUNDER = "funder", _("bailleur de fonds")
    PUBLIC = "public", _("le public")


class Schedule(TextChoices):
    DAILY = "daily", _("chaque publication")
    WEEKLY = "weekly", _("chaque semaine")
    MONTHLY = "monthly", _("chaque mois")
    QUARTERLY = "quarterly", _("chaque trimestre")
    ON_REQUEST = "on_request", _("sur demande")


class Way(TextChoices):
    """How something left."""

    PULL = "pull", _("tiré par jeton")
    PAGE = "page", _("téléchargé à la page")
    PUSH = "push", _("poussé à une adresse")
    RETURN = "return", _("rapport réglementaire")
    MESSAGE = "message", _("message écrit")
