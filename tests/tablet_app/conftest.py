"""An enrolled tablet in Chromium, against the real server, held by someone of the site."""

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.people.models import Device, Staff
from sites.people.pins import set_pin
from sites.people.proofs import unlock
from sites.people.terms import Permission
from tests.factories import make_staff
from tests.tablet_app.hands import PINS
from tests.tablet_app.tablets import enrolled

DEVICE = """async () => (await import("/static/sites/tablet/store.js")).state.device.uuid"""
HOLD = """async ([person, view]) => {
  const { change } = await import("/static/sites/tablet/store.js");
  change({ person, view });
}"""


@pytest.fixture
def open_tablet(chromium, live_server, committed_site):
    """A tablet on its board, held by someone: open_tablet(code="s01-01", **context options)."""

    def opened(code="s01-01", **options):
        tablet = enrolled(chromium, live_server, committed_site, **options)
        hold(tablet, committed_site, code)
        tablet.page.locator(".board").wait_for()
        return tablet

    return opened


def hold(tablet, site, code="s01-01", view=None) -> None:
    """What unlocking by a PIN leaves behind, without the taps."""
    staff = Staff.objects.get(code=code)
    with transaction.atomic(), acting(sites=[site.pk]):
        device = Device.objects.get(uuid=tablet.page.evaluate(DEVICE))
        _held, token = unlock(device, staff)
    may = [permission.value for permission in Permission if staff.may(permission)]
    person = {
        "code": code,
        "name": staff.display_name,
        "role": staff.role,
        "may": may,
        "unlock": token,
        "proven": True,
    }
    tablet.page.evaluate(HOLD, [person, view or {"name": "board"}])


@pytest.fixture
def team(committed_site):
    with transaction.atomic():
        for code, role in (("s01-02", "worker"), ("s01-04", "shift_lead")):
            make_staff(code, committed_site, role)
        for code, pin in PINS.items():
            set_pin(Staff.objects.get(code=code), pin, by=code)
    return committed_site


@pytest.fixture
def tablet(chromium, live_server, team):
    return enrolled(chromium, live_server, team)
