from sites.logbook import forms
from sites.logbook.alerts import check_alert, refresh_alert
from sites.logbook.services import (
    check_incident,
    check_left,
    refresh_breach,
    refresh_check,
    refresh_incident,
    refresh_left,
    refresh_service,
)
from sites.records.stories import Kind, Story

SERVICE = Story("service", refresh=refresh_service)
CHECK = Story("drug check", refresh=refresh_check)
BREACH = Story("breach", refresh=refresh_breach)
ALERT = Story("alert", refresh=refresh_alert, check=check_alert)
INCIDENT = Story("incident", refresh=refresh_incident, check=check_incident, subject_field="incident")
LEFT = Story("left behind", refresh=refresh_left, check=check_left, subject_field="left")

KINDS = [
    Kind("service.recorded", forms.ServiceForm, SERVICE, waits_for_founder=False),
    Kind("drugcheck.recorded", forms.DrugCheckForm, CHECK, waits_for_founder=False),
    Kind("breach.recorded", forms.BreachForm, BREACH, waits_for_founder=False),
    Kind("client.alerted", forms.AlertForm, ALERT, waits_for_founder=False),
    Kind("incident.recorded", forms.IncidentForm, INCIDENT, founds=True, waits_for_founder=False),
    Kind("incident.notified", forms.IncidentNotifiedForm, INCIDENT),
    Kind("incident.closed", forms.IncidentClosedForm, INCIDENT),
    Kind("leftbehind.recorded", forms.LeftBehindForm, LEFT, founds=True, waits_for_founder=False),
    Kind("leftbehind.signed", forms.LeftBehindSignedForm, LEFT),
]
