from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grain(TextChoices):
    DAY = "day", _("jour")
    WEEK = "week", _("semaine")
    MONTH = "month", _("mois")
    QUARTER = "quarter", _("trimestre")
    YEAR = "year", _("année")


LATE = "_late"
