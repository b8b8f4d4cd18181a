"""Read at once, each queryset gives what it gives alone, of every table."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Count, Value

from harmreduction.pg.at_once import Composed, read
from harmreduction.pg.scope import acting
from sites.places.models import Site
from sites.visits.models import BoothStay, Visit
from sites.visits.queries import numbered
from tests.security.living import make_living


@pytest.fixture
def living(db):
    with acting(sites=()):
        made = make_living()
    with acting(sites=[made.place.site.pk]):
        yield made.place.site


def readable():
    return [
        model
        for model in apps.get_app_config("scs").get_models()
        if "SELECT" in model.GRANTS.get("scs_app", "")
        and not any(isinstance(field, DateTimeRangeField) for field in model._meta.fields)
    ]


def values(rows):
    return [row.__dict__ | {"_state": None} for row in rows]


def test_of_every_table_the_same_rows(living, django_assert_num_queries):
    asked = [model.objects.order_by("pk")[:50] for model in readable()]
    with django_assert_num_queries(1):
        told = read(*asked)
    held = 0
    for queryset, rows in zip(asked, told, strict=True):
        assert values(rows) == values(queryset), queryset.model
        held += bool(rows)
    assert held > 40


def test_what_is_joined_counted_or_chosen_comes_along(living, django_assert_num_queries):
    visits = Visit.objects.at(living)
    asked = [
        numbered(living).order_by("-number"),
        visits.order_by("-arrived_at").values_list("ref", flat=True)[:2],
        visits.order_by().values_list("state").annotate(n=Count("pk")).order_by("state"),
        visits.none(),
        visits.order_by().values_list("state", Value("a")).union(
            Site.objects.values_list("code", Value("b")), all=True).order_by("state"),
        Site.objects.values("code", "opened_on"),
    ]  # fmt: skip
    alone = [list(one.all()) for one in asked]
    with django_assert_num_queries(1):
        told = read(*asked)
        assert [(one.number, one.booth and one.booth.room.name) for one in told[0]] == [
            (one.number, one.booth and one.booth.room.name) for one in alone[0]
        ]
    assert told[1:] == alone[1:]


def test_what_cannot_travel_is_refused(living):
    with pytest.raises(TypeError):
        read(BoothStay.objects.all())


def test_no_row_of_another_site_comes_along(living):
    with acting(sites=()):
        assert read(Visit.objects.all()) == [[]]


def test_what_is_composed_once_is_read_anew(living, django_assert_num_queries):
    composed = Composed(Site.objects.filter(code="S01"), Visit.objects.at(living).order_by("pk"))
    assert [len(rows) for rows in composed.read()] == [1, Visit.objects.at(living).count()]
    Site.objects.filter(code="S01").update(name_fr="Ailleurs")
    with django_assert_num_queries(1):
        (site,), visits = composed.read()
    assert (site.name_fr, visits) == ("Ailleurs", list(Visit.objects.at(living).order_by("pk")))
    with acting(sites=()):
        assert composed.read()[1] == []
