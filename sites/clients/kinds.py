from sites.clients import forms
from sites.clients.services import refresh_agreement
from sites.records.stories import Kind, Story

KINDS = [
    Kind(
        "client.agreed",
        forms.AgreedForm,
        Story("agreement", refresh=refresh_agreement),
        waits_for_founder=False,
    )
]
