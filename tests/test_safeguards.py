"""The few checks that must never be argued about. Imports are checked by import-linter in `make check`."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.urls import get_resolver

from harmreduction.pg import access
from harmreduction.pg.scope import acting
from sites.indicators.services import recount_due
from sites.logbook.models import IncidentDeadline
from sites.overdoses.deaths import declare
from sites.overdoses.models import OverdoseEvent
from sites.oversight.database import database_faults
from sites.people.enrolment import make_code
from sites.people.models import Staff
from sites.people.pins import Refused, prove
from sites.people.proofs import unlock
from sites.people.routes import ANY_METHOD, is_ours, routes
from sites.people.services import enrol_tablet
from sites.people.terms import Permission
from sites.places.models import OpeningException, Site
from sites.places.queries import today
from sites.places.services import add_exception, mark_dirty
from sites.recipients.services import say_public
from sites.records.authorship import confirm
from sites.records.queries import to_confirm
from sites.releases.sealing import seal_due
from sites.reports.services import build_due
from sites.retention.tables import KEPT, destroyed
from sites.safeguards import THIRD_PARTY, identifying, misclassed
from sites.supplies.services import set_conversion
from tests.factories import record, send
from tests.imports.bringing import of_an_import
from tests.logbook.told import of_the_logbook
from tests.naloxone.told import a_bit_of_everything
from tests.overdoses.story import make_protocol
from tests.registers.told import of_the_registers
from tests.shifts.told import of_a_shift

EVERY_MODEL = apps.get_models(include_auto_created=True)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
# Nothing of the demo writes there; the policy itself is checked for every table.
MAY_BE_EMPTY = {
    "scs_agreement", "scs_auditstate", "scs_client", "scs_clientalert", "scs_contextevent",
    "scs_externalfigure",
    "scs_destruction", "scs_dryrun", "scs_erasurerequest",
    "scs_finding", "scs_frozencounts", "scs_gatelog", "scs_ledgercell",
    "scs_legalhold", "scs_periodreport", "scs_reviewlimit", "scs_sealedcount", "scs_seen",
    "scs_segmentedfit", "scs_signal",
    "scs_signalfinding", "scs_signalmessage", "scs_statutoryreturn", "scs_stop", "scs_supplywarning",
    "scs_warningread", "scs_watch",
}  # fmt: skip


# --- Fields and tables -------------------------------------------------------------------
@pytest.mark.parametrize("model", EVERY_MODEL, ids=lambda model: model._meta.label)
def test_every_field_has_one_privacy_class(model):
    assert misclassed(model) == []


@pytest.mark.parametrize(
    ("privacy", "wrong"),
    [
        ({"open": ["id"]}, ["handle"]),
        ({"open": ["id", "handle"], "never": ["handle"]}, ["handle"]),
        ({"open": ["id"], "never": ["handle", "gone"]}, ["gone"]),
        ({"open": ["id"], "secret": ["handle"]}, ["secret"]),
        ({}, ["handle", "id"]),
    ],
)
def test_a_planted_field_without_one_class_is_found(privacy, wrong):
    class Planted(models.Model):
        handle = models.CharField(max_length=9)
        PRIVACY = privacy

        class Meta:
            app_label = "planted"

    try:
        assert misclassed(Planted) == wrong
    finally:
        apps.all_models.pop("planted", None)


@pytest.mark.parametrize("model", EVERY_MODEL, ids=lambda model: model._meta.label)
def test_no_field_has_a_place_for_who_someone_is(model):
    assert identifying(model) == []


@pytest.mark.parametrize(
    "name", ["first_name", "surname", "date_of_birth", "ramq", "phone_number", "email", "ip_address", "photo"]
)
def test_a_planted_name_is_found_even_with_its_class(name):
    fields = {
        name: models.CharField(max_length=9),
        "__module__": __name__,
        "PRIVACY": {"never": ["id", name]},
    }
    planted = type("Planted", (models.Model,), fields | {"Meta": type("Meta", (), {"app_label": "planted"})})
    try:
        assert misclassed(planted) == []
        assert identifying(planted) == [name]
    finally:
        apps.all_models.pop("planted", None)


@pytest.mark.parametrize("model", EVERY_MODEL, ids=lambda model: model._meta.label)
def test_every_table_falls_under_one_rule_of_retention(model):
    """Its rows are destroyed by a rule; or it stays, and every field that is not open is named."""
    table, name = model._meta.db_table, model.__name__
    if table in destroyed():
        assert name not in KEPT
        return
    _why, named = KEPT[name]
    classes = getattr(model, "PRIVACY", None) or THIRD_PARTY[model._meta.label]
    assert set(named) == {*classes.get("coarsened", []), *classes.get("never", [])}


def test_every_table_says_who_may_do_what(db):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        assert tables - set(access.grants()) == set()
        cursor.execute(
            "select table_name from information_schema.role_table_grants"
            " where table_schema = 'public' and grantee = 'PUBLIC'"
        )
        assert cursor.fetchall() == []


def test_every_table_with_a_site_forces_row_security(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relrowsecurity and c.relforcerowsecurity,"
            " (select count(*) from pg_policy p where p.polrelid = c.oid and p.polqual is not null"
            "   and p.polwithcheck is not null)"
            " from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where a.attname = 'site_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
        )
        found = {table: (forced, policies) for table, forced, policies in cursor.fetchall()}
    assert set(found) == set(access.site_rows())
    assert set(found.values()) == {(True, 1)}
    assert list(database_faults()) == []


# --- Rows of another site ----------------------------------------------------------------
@pytest.fixture(scope="module")
def two_sites(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two sites that have a bit of everything, taken back at the end."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("data"))
        call_command("load_demo", sites=2, days=3, seed=1)
        with transaction.atomic():
            recount_due()
            build_due()
            seal_due()
        lively, other = Site.objects.order_by("code")
        with acting(sites=[lively.pk]):
            device, _token = enrol_tablet(lively, "Accueil", by="s01-05")
            unlock(device, Staff.objects.get(code="s01-01"))
            with pytest.raises(Refused):
                prove(device, "s01-01", "")
            send(lively, record("turnaway.recorded", {"reason": "full", "count": 1}, by=None))
            doubted = to_confirm(lively).values_list("record_id", flat=True)
            confirm(lively, doubted, author="s01-01", by=Staff.objects.get(code="s01-01"))
            make_code(lively, by="s01-05")
            add_exception(OpeningException(site=lively, day=today(lively), reason="Fête"), by="s01-05")
            mark_dirty(lively, [today(lively)])
            make_protocol(lively)
            a_bit_of_everything(lively, other)
            declare(lively, OverdoseEvent.objects.at(lively).first().ref, reference="", by="s01-05")
            for sent in of_the_logbook() + of_a_shift():
                assert send(lively, sent)[0].status == "created"
            of_the_registers(lively)
            IncidentDeadline.objects.create(site=lively, kind="fire", hours=24)
            set_conversion(lively, {"kg": 180}, valid_from=today(lively), source="pesée", by="s01-05")
            say_public(lively, True, from_day=today(lively), by="s01-05")
            of_an_import(lively, by="s01-05")
        yield other, lively
        transaction.set_rollback(True)


def rows_of(table: str, site: Site, in_sight: list[Site]) -> int:
    with acting(sites=[one.pk for one in in_sight]), connection.cursor() as cursor:
        cursor.execute(f'select count(*) from "{table}" where site_id = %s', [site.pk])  # noqa: S608
        return cursor.fetchone()[0]


def readable() -> list[str]:
    granted = access.grants()
    return sorted(t for t in access.site_rows() if "SELECT" in granted[t].get("scs_app", ""))


# Marked, because a database is only made for tests that say they want one.
@pytest.mark.django_db
@pytest.mark.parametrize("table", readable())
def test_rows_of_a_site_are_seen_from_that_site_alone(two_sites, table):
    here, there = two_sites
    assert rows_of(table, there, [there]) or table in MAY_BE_EMPTY
    assert rows_of(table, there, [here]) == 0
    assert rows_of(table, there, []) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("table", sorted(access.site_rows()))
def test_nobody_writes_a_row_of_another_site(two_sites, table):
    here, there = two_sites
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), acting(sites=[here.pk]):
        with connection.cursor() as cursor:
            cursor.execute(f'insert into "{table}" (site_id) values (%s)', [there.pk])  # noqa: S608
    assert refused.value.__cause__.sqlstate == "42501"  # refused by right, before anything else


# --- Addresses ---------------------------------------------------------------------------
@pytest.mark.parametrize("route", routes(), ids=lambda route: route["path"])
def test_every_address_names_who_may_use_it(route):
    assert route["permission"] in {*Permission.values, "public", "device", "recipient"}
    assert route["methods"]


def test_every_view_of_ours_names_its_methods():
    ours = {r["path"]: r["methods"] for r in routes() if not r["path"].startswith("/accounts/")}
    assert [path for path, methods in ours.items() if methods == ANY_METHOD] == []
    assert any(is_ours(pattern.callback) for pattern in get_resolver().url_patterns[0].url_patterns[:1])


# --- Code and templates ------------------------------------------------------------------
def test_no_migration_is_pending(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_code_and_escapes_everything(template):
    text = template.read_text()
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    "planted", ["<script>x()</script>", '<p style="x">', "<a onclick='x'>", "{{ x|safe }}"]
)
def test_planted_code_is_found(planted):
    assert any(pattern.search(planted) for pattern in FORBIDDEN.values())


def test_nothing_is_marked_safe():
    code = [path for top in ("sites", "harmreduction") for path in Path(settings.BASE_DIR, top).rglob("*.py")]
    assert [path.name for path in code if re.search(r"\bmark_safe\b|\bSafeString\b", path.read_text())] == []
