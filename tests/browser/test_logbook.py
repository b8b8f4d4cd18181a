"""The logbook and the paper sheets in a browser: they read well, and each sheet prints on one page."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.utils import timezone
from pypdf import PdfReader

from tests.factories import make_staff, record, ref, send
from tests.logbook.told import of_the_logbook
from tests.tablet_app.hands import check

pytestmark = pytest.mark.browser
ON_ONE_PAGE = ("visits", "overdose", "services", "stock-count", "supplies")
WIDE = {"visits"}


def told(site) -> dict:
    incident, left = ref(), ref()
    lot = {"lot": ref(), "product": "nal-in-4", "lot_code": "A1", "expiry": "2030-01", "quantity": 5}
    with transaction.atomic():
        make_staff("s01-05", site, "manager")
        send(
            site,
            *of_the_logbook(),
            record("naloxone.received", lot),
            record("visit.arrived", {"visit": ref()}),
            record("incident.recorded", {"incident": incident, "kind": "loss"}),
            record("leftbehind.recorded", {"left": left, "step": "found", "place": "Place 2"},
                   when=timezone.now() - timedelta(minutes=5)),
        )  # fmt: skip
    return {"incident": incident, "left": left}


def test_pages_read_well_and_sheets_print_on_one_page(open_page, committed_site):
    refs = told(committed_site)
    page = open_page("/logbook/", code="s01-05")
    page.set_default_timeout(30_000)
    check(page)
    for address in (
        "/logbook/new/check",
        "/logbook/new/breach",
        f"/logbook/incidents/{refs['incident']}/",
        f"/logbook/left/{refs['left']}/",
        "/sheets/",
        "/sheets/visits/blank",
    ):
        page.goto(address)
        check(page)
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/sheets/overdose/")
    check(page)
    for sheet in ON_ONE_PAGE:
        page.goto(f"/sheets/{sheet}/blank")
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, format="Letter")))
        assert len(printed.pages) == 1, sheet
        width, height = printed.pages[0].mediabox[2:]
        assert (width > height) == (sheet in WIDE), sheet
    assert page.faults == []
