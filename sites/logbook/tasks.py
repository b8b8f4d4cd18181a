from django.db import transaction

from harmreduction.pg.scope import acting
from sites.logbook.suspensions import forget_ended, may_have_ended
from sites.places.each import having


def forget_ended_links() -> None:
    for site in having(*may_have_ended()):
        with transaction.atomic(), acting(sites=[site.pk]):
            forget_ended(site)
