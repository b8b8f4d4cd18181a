from sites.naloxone.terms import shelf_ref
from sites.places.models import Site
from sites.records.stories import Kind, Story
from sites.supplies import forms
from sites.supplies.services import refresh
from sites.supplies.terms import GIVEN, PICKED_UP, RETURNED

SUPPLIES = Story("supplies", refresh=refresh)


def _shelves(site: Site, data: dict) -> list[str]:
    """The shelves that a hand-out draws from, as they are locked by who counts them."""
    lines = data.get("lines")
    items = [line.get("item") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    return [str(shelf_ref(site.code, item)) for item in items if isinstance(item, str)]


KINDS = [
    Kind(GIVEN, forms.GivenForm, SUPPLIES, waits_for_founder=False, locks=_shelves),
    Kind(RETURNED, forms.ReturnedForm, SUPPLIES, waits_for_founder=False),
    Kind(PICKED_UP, forms.PickupForm, SUPPLIES, waits_for_founder=False),
]
