from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    WAITING = "waiting", _("en attente")
    IN_BOOTH = "in_booth", _("en place")
    AFTERCARE = "aftercare", _("aire de repos")
    CLOSED = "closed", _("départ")
    LEFT = "left", _("parti sans consommer")


ENDED = (VisitState.CLOSED, VisitState.LEFT)
