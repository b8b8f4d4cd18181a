"""What to order, against a fixed reorder point, and what a label opens."""

from datetime import date, timedelta

import pytest

from sites.naloxone.ordering import Box, forecast, propose
from sites.naloxone.overview import looks_at_end_of
from sites.naloxone.queries import lots_until, told_rules
from sites.people.models import Staff
from sites.simulation.orders import compare
from tests.factories import record, ref, send
from tests.naloxone.told import assembled
from tests.overdoses.story import Shelf

DAY = date(2026, 6, 1)


def steady(units: int, days: int = 60) -> dict:
    return {DAY - timedelta(n): units for n in range(1, days + 1)}


def test_what_expires_before_its_turn_is_not_counted_on():
    good = propose(steady(2), [Box(40, DAY + timedelta(400))], DAY)
    short = propose(steady(2), [Box(40, DAY + timedelta(4))], DAY)
    assert (good.will_expire, short.will_expire) == (0, 30)
    assert short.order == good.order + 30


def test_what_is_on_its_way_is_not_ordered_again():
    assert propose(steady(2), [], DAY, on_order=20).order == propose(steady(2), [], DAY).order - 20


def test_a_season_is_read_from_a_year_ago():
    # Twice as much was asked in the weeks that are coming, last year.
    used = {DAY - timedelta(n): 4 if 340 < n <= 364 else 2 for n in range(1, 500)}
    level, season = forecast(used, DAY)
    assert level == 2
    assert 1.2 < season <= 1.8
    assert forecast(steady(2), DAY) == (2, 1.0)


def test_nothing_used_asks_for_nothing_but_the_minimum():
    assert propose({}, [], DAY).order == 0
    assert propose({}, [], DAY, minimum=6).order == 6


def test_two_years_have_fewer_stock_outs_and_fewer_expired_units():
    both = [compare(f"docs{n}", daily) for daily in (0.5, 2) for n in range(8)]
    proposed, fixed = zip(*both, strict=True)
    for what in ("stock_outs", "missed", "expired"):
        assert sum(getattr(one, what) for one in proposed) < sum(getattr(one, what) for one in fixed) / 2


@pytest.mark.full
@pytest.mark.parametrize("daily", [0.5, 2, 8])
def test_the_figures_of_the_documentation(daily):
    """Forty shelves of each size; docs/stock.md has the means."""
    proposed, fixed = zip(*(compare(f"docs{n}", daily) for n in range(40)), strict=True)
    for what in ("stock_outs", "missed", "expired"):
        assert sum(getattr(one, what) for one in proposed) < sum(getattr(one, what) for one in fixed) / 3


# --- Pages -------------------------------------------------------------------------------
@pytest.fixture
def nurse(site, client):
    client.force_login(Staff.objects.get(code="s01-01"))
    return client


def test_the_proposal_shows_its_reasoning_and_makes_a_file(site, nurse):
    assert "aucune commande à proposer" in nurse.get("/stock/order/").content.decode()
    shelf = Shelf(expiry="2099-01")
    send(site, shelf.received(0, 10), shelf.moved(5, "administered", 3))
    page = nurse.get("/stock/order/").content.decode()
    assert "saison" in page
    answer = nurse.get("/stock/order/?format=csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert lines[0].startswith("Produit;Stock;À commander")
    assert lines[1].startswith("Naloxone nasale 4 mg;usage clinique;")


def test_a_label_opens_its_lot_and_says_nothing_of_anyone(site, nurse):
    shelf = Shelf(expiry="2099-01")
    send(site, shelf.received(0, 10))
    labels = nurse.get(f"/stock/{shelf.ref}/labels/?count=3").content.decode()
    assert labels.count("<figure>") == 3
    opened = nurse.get(f"/stock/{shelf.ref}/scan/").content.decode()
    assert f"/stock/{shelf.ref}/count/" in opened
    assert "/stock/recall/?lot=24-118" in opened
    assert "lot_code=24-118" in opened
    filled = nurse.get("/stock/receive/?product=nal-in-4&lot_code=24-118&expiry=2099-01-31").content.decode()
    assert 'value="24-118"' in filled


def test_kits_are_made_at_a_desk(site, nurse):
    vials = Shelf(product="nal-im-0.4", expiry="2099-01")
    send(site, vials.received(0, 10))
    typed = {
        "product": "kit-injectable",
        "lot_code": "T1",
        "quantity": "3",
        "part_1": vials.ref,
        "units_1": "2",
    }
    assert nurse.post("/kits/assemble/", {**typed, "record_id": ref(), "lot": ref()}).status_code == 302
    page = nurse.get("/stock/").content.decode()
    assert "T1" in page
    assert nurse.post("/kits/assemble/", {**typed, "part_2": vials.ref, "units_2": ""}).status_code == 422
    assert nurse.post("/kits/assemble/", {**typed, "part_1": ref()}).status_code == 422


def test_the_report_of_a_day_says_how_the_stock_stood(site):
    shelf, batch = (
        Shelf(product="nal-im-0.4", expiry="2099-01"),
        Shelf(product="kit-injectable", lot_code="T1"),
    )
    send(site, shelf.received(0, 4), assembled(batch, 1, (shelf, 2)))
    day = date(2026, 11, 20)

    def seen():
        return [look.words for look in looks_at_end_of(site, day, lots_until(site, day), told_rules(site))]

    words = seen()
    assert words == ["Naloxone IM 0,4 mg (usage clinique) : 4 en main, minimum 6."]
    send(site, record("naloxone.moved", {"lot": shelf.ref, "move": "returned", "quantity": 9}))
    assert seen() == words
