from django.db import transaction

from harmreduction.pg.scope import acting
from sites.keyring.boxes import forget_replaced
from sites.places.models import Site


def forget_replaced_boxes() -> None:
    """Destroy what opened the boxes of tablets until 90 days ago."""
    for site in Site.objects.all():
        with transaction.atomic(), acting(sites=[site.pk]):
            forget_replaced(site)
