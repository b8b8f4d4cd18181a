from sites.overdoses import forms
from sites.overdoses.services import check, refresh
from sites.records.stories import Kind, Story

EVENT = Story("overdose event", refresh=refresh, check=check, subject_field="event")


def _lot(data: dict) -> list[str]:
    return [str(data["lot"])] if data.get("lot") else []


KINDS = [
    Kind("overdose.opened", forms.OpenedForm, EVENT, founds=True, waits_for_founder=False),
    Kind("overdose.step", forms.StepForm, EVENT),
    Kind("overdose.dose", forms.DoseForm, EVENT, locks=_lot),
    Kind("overdose.closed", forms.EventClosedForm, EVENT),
]
