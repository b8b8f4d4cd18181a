"""The counter at a desk: hand-outs, bulk entry, the day's list, what a manager sets."""

from datetime import date, timedelta

import pytest

from sites.people.models import Staff
from sites.places.queries import today
from sites.records.models import Record
from sites.supplies.models import Basket, ReturnConversion, SupplyAct, SupplyLine
from sites.supplies.queries import usual_baskets
from tests.factories import make_staff, record, ref, send

TEN = [{"item": "needle_27g", "quantity": 10}, {"item": "water", "quantity": 10}]


@pytest.fixture
def nurse(site, client):
    client.force_login(Staff.objects.get(code="s01-01"))
    return client


@pytest.fixture
def manager(site, client):
    client.force_login(make_staff("s01-m", site, role="manager"))
    return client


def lines_now() -> list[tuple]:
    return list(SupplyLine.objects.order_by("id").values_list("direction", "item", "quantity", "syringes"))


def test_what_goes_out_and_comes_back_is_one_form_and_two_records(nurse):
    posted = {
        "record_id": ref(), "act": "give", "for_whom": "self", "out-needle_27g": "10", "out-water": "0",
        "back-counted": "20", "back-weight": "500", "back-bin_1l": "1",
    }  # fmt: skip
    for _ in range(2):
        assert nurse.post("/counter/", posted).status_code == 302
    assert lines_now() == [
        ("out", "needle_27g", 10, 10),
        ("back", "needle_any", 20, 20),
        ("back", "needle_any", 500, 100),
        ("back", "bin_1l", 1, 50),
    ]
    assert set(SupplyAct.objects.values_list("location_kind", flat=True)) == {"counter"}


def test_it_is_taken_back_for_a_minute(nurse):
    nurse.post("/counter/", {"record_id": ref(), "act": "give", "out-needle_27g": "10", "back-counted": "2"})
    page = nurse.get("/counter/").content.decode()
    assert page.count('name="target"') == 2
    targets = [str(one) for one in Record.objects.order_by("-id").values_list("record_id", flat=True)]
    nurse.post(f"/records/{targets[0]}/void", {"target": targets})
    assert lines_now() == []


def test_without_scripts_a_basket_is_put_in_by_a_round_trip(site, nurse):
    Basket.objects.create(site=site, name_fr="Injection × 10", lines=TEN)
    assert "Injection × 10" in nurse.get("/counter/").content.decode()
    page = nurse.post("/counter/", {"act": "basket-0", "out-needle_27g": "3", "for_whom": "self"})
    assert 'name="out-needle_27g" value="13"' in page.content.decode()
    assert 'value="3"' not in nurse.post("/counter/", {"act": "clear", "out-condom": "3"}).content.decode()
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"out-needle_27g": "dix"}, {"back-weight": "-1"}, {"out-water": "9" * 12}, {}]
)
def test_what_cannot_be_written_comes_back_as_typed(nurse, bad):
    answer = nurse.post(
        "/counter/", {"record_id": ref(), "act": "give", "out-condom": "6" if bad else "", **bad}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-box" in page
    assert all(f'value="{text}"' in page for text in bad.values())
    assert not SupplyAct.objects.exists()


def test_a_round_keeps_its_own_day_where_and_how_many(site, nurse):
    day = today(site) - timedelta(days=3)
    posted = {
        "record_id": ref(), "day": f"{day}", "location_kind": "van", "people": "14",
        "out-needle_27g": "400", "back-bin_8l": "1",
    }  # fmt: skip
    assert nurse.post("/counter/bulk/round/", posted)["Location"] == f"/counter/day/?day={day}"
    assert {(a.direction, a.service_date, a.location_kind, a.people) for a in SupplyAct.objects.all()} == {
        ("out", day, "van", 14), ("back", day, "van", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("what", "typed", "why"),
    [
        ("round", {"location_kind": ""}, "Il manque une réponse."),
        ("round", {"day": ""}, "Un jour qui est venu"),
        ("round", {"day": "2999-01-01"}, "Un jour qui est venu"),
        ("round", {"out-needle_27g": ""}, "Rien n’est écrit"),
        ("round", {"people": "beaucoup"}, "error-box"),
        ("partner", {"partner": "boat"}, "Ce choix n’existe pas."),
        ("pickup", {}, "Rien n’est écrit"),
    ],
)
def test_a_bad_bulk_entry_comes_back(site, nurse, what, typed, why):
    posted = {"day": f"{today(site)}", "location_kind": "van", "partner": "shelter", "out-needle_27g": "7"}
    answer = nurse.post(f"/counter/bulk/{what}/", posted | typed)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not SupplyAct.objects.exists()


def test_a_partner_and_a_pick_up_are_told_apart(site, nurse):
    day = f"{today(site)}"
    nurse.post("/counter/bulk/partner/", {"day": day, "partner": "shelter", "out-needle_27g": "100"})
    nurse.post("/counter/bulk/pickup/", {"day": day, "area": "park", "back-counted": "7"})
    acts = SupplyAct.objects.order_by("id").values_list("direction", "location_kind", "partner", "area")
    assert list(acts) == [("out", "partner", "shelter", ""), ("picked_up", "", "", "park")]
    assert nurse.get("/counter/bulk/boat/").status_code == 404


def test_the_list_of_a_day_says_what_went_out_and_came_in(site, nurse):
    assert "Rien n’est sorti ni entré" in nurse.get("/counter/day/").content.decode()
    send(
        site,
        record("supplies.given", {"lines": TEN, "for_whom": "self"}),
        record("supplies.returned", {"lines": [{"item": "needle_any", "quantity": 400, "method": "weight"}]}),
        record("syringe.pickup", {"lines": [{"item": "needle_any", "quantity": 7}], "area": "park"}),
    )
    page = nurse.get("/counter/day/").content.decode()
    for words in (
        "10 × Seringue 1\u00a0cc, 27G ½\u00a0po",
        "400 g, environ 80 seringues",
        "Parc ou place",
        "Pour soi",
    ):
        assert words in page, words
    assert page.count("/correct?next=") == 3
    assert "Rien n’est sorti" in nurse.get("/counter/day/?day=2026-01-01").content.decode()


def test_who_may_use_the_counter_and_correct(site, client, other_site):
    client.force_login(make_staff("s01-p", site, role="peer"))
    assert client.get("/counter/").status_code == 200
    send(site, record("supplies.given", {"lines": TEN}))
    assert "/correct?next=" not in client.get("/counter/day/").content.decode()
    assert client.get("/setup/counter/").status_code == 403
    client.force_login(make_staff("s01-g", site, role="security"))
    assert client.get("/counter/").status_code == 403
    client.force_login(Staff.objects.get(code="s02-01"))
    assert "Seringue 1\u00a0cc, 27G" not in client.get("/counter/day/").content.decode()


# --- What a manager sets -----------------------------------------------------------------
def test_a_manager_sets_a_usual_basket(site, manager):
    posted = {"name_fr": "Injection × 10", "name_en": "", "position": "0", "needle_27g": "10", "water": "10"}
    assert manager.post("/setup/counter/baskets/new", posted).status_code == 302
    basket = Basket.objects.get()
    assert basket.lines == TEN
    page = manager.get(f"/setup/counter/baskets/{basket.pk}/").content.decode()
    assert 'value="10"' in page
    manager.post(f"/setup/counter/baskets/{basket.pk}/", posted | {"water": "", "retired": "on"})
    basket.refresh_from_db()
    assert (basket.lines, basket.retired) == (TEN[:1], True)
    assert usual_baskets(site) == []


@pytest.mark.parametrize("bad", [{"name_fr": ""}, {"needle_27g": ""}, {"needle_27g": "dix"}])
def test_a_bad_basket_comes_back(manager, bad):
    posted = {"name_fr": "Injection", "position": "0", "needle_27g": "10"}
    assert manager.post("/setup/counter/baskets/new", posted | bad).status_code == 422
    assert not Basket.objects.exists()


def test_a_manager_sets_the_next_conversion_from_today_on(site, manager):
    posted = {"valid_from": f"{today(site)}", "source": "pesée de trois bacs", "kg": "180", "bin_1l": "40"}
    posted |= {"bin_4l": "160", "bin_8l": "320"}
    yesterday = f"{today(site) - timedelta(days=1)}"
    for bad in ({"valid_from": yesterday}, {"kg": "0"}, {"source": ""}):
        assert manager.post("/setup/counter/conversion", posted | bad).status_code == 422
    assert manager.post("/setup/counter/conversion", posted).status_code == 302
    assert ReturnConversion.objects.filter(version=1).count() == 4
    assert "pesée de trois bacs" in manager.get("/setup/counter/").content.decode()


def test_what_is_given_most_fills_the_usual_baskets_and_what_is_rare_does_not(site):
    Basket.objects.create(site=site, name_fr="Injection × 10", lines=TEN)
    often, rare = [{"item": "foil", "quantity": 10}], [{"item": "lube", "quantity": 3}]
    lines = [TEN] * 12 + [often] * 10 + [rare] * 9
    send(site, *(record("supplies.given", {"lines": one}) for one in lines))
    send(site, *(record("supplies.given", {"lines": rare, "location_kind": "van"}) for _ in range(12)))
    assert [basket["lines"] for basket in usual_baskets(site)] == [TEN, often]


def test_an_old_hand_out_is_not_usual_any_more(site):
    old = record("supplies.given", {"lines": TEN})
    send(site, *({**old, "id": ref(), "occurred_at": "2026-01-05T20:00:00Z"} for _ in range(12)))
    assert SupplyAct.objects.filter(service_date=date(2026, 1, 5)).count() == 12
    assert usual_baskets(site) == []
