from django.db import transaction

from harmreduction.pg.scope import acting
from sites.logbook.suspensions import forget_ended
from sites.places.models import Site


def forget_ended_links() -> None:
    with transaction.atomic():
        sites = list(Site.objects.all())
    for site in sites:
        with transaction.atomic(), acting(sites=[site.pk]):
            forget_ended(site)
