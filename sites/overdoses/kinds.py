from sites.overdoses import forms
from sites.overdoses.services import check, refresh, rival
from sites.overdoses.terms import SITE_GIVERS
from sites.places.models import Site
from sites.records.stories import Kind, Story
from sites.records.terms import NO_LOT_FLAG

EVENT = Story("overdose event", refresh=refresh, check=check, subject_field="event", rival=rival)


def _lot(site: Site, data: dict) -> list[str]:
    return [str(data["lot"])] if data.get("lot") else []


def _without_lot(data: dict) -> list[str]:
    """A dose that the site gave and that drew from no stock."""
    return [NO_LOT_FLAG] if data["given_by"] in SITE_GIVERS and not data.get("lot") else []


KINDS = [
    Kind("overdose.opened", forms.OpenedForm, EVENT, founds=True, waits_for_founder=False),
    Kind("overdose.step", forms.StepForm, EVENT),
    Kind("overdose.dose", forms.DoseForm, EVENT, locks=_lot, flags=_without_lot),
    Kind("overdose.closed", forms.EventClosedForm, EVENT),
]
