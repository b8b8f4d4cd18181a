from sites.naloxone import forms
from sites.naloxone.kits import refresh_given, refresh_used
from sites.naloxone.services import check, refresh
from sites.naloxone.terms import (
    ASSEMBLED,
    COUNTED,
    GIVEN,
    MOVED,
    RECEIVED,
    SUPPLY_COUNTED,
    SUPPLY_MOVED,
    SUPPLY_RECEIVED,
    USED,
)
from sites.places.models import Site
from sites.records.stories import Kind, Story
from sites.records.terms import NO_LOT_FLAG

LOT = Story("lot", refresh=refresh, check=check, subject_field="lot")
KITS_GIVEN = Story("kits given", refresh=refresh_given)
KITS_USED = Story("kits used", refresh=refresh_used)


def _components(site: Site, data: dict) -> list[str]:
    lines = data.get("lines")
    return (
        [str(line.get("lot")) for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    )


def _without_lot(data: dict) -> list[str]:
    return [] if data.get("lot") else [NO_LOT_FLAG]


KINDS = [
    Kind(RECEIVED, forms.ReceivedForm, LOT, founds=True, waits_for_founder=False),
    Kind(MOVED, forms.MovedForm, LOT),
    Kind(COUNTED, forms.CountedForm, LOT),
    Kind(SUPPLY_RECEIVED, forms.SupplyReceivedForm, LOT, founds=True, waits_for_founder=False),
    Kind(SUPPLY_MOVED, forms.MovedForm, LOT),
    Kind(SUPPLY_COUNTED, forms.CountedForm, LOT),
    Kind(ASSEMBLED, forms.AssembledForm, LOT, founds=True, waits_for_founder=False, locks=_components),
    Kind(GIVEN, forms.GivenForm, KITS_GIVEN, waits_for_founder=False, flags=_without_lot),
    Kind(USED, forms.UsedForm, KITS_USED, waits_for_founder=False),
]
