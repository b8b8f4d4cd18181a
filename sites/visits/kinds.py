from sites.places.models import Site
from sites.records.stories import Kind, Story
from sites.visits import forms
from sites.visits.rivals import called, rival
from sites.visits.services import begin, begin_turn_away, check, refresh, refresh_turn_away

VISIT = Story(
    "visit",
    refresh=refresh,
    check=check,
    may_wait=True,
    begin=begin,
    subject_field="visit",
    rival=rival,
    called=called,
)
TURN_AWAY = Story("turn-away", refresh=refresh_turn_away, may_wait=True, begin=begin_turn_away)


def _seat(site: Site, data: dict) -> list[str]:
    return [f"booth {data.get('booth')}"]


KINDS = [
    Kind("visit.arrived", forms.ArrivedForm, VISIT, founds=True, waits_for_founder=False),
    Kind("visit.assessed", forms.AssessedForm, VISIT),
    Kind("visit.seated", forms.SeatedForm, VISIT, locks=_seat),
    Kind("consumption.recorded", forms.ConsumptionForm, VISIT),
    Kind("visit.aftercare", forms.VisitForm, VISIT),
    Kind("visit.checked", forms.VisitForm, VISIT),
    Kind("visit.closed", forms.ClosedForm, VISIT),
    Kind("visit.left", forms.LeftForm, VISIT),
    Kind("turnaway.recorded", forms.TurnAwayForm, TURN_AWAY, waits_for_founder=False),
]
