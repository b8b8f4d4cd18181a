from django.db import transaction

from harmreduction.pg.scope import acting
from sites.clients import withdrawn
from sites.clients.services import DYING, forget_dead_keys, is_over
from sites.keyring.services import living_keys_at
from sites.places.each import all_in_sight


def forget_people() -> None:
    """Destroy the keys of days and months that are over: from then on no one can be found again."""
    withdrawn.forget_old()
    with all_in_sight() as sites:
        living = living_keys_at(sites, *DYING)
    for site in sites:
        if any(is_over(site, name) for name in living[site.pk]):
            with transaction.atomic(), acting(sites=[site.pk]):
                forget_dead_keys(site)
