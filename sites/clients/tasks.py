from django.db import transaction

from harmreduction.pg.scope import acting
from sites.clients.services import forget_dead_keys
from sites.places.models import Site


def forget_people() -> None:
    """Destroy the keys of days and months that are over: from then on no one can be found again."""
    for site in Site.objects.all():
        with transaction.atomic(), acting(sites=[site.pk]):
            forget_dead_keys(site)
