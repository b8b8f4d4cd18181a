"""What the worker does for `people`."""

from functools import partial

from django.db import transaction

from harmreduction.pg.scope import acting
from sites.holds.services import BOXES, is_held
from sites.keyring.boxes import PREFIX, forget_replaced, replaced_long_ago
from sites.keyring.services import living_keys_at
from sites.people.desks import forget_tries
from sites.people.pins import forget_wrong
from sites.people.sessions import forget_ended
from sites.places.each import all_in_sight


def forget_sessions() -> None:
    """Delete the sessions that are over, and the counts of wrong passwords."""
    with transaction.atomic():
        forget_ended()
        forget_tries()


def forget_wrong_codes() -> None:
    """Delete what was counted of codes on tablets and is of no use any more."""
    with all_in_sight():
        forget_wrong()


def forget_replaced_boxes() -> None:
    """Destroy what opened the boxes of tablets until 90 days ago."""
    with all_in_sight() as sites:
        living = living_keys_at(sites, PREFIX)
    for site in sites:
        if replaced_long_ago(living[site.pk]):
            with transaction.atomic(), acting(sites=[site.pk]):
                forget_replaced(site, partial(is_held, site, BOXES))
