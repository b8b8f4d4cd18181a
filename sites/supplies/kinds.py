from sites.records.stories import Kind, Story
from sites.supplies import forms
from sites.supplies.services import refresh
from sites.supplies.terms import GIVEN, PICKED_UP, RETURNED

SUPPLIES = Story("supplies", refresh=refresh)

KINDS = [
    Kind(GIVEN, forms.GivenForm, SUPPLIES, waits_for_founder=False),
    Kind(RETURNED, forms.ReturnedForm, SUPPLIES, waits_for_founder=False),
    Kind(PICKED_UP, forms.PickupForm, SUPPLIES, waits_for_founder=False),
]
