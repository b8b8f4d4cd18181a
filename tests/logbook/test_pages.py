"""The logbook at a desk: a form each, what is to follow, corrections, two signatures."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.logbook.models import Breach, DrugCheck, Incident, LeftBehind, ServiceGiven
from sites.places.queries import today
from sites.records.models import Record
from tests.factories import make_staff, record, ref, send


@pytest.mark.parametrize(
    ("sheet", "typed", "model"),
    [
        ("service", {"kind": "wound", "placement": "offsite", "accepted": "0"}, ServiceGiven),
        ("check", {"method": "ftir", "expected": ["heroin"], "detected": ["heroin", "xylazine"]}, DrugCheck),
        ("breach", {"code": "threats", "action": "verbal", "appeal": "1"}, Breach),
        ("incident", {"kind": "needlestick", "staff_hurt": "1"}, Incident),
        ("left", {"place": "Aire de repos", "description": "sachet bleu"}, LeftBehind),
    ],
)
def test_each_form_writes_and_is_undone(site, signed_in, sheet, typed, model):
    client = signed_in("worker")
    page = client.get(f"/logbook/new/{sheet}").content.decode()
    hidden = dict(re.findall(r'name="(record_id|subject)" value="([^"]+)"', page))
    for _twice in range(2):
        answer = client.post(f"/logbook/new/{sheet}", hidden | typed, follow=True)
        assert answer.status_code == 200
    assert model.objects.at(site).count() == 1
    client.post(f"/records/{hidden['record_id']}/void", {"target": hidden["record_id"]})
    assert model.objects.at(site).count() == 0


def test_what_was_refused_stays_typed(site, signed_in):
    client = signed_in("worker")
    typed = {"code": "threats", "action": "suspended", "notes": "à voir avec l’équipe"}
    answer = client.post("/logbook/new/breach", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Une suspension a une fin" in page
    assert 'value="à voir avec l’équipe"' in page
    assert 'value="suspended" checked' in page
    assert not Record.objects.at(site).filter(kind="breach.recorded").exists()


def test_a_check_says_what_a_strip_is_and_keeps_three_things_apart(site, signed_in):
    client, visit, event = signed_in("nurse"), ref(), ref()
    hour_ago = timezone.now() - timedelta(hours=1)
    ends = {"endpoint_rr": "12", "endpoint_spo2": "95", "endpoint_awake": "yes"}
    told = {"presentation": "sedative_prolonged", "outcome": "recov", "ems_called": "no"}
    send(
        site,
        record("visit.arrived", {"visit": visit}, when=hour_ago),
        record(
            "visit.assessed", {"visit": visit, "substances": ["heroin"], "route": "inj_iv"}, when=hour_ago
        ),
        record("overdose.opened", {"event": event, "location": "booth", "visit": visit}, when=hour_ago),
        record("overdose.closed", {"event": event, "substances_believed": ["medetomidine"], **told, **ends}),
    )
    typed = {"method": "strip_xylazine", "expected": ["heroin"], "detected": ["xylazine"], "event": event}
    client.post("/logbook/new/check", typed)
    page = client.get(f"/visits/{visit}/").content.decode()
    three = re.sub(r"<[^>]+>|\s+", " ", page.partition('<dl class="three">')[2].partition("</dl>")[0])
    assert re.search("Déclaré par la personne +Héroïne.* Analysé +Bandelette xylazine : Xylazine", three)
    assert re.search(r"Présumé par l’équipe .*\(Médétomidine\)", three)
    assert "ce n’est pas une composition" in page
    assert "ce n’est pas une composition" in client.get("/logbook/").content.decode()


def test_another_sites_visit_is_not_tied(site, other_site, signed_in):
    elsewhere = ref()
    send(other_site, record("visit.arrived", {"visit": elsewhere}, by="s02-01"))
    signed_in("worker").post(
        "/logbook/new/service", {"kind": "wound", "placement": "in_scs", "visit": elsewhere}
    )
    assert ServiceGiven.objects.at(site).get().visit_ref is None


def test_an_incident_has_the_deadline_that_the_site_set(site, signed_in):
    incident, yesterday = ref(), timezone.now() - timedelta(hours=30)
    send(site, record("incident.recorded", {"incident": incident, "kind": "loss"}, when=yesterday))
    manager = signed_in("manager")
    assert "Incidents : autorité à avertir" not in manager.get("/review/").content.decode()
    assert manager.post("/setup/deadlines/", {"loss": "24", "death": "12"}).status_code == 302
    site.refresh_from_db()
    assert site.death_notice_hours == 12
    for page in ("/review/", "/logbook/", f"/logbook/incidents/{incident}/"):
        assert "Délai dépassé" in manager.get(page).content.decode(), page
    told = {"authority": "health_canada", "reference": "SC-9"}
    assert manager.post(f"/logbook/incidents/{incident}/told", {}).status_code == 422
    assert manager.post(f"/logbook/incidents/{incident}/told", told).status_code == 302
    assert "Délai dépassé" not in manager.get("/logbook/").content.decode()
    assert "Incidents à suivre" in manager.get("/logbook/").content.decode()
    manager.post(f"/logbook/incidents/{incident}/close", {"notes": "Procédure revue"})
    assert "Incidents à suivre" not in manager.get("/logbook/").content.decode()


def test_who_wrote_a_step_does_not_sign_it_too(site, signed_in, client):
    worker = signed_in("worker")
    worker.post("/logbook/new/left", {"place": "Toilettes"})
    row = LeftBehind.objects.at(site).get()
    step = Record.objects.at(site).get(kind="leftbehind.recorded").record_id
    address = f"/logbook/left/{row.ref}/"
    assert "une autre personne doit signer" in worker.get(address).content.decode()
    assert worker.post(f"{address}sign/{step}").status_code == 422
    client.force_login(make_staff("s01-02", site, "nurse"))
    assert client.post(f"{address}sign/{step}").status_code == 302
    assert LeftBehind.objects.at(site).get().signed
    assert client.post(f"{address}step", {"step": "sealed"}).status_code == 422
    assert client.post(f"{address}step", {"step": "sealed", "seal_no": "A7"}).status_code == 302
    page = client.get("/logbook/").content.decode()
    assert "scellé A7" in page
    assert "il manque une seconde signature" in page


def test_the_logbook_shows_one_day(site, signed_in):
    send(site, record("service.recorded", {"kind": "wound", "placement": "in_scs", "count": 3}))
    client = signed_in("worker")
    assert "× 3" in client.get("/logbook/").content.decode()
    before = today(site) - timedelta(days=1)
    assert "Rien de noté ce jour-là." in client.get(f"/logbook/?day={before}").content.decode()


def test_a_security_agent_does_not_open_it(signed_in):
    assert signed_in("security").get("/logbook/").status_code == 403
