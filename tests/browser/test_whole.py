"""Whatever a page holds, SURDOSE stands whole in its corner, and nothing is cut off at the side."""

import pytest
from django.db import transaction

from sites.places.models import Booth, Room
from tests.factories import make_staff
from tests.visits.test_board import arrive

pytestmark = pytest.mark.browser
PAGES = ["/", "/logbook/", "/registers/", "/operations/"]
WHOLE = """() => {
  const alarm = document.querySelector(".alarm").getBoundingClientRect();
  const seen = alarm.left >= 0 && alarm.top >= 0 && alarm.right <= innerWidth && alarm.bottom <= innerHeight;
  return seen && document.documentElement.scrollWidth <= innerWidth;
}"""
CROWDED = """() => {
  const acts = document.querySelector(".dock-acts");
  for (let n = 0; n < 9; n++) acts.append(Object.assign(document.createElement("a"), {
    className: "btn", href: "#", textContent: "Toutes les périodes" }));
}"""


@pytest.fixture
def full_house(committed_site):
    with transaction.atomic():
        make_staff("s01-mgr", committed_site, "manager")
        room = Room.objects.at(committed_site).first()
        Booth.objects.bulk_create(
            Booth(site=committed_site, room=room, label=str(n), position=n) for n in range(11, 19)
        )
        for minutes in range(5):
            arrive(committed_site, minutes)


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180)])
def test_the_emergency_keeps_its_corner(full_house, open_page, size):
    page = open_page("/", "s01-mgr", viewport={"width": size[0], "height": size[1]})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(WHOLE), path
        page.evaluate(CROWDED)
        assert page.evaluate(WHOLE), f"{path} with many acts"


def test_upright_no_booth_is_cut(full_house, open_page):
    page = open_page("/", "s01-mgr", viewport={"width": 820, "height": 1180})
    assert page.locator(".booth").count() == 13
    assert page.evaluate(
        "() => { const r = document.querySelector('.rooms'); return r.scrollHeight <= r.clientHeight + 1 }"
    )
