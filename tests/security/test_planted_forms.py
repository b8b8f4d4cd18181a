"""Words typed into the forms of the desk: readable in the columns that are listed here, and in no other."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.holds.models import LegalHold
from sites.places.queries import today
from sites.review.kinds import KINDS
from sites.review.queries import items
from sites.trail.models import TrailEntry
from tests.factories import make_staff, record, send
from tests.imports.bringing import of_an_import, run, written
from tests.review.told import a_stay, looked
from tests.security.hostile import WORDS, type_into_every_form
from tests.security.living import Living, make_living
from tests.security.searching import columns, in_clear, sessions
from tests.security.walking import PLAIN, PLAUSIBLE, Field, plausible

SIGN, NUMBER = "PLANTQZX", "NUMBERQZX"
FEW = [
    "/context/new", "/registers/incidents/new", "/registers/authorisations/new", "/setup/rooms/new",
    "/setup/booths/new", "/setup/staff/new", "/setup/tablets/", "/shift/", "/visits/new",
]  # fmt: skip
# What nobody counted is named in, by what it is for.
SET_UP = {
    "scs_basket": ["name_fr", "name_en"], "scs_booth": ["label", "out_reason"], "scs_device": ["label"],
    "scs_enrolmentcode": ["label"], "scs_openingexception": ["reason"], "scs_room": ["name_fr", "name_en"],
    "scs_site": ["name_fr", "name_en", "agreement_version"], "scs_staff": ["display_name"],
}  # fmt: skip
PAPERS = {
    "scs_authorisation": ["number", "issuer", "kept_where"], "scs_condition": ["words"],
    "scs_recipient": ["name", "purpose", "basis", "contact"],
    "scs_retentionschedule": ["name", "function"], "scs_returnconversion": ["source"],
    "scs_riskanalysis": ["body", "name", "function", "individualization", "correlation", "inference"],
    "scs_trainingdone": ["evidence"],
}  # fmt: skip
AROUND = {
    "scs_contextevent": ["words", "place", "source"], "scs_supplywarning": ["text_fr", "text_en"],
}  # fmt: skip
READABLE = {
    f"{table}.{column}"
    for tables in (SET_UP, PAPERS, AROUND)
    for table, listed in tables.items()
    for column in listed
}
TRAIL = "scs_trailentry."
# The label of a tablet, where a weight comes from, how one knew a colleague.
TOLD_IN_TRAIL = {"enrolment code made", "conversion set", "second factor forgotten"}
# What stands on boxes and seals, by which they are found again.
NUMBERS = ("serial_", "seal_no")
ON_THINGS = {"scs_lot.serial_from", "scs_lot.serial_to", "scs_leftbehind.seal_no", "scs_record.data"}


class Planted:
    """Another word for each field."""

    def __init__(self):
        self._numbers = itertools.count()

    def word(self, sign: str = SIGN) -> str:
        return f"{sign}{next(self._numbers):04d}"

    def __call__(self, one: Field) -> str:
        if any(part in one.name for part in PLAUSIBLE.keys() - WORDS):
            return plausible(one)
        return self.word(NUMBER if one.name.startswith(NUMBERS) else SIGN)[: one.longest]


@pytest.fixture
def living(db):
    with acting(sites=()):
        yield make_living()


def say_why(living: Living, word: Callable[[], str]) -> None:
    """What asks for something to be there first: each is taken."""
    people = living.newcomers()
    for role, path, typed in asked(living, word):
        answer = people[role].post(path, typed)
        assert answer.status_code == 302, (path, answer.status_code)
        assert "/reauthenticate/" not in answer.url, path


def asked(living: Living, word: Callable[[], str]) -> Iterator[tuple[str, str, dict]]:
    site, things = living.place.site, living.place.things
    day = today(site).isoformat()
    with acting(sites=[site.pk]):
        yield from of_records(site, things, word)
        yield from of_review(site, word)
        yield from of_an_undone_import(site, word)
        yield from of_holds(site, word)
    texts = ("why", "information", "circumstances", "cause", "risk", "measures", "measures_coming")
    amended = {name: word() for name in texts}
    yield "manager", "/registers/incidents/1/amend", amended | {"discovered_on": day, "read": "1"}
    lost = make_staff("s01-lost", site, "manager")
    yield "sysadmin", f"/setup/staff/{lost.pk}/factor", {"why": word()}
    yield "manager", "/warnings/new", {"text_fr": word(), "text_en": word(), "ends_on": day}


def of_records(site, things: dict, word: Callable[[], str]) -> Iterator[tuple[str, str, dict]]:
    by, event = f"{site.code.lower()}-01", things["overdoses/overdoses"]
    counted = [record("turnaway.recorded", {"reason": "full", "count": 1}, by=by) for _n in range(2)]
    step = record("overdose.step", {"event": event, "step": "stimulation"}, by=by)
    assert {receipt.status for receipt in send(site, *counted, step)} == {"created"}
    changed, withdrawn = (f"/records/{one['id']}" for one in counted)
    yield "manager", f"{changed}/correct", {"reason": "full", "count": "2", "why": word()}
    yield "manager", f"{withdrawn}/withdraw", {"why": word()}
    why = {"remove": "1", "reason": "other", "reason_text": word()}
    yield "manager", f"/overdoses/{event}/records/{step['id']}/", why
    lot = f"/stock/{things['stock/stock']}/records/{things['stock/records']}/void"
    yield "manager", lot, {"reason": word()}


def of_review(site, word: Callable[[], str]) -> Iterator[tuple[str, str, dict]]:
    left = timezone.now() - timedelta(days=2)
    send(site, *a_stay(left - timedelta(hours=14), left))
    looked(site)
    odd = [item.key for item in items(site, KINDS.values()) if item.kind == "implausible"]
    assert odd
    yield "manager", "/review/right", {"item": odd, "why_text": word()}


def of_an_undone_import(site, word: Callable[[], str]) -> Iterator[tuple[str, str, dict]]:
    brought = written(of_an_import(site, "s01-01"))
    yield "manager", f"/imports/{brought.ref}/undo", {"reason": word()}
    run(brought)


def of_holds(site, word: Callable[[], str]) -> Iterator[tuple[str, str, dict]]:
    yield "privacy_officer", "/retention/holds/", {"site": site.code, "category": "visits", "reason": word()}
    placed = LegalHold.objects.latest("pk")
    yield "privacy_officer", f"/retention/holds/{placed.ref}/lift", {"why": word()}


def judge(living: Living, begin: list[str]) -> set[str]:
    """The columns where words of ours can be read, once they were typed; all of them are listed."""
    planted = Planted()
    say_why(living, planted.word)
    type_into_every_form(living, planted, begin)
    assert in_clear([SIGN, NUMBER], sessions()) == set()
    assert columns([NUMBER]) <= ON_THINGS
    with acting(sites=[living.place.site.pk, living.other.site.pk]):
        told = {row["action"] for row in TrailEntry.objects.values() if SIGN in str(row)}
    assert told <= TOLD_IN_TRAIL
    found = {one for one in columns([SIGN]) if not one.startswith(TRAIL)}
    assert found <= READABLE
    return found


def test_reasons_and_registers_are_readable_only_where_it_is_listed(living):
    assert len(judge(living, FEW)) > 8


@pytest.mark.full
def test_every_form_is_readable_only_where_it_is_listed(living):
    # Another form takes such a day off away again; the list names nothing else that no form fills.
    assert READABLE - judge(living, PLAIN) == {"scs_openingexception.reason"}
