"""A form takes what it shows: whatever else is sent with it changes nothing."""

import pytest
from django.apps import apps
from django.db import transaction

from harmreduction.pg.scope import acting
from tests.security.living import Living, make_living
from tests.security.searching import columns, rows
from tests.security.walking import PLAIN, every_form, plausible

FEW = [
    "/visits/new", "/setup/rooms/new", "/setup/booths/new", "/setup/staff/new", "/setup/tablets/", "/shift/",
    "/stock/receive/", "/registers/training/new",
]  # fmt: skip
# Every name that a column or a relation of ours has.
NAMES = {
    name
    for model in apps.get_app_config("scs").get_models()
    for one in model._meta.concrete_fields
    for name in (one.name, one.attname)
}
SENT = "sentalong"
# Shown by another button of the same address.
OTHERS = {"/overdoses/<uuid:event>/steps": {"choice"}}


@pytest.fixture(scope="module")
def living(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(sites=()):
            yield make_living()
        transaction.set_rollback(True)


def of_site(site) -> int:
    return sum(column == "site_id" and value == str(site.pk) for _table, column, value in rows())


def post_with_more(living: Living, begin: list[str]) -> tuple[int, set[str]]:
    """How many forms were taken with every other name beside their own; the columns where that was kept."""
    taken = 0
    for client, _page, form in every_form(living.people.values(), begin):
        shown = {*form.fields, *(name for name, _value in form.buttons)}
        for more in (SENT, str(living.other.site.pk)):
            along = dict.fromkeys(NAMES - shown - OTHERS.get(form.key[0], set()), more)
            answer = client.post(form.action, form.filled(plausible) | along)
            assert answer.status_code < 500, form.action
            taken += answer.status_code in (200, 302)
    return taken, columns([SENT])


@pytest.mark.django_db
def test_what_is_sent_beside_a_form_is_kept_nowhere(living):
    before = of_site(living.other.site)
    taken, kept = post_with_more(living, FEW)
    assert taken > 8
    assert kept == set()
    assert of_site(living.other.site) == before


@pytest.mark.full
@pytest.mark.django_db
def test_no_form_takes_more_than_it_shows(living):
    before = of_site(living.other.site)
    taken, kept = post_with_more(living, PLAIN)
    assert taken > 60
    assert kept == set()
    assert of_site(living.other.site) == before
