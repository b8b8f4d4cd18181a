from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class RoomKind(TextChoices):
    INJECTION = "injection", _("injection")
    INHALATION = "inhalation", _("inhalation")
    OTHER = "other", _("autre")


class Weekday(IntegerChoices):
    """Monday is 0, as in Python."""

    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")
