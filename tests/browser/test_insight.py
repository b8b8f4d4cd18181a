"""Pages that a manager reads to understand: accessible, whole at both widths, on paper, without a fault."""

import math
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.context.models import ContextEvent
from sites.indicators.models import CountedDay, DailyCount
from sites.places.queries import last_closed_day, today
from sites.signals.models import Signal, SignalFinding, SupplyWarning
from sites.signals.services import issue_warning
from tests.factories import make_staff, record, send

pytestmark = pytest.mark.browser
DAYS = 500
PAGES = ["/dashboard/?period=yesterday", "/trends/", "/signals/", "/context/{context}/", "/warnings/new",
         "/context/new", "/dashboard/visits/?first={day}&last={day}"]  # fmt: skip
PORTRAIT = {"width": 820, "height": 1180}


@pytest.fixture
def told(committed_site) -> dict:
    site, at = committed_site, timezone.now()
    with transaction.atomic(), acting(sites=[site.pk]):
        make_staff("s01-mgr", site, "manager")
        last = last_closed_day(site)
        past = record("turnaway.recorded", {"reason": "full", "count": 1}, when=at - timedelta(days=DAYS))
        send(site, past)
        for n in range(DAYS):
            day = last - timedelta(n)
            visits = round(60 + 15 * math.cos(n / 58) + 7 * math.sin(n))
            CountedDay.objects.update_or_create(site=site, service_date=day, counted_at=at, sha256="x")
            values = {"visits": visits, "arrivals": visits, "open_minutes": 720, "consumptions": visits,
                      "overdose_events": (n * 7) % 3, "reversals": (n * 7) % 3, "overdoses_closed": 2,
                      "od_oxygen_only": 1, "overdose_doses_staff": 1, "left_no_consume": 3}  # fmt: skip
            DailyCount.objects.bulk_create(
                DailyCount(site=site, service_date=day, indicator=code, value=value)
                for code, value in values.items()
            )
        event = ContextEvent.objects.create(
            site=site, kind="seizure", first=last - timedelta(days=12), words="Saisie annoncée au centre",
            place="Ville-Marie", source="Communiqué du 10 novembre", entered_at=at, entered_by="s01-mgr",
        )  # fmt: skip
        signal = Signal.objects.create(site=site, subject="frequency", since=at, raised_at=at, last_at=at)
        for method in ("rolling_24h", "gaps_3x", "ewma"):
            SignalFinding.objects.create(
                site=site, signal=signal, method=method, since=at, found_at=at, data_cutoff=at, observed=6,
                expected=1.24, p=0.0003, parameters={"threshold": 4, "hours": 24}, false_alarms=3,
                watched_days=365,
            )  # fmt: skip
        warning = SupplyWarning(
            text_fr="Médétomidine signalée : sédation longue, la naloxone n’y fait rien. Oxygène, stimuler.",
            text_en="Medetomidine reported: long sedation, naloxone does not reverse it. Oxygen, stimulate.",
            ends_on=today(site) + timedelta(days=10),
        )
        issue_warning(warning, site=site, everywhere=False, by="s01-mgr")
    return {"context": event.pk, "day": last.isoformat()}


def clean(page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.faults == []


def test_pages_of_signals_and_trends_are_clean(told, open_page):
    page = open_page("/", code="s01-mgr")
    page.set_default_timeout(60_000)
    for n, address in enumerate(["/", *PAGES]):
        page.set_viewport_size(PORTRAIT if n % 2 else {"width": 1180, "height": 820})
        page.goto(address.format(**told))
        clean(page)
    page.goto("/trends/")
    page.emulate_media(media="print")
    assert not page.locator(".tabs").is_visible()
    assert page.locator(".chart").first.is_visible()
