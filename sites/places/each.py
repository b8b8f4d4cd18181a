"""Work at every site: what is due where is asked in one statement, and only those sites are gone to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import QuerySet

from harmreduction.pg.scope import acting
from sites.places.models import Site


@contextmanager
def all_in_sight() -> Iterator[list[Site]]:
    """One transaction that sees every site, for the worker alone."""
    with transaction.atomic():
        sites = list(Site.objects.select_related("organisation"))
        with acting(sites=[site.pk for site in sites]):
            yield sites


def having(*rows: QuerySet) -> list[Site]:
    """The sites that have any such rows."""
    with all_in_sight() as sites:
        found = {pk for one in rows for pk in one.order_by().values_list("site", flat=True).distinct()}
        return [site for site in sites if site.pk in found]
