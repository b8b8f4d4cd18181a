from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Happening(TextChoices):
    """What happens around a site and may change what is counted; never a person, never a tip."""

    SEIZURE = "seizure", _("saisie de drogues")
    POLICE = "police", _("opération policière")
    WARNING = "warning", _("alerte de santé publique")
    SUPPLY = "supply", _("changement dans ce qui circule")
    POLICY = "policy", _("changement de règle ou de loi")
    OPENING = "opening", _("ouverture d’un service")
    CLOSURE = "closure", _("fermeture d’un service")
    HEAT = "heat", _("chaleur extrême")
    COLD = "cold", _("froid extrême")
    CHEQUES = "cheques", _("jour de versement des prestations")
    FESTIVAL = "festival", _("événement public")


# The site's own: from its calendar, never typed as context.
SITE_CLOSED = _("fermeture du site")
