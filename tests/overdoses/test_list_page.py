from datetime import timedelta

from django.utils import timezone

from sites.overdoses.models import NaloxoneDose, OverdoseEvent
from sites.records.models import Record
from tests.factories import make_staff, record, ref, send
from tests.overdoses.tapping import ANSWERS, begin, give, tap, url


def test_a_false_alarm_leaves_nothing_counted(nurse):
    event = begin(nurse)
    tap(nurse, event, "stimulation")
    tap(nurse, event, "oxygen_start")
    assert nurse.get(url(event, "false-alarm/")).status_code == 200
    assert nurse.post(url(event, "false-alarm/")).status_code == 302
    assert not OverdoseEvent.objects.exists()
    assert Record.objects.filter(kind="record.voided").count() == 3


def test_a_dose_is_no_false_alarm_until_it_is_taken_back(nurse):
    event = begin(nurse)
    give(nurse, event)
    answer = nurse.post(url(event, "false-alarm/"))
    assert answer.status_code == 422
    assert "Une dose est notée" in answer.content.decode()
    nurse.post(url(event, f"records/{NaloxoneDose.objects.get().record_id}/undo"))
    assert nurse.post(url(event, "false-alarm/")).status_code == 302


def test_every_page_says_that_one_is_running(nurse):
    assert "Rejoindre" not in nurse.get("/overdoses/").content.decode()
    event = begin(nurse, booth="4")
    page = nurse.get("/").content.decode()
    assert "Surdose en cours · place 4" in page
    assert url(event) in page
    nurse.post(url(event, "close/"), ANSWERS)
    assert "Surdose en cours" not in nurse.get("/").content.decode()


def test_the_list_has_the_open_ones_first(site, nurse):
    old, closed = ref(), ref()
    long_ago = timezone.now() - timedelta(days=45)
    send(site, record("overdose.opened", {"event": old, "location": "washroom"}, when=long_ago))
    send(site, record("overdose.opened", {"event": closed, "location": "entrance"}, when=long_ago))
    end = {"event": closed, **ANSWERS, "endpoint_spo2": "97"}
    del end["endpoint_spo2_na"]
    send(site, record("overdose.closed", end, when=long_ago + timedelta(minutes=9)))
    recent = begin(nurse)
    nurse.post(url(recent, "close/"), ANSWERS)
    page = nurse.get("/overdoses/").content.decode().split("<main")[1]
    assert page.index(old) < page.index(str(recent.ref))
    assert closed not in page


def test_it_speaks_english_to_who_reads_english(site, client):
    staff = make_staff("s01-en", site, role="nurse")
    staff.language = "en"
    staff.save()
    client.force_login(staff)
    event = begin(client)
    assert client.get(url(event)).headers["Content-Language"] == "en"
