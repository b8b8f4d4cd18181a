from sites.naloxone import forms
from sites.naloxone.services import check, refresh
from sites.records.stories import Kind, Story

LOT = Story("lot", refresh=refresh, check=check, subject_field="lot")

KINDS = [
    Kind("naloxone.received", forms.ReceivedForm, LOT, founds=True, waits_for_founder=False),
    Kind("naloxone.moved", forms.MovedForm, LOT),
    Kind("naloxone.counted", forms.CountedForm, LOT),
]
