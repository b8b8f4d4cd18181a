from django.db import transaction

from harmreduction.pg.scope import acting
from sites.clients.withdrawn import back_again
from sites.kiosk.models import ErasureRequest
from sites.kiosk.services import finish_erasures, forget_again
from sites.places.each import having


def erase_as_asked() -> None:
    for site in having(ErasureRequest.objects.filter(done_on=None), back_again()):
        with transaction.atomic(), acting(sites=[site.pk]):
            finish_erasures(site)
            forget_again(site)
