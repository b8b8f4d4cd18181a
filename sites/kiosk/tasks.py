from django.db import transaction

from harmreduction.pg.scope import acting
from sites.kiosk.services import finish_erasures
from sites.places.models import Site


def erase_as_asked() -> None:
    with transaction.atomic():
        sites = list(Site.objects.all())
    for site in sites:
        with transaction.atomic(), acting(sites=[site.pk]):
            finish_erasures(site)
