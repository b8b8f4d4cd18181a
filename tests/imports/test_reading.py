"""Days, hours and values as registers write them; what goes out in a team's words comes back the same."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.codes.queries import label
from sites.imports.boxes import FileRow
from sites.imports.catalogue import REGISTERS
from sites.imports.guessing import guess_columns, guess_values
from sites.imports.mapping import Digests, Mapping
from sites.imports.moments import instant, orders_of, parse_moment, parse_time
from sites.imports.reading import Reader
from sites.imports.terms import Notice
from sites.places.queries import local
from tests.factories import at
from tests.imports.bringing import VISITS

TORONTO = ZoneInfo("America/Toronto")


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        yield


@pytest.mark.parametrize(
    ("text", "order", "read"),
    [
        ("2025-03-01", "", (date(2025, 3, 1), None)),
        ("2025/3/1 21:05", "", (date(2025, 3, 1), time(21, 5))),
        ("2025-03-01T21:05:30", "", (date(2025, 3, 1), time(21, 5, 30))),
        ("2025-03-01 00:00:00", "", (date(2025, 3, 1), None)),
        ("2025-03-01 00:00", "", (date(2025, 3, 1), time(0))),
        ("01/03/2025 21 h 05", "dmy", (date(2025, 3, 1), time(21, 5))),
        ("03/01/2025 9:05 PM", "mdy", (date(2025, 3, 1), time(21, 5))),
        ("45717", "", (date(2025, 3, 1), None)),
        ("45717.878472", "", (date(2025, 3, 1), time(21, 5))),
    ],
)
def test_moments(text, order, read):
    assert parse_moment(text, order) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("14:05", (14, 5)), ("14 h 05", (14, 5)), ("1405", (14, 5)), ("9h", (9, 0)), ("2:05 pm", (14, 5)),
     ("12 a.m.", (0, 0)), ("0,875", (21, 0)), ("14:05:00", (14, 5))],
)  # fmt: skip
def test_hours(text, read):
    assert parse_time(text) == time(*read)


@pytest.mark.parametrize(
    "text", ["", "hier", "25:10", "14:75", "13 pm", "1/2/25", "٣:٠٠", "2025-02-30", "9" * 40]
)
def test_what_is_no_moment_is_refused(text):
    for parse in (parse_time, lambda one: parse_moment(one, "dmy")):
        with pytest.raises(ValidationError):
            parse(text)


def test_the_order_of_day_and_month_is_asked_unless_a_day_tells():
    assert orders_of(["2025-03-01", ""]) == {""}
    assert orders_of(["03/04/2025", "05/06/2025"]) == {"dmy", "mdy"}
    assert orders_of(["03/04/2025", "25/06/2025"]) == {"dmy"}
    assert orders_of(["03/04/2025", "06/25/2025"]) == {"mdy"}
    assert orders_of(["25/04/2025", "06/25/2025"]) == set()
    with pytest.raises(ValidationError):
        parse_moment("03/04/2025", "")


def test_the_nights_when_clocks_change(site):
    assert instant(site, date(2025, 11, 2), time(1, 30)) == (at("2025-11-02 05:30"), True)
    assert instant(site, date(2025, 11, 2), time(2, 30)) == (at("2025-11-02 07:30"), False)
    with pytest.raises(ValidationError):
        instant(site, date(2025, 3, 9), time(2, 30))


def read(site, register: str, row: list[str], columns: dict[int, str], **told):
    reader = Reader(Mapping(site, REGISTERS[register], columns, **told))
    return reader.read(FileRow(2, b"0" * 16, row))


def test_a_date_after_midnight_is_the_calendars_or_the_shifts(site):
    columns = {0: "day", 1: "clock"}
    for night, day in (("calendar", 1), ("service", 2)):
        one = read(site, "visits", ["2025-03-01", "01:30"], columns, night=night)
        assert local(site, one.line["time"]).day == day


def test_a_row_without_an_hour_counts_in_its_day_where_that_is_enough(site):
    one = read(site, "turn-aways", ["2025-03-01", "2"], {0: "day", 1: "count"}, always={"reason": "full"})
    assert ([f"{f.at:%Y-%m-%d}" for f in one.facts], one.notices) == (["2025-03-01"], [Notice.NO_TIME])
    assert one.facts[0].data == {"count": 2, "reason": "full"}
    visit = read(site, "visits", ["2025-03-01"], {0: "day"})
    assert "Il manque l’heure" in visit.problems[0][1]


def test_a_formula_a_future_and_a_day_before_the_site_are_refused_by_their_column(site):
    columns = {0: "moment", 1: "left"}
    assert read(site, "visits", ["2025-03-01 20:00", "=NOW()"], columns).problems[0][0] == 1
    for text in ("2027-01-01 10:00", "2019-12-01 10:00", "2025-03-09 02:30"):
        assert [column for column, _words in read(site, "visits", [text], columns).problems] == [0]


def test_leaving_after_midnight_is_the_next_day(site):
    one = read(site, "visits", ["2025-03-01 23:50", "00:20"], {0: "moment", 1: "left"})
    assert one.facts[-1].at - one.line["time"] == timedelta(minutes=30)


def test_headings_are_known_in_both_languages():
    visits = REGISTERS["visits"]
    english = guess_columns(
        visits, ["Date", "Time in", "Time out", "Sex", "Age", "Drug", "Route", "Notes", "Name"]
    )
    assert list(english.values()) == ["day", "clock", "left", "gender", "age_band", "substances", "route"]
    assert set(english) == {str(n) for n in range(7)}
    assert list(guess_columns(visits, VISITS).values()) == [
        "moment", "left", "gender", "age_band", "substances", "route", "booth",
    ]  # fmt: skip


def test_values_are_known_by_label_code_and_age(site):
    fields = REGISTERS["visits"].all_fields()
    known = guess_values(site, fields["age_band"], ["34", "19", "87", "1990", "20 to 29", "?"])
    assert known == {"34": "30_39", "19": "lt20", "87": "60p", "20 to 29": "20_29"}
    assert guess_values(site, fields["substances"], ["DOWN", "Fenta", "Crystal", "truc"]) == {
        "DOWN": "heroin", "Fenta": "fentanyl", "Crystal": "methamphetamine",
    }  # fmt: skip


SUBSTANCES = ("fentanyl", "heroin", "crack", "methamphetamine", "ketamine", "unknown")
VISIT = st.fixed_dictionaries(
    {
        "minutes": st.integers(0, 500_000),
        "substances": st.lists(st.sampled_from(SUBSTANCES), max_size=2, unique=True),
        "route": st.sampled_from(["", "inj_iv", "inh_smoke", "in"]),
        "gender": st.sampled_from(["", "f", "m", "nb"]),
        "stay": st.one_of(st.none(), st.integers(0, 300)),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=st.lists(VISIT, min_size=1, max_size=12), language=st.sampled_from(["fr-ca", "en"]))
def test_what_goes_out_in_words_comes_back_as_the_same_counts(site, visits, language):
    """A register written from visits, in either language, means those visits: by day, substance and route."""
    columns = {0: "moment", 1: "left", 2: "substances", 3: "route", 4: "gender"}
    mapping, digests, expected = Mapping(site, REGISTERS["visits"], columns), Digests(site), Counter()
    rows = []
    with translation.override(language):
        for number, visit in enumerate(visits):
            # The day clocks change is another test's.
            arrived = datetime(2025, 3, 10, 8, tzinfo=TORONTO) + timedelta(minutes=visit["minutes"] % 300_000)
            left = "" if visit["stay"] is None else f"{arrived + timedelta(minutes=visit['stay']):%H:%M}"
            words = " + ".join(label("substances", code) for code in visit["substances"])
            said = [visit[name] and label(name, visit[name]) for name in ("route", "gender")]
            cells = [f"{arrived:%Y-%m-%d %H:%M}", left, words, *said]
            rows.append(FileRow(number, number.to_bytes(16), cells))
            used = tuple(sorted(visit["substances"])) or ("unknown",)
            expected["consumption", used, visit["route"] or "unk"] += 1
            expected["arrived", f"{arrived:%Y-%m-%d %H:%M}", visit["gender"]] += 1
            if visit["stay"] is not None:
                expected["left", visit["stay"]] += 1
        for column, name in {2: "substances", 3: "route", 4: "gender"}.items():
            texts = {part for row in rows for part in row.cells[column].split(" + ") if part}
            guessed = guess_values(site, mapping.fields[column], texts)
            assert set(guessed) == texts
            mapping.values[name] = {digests[text]: code for text, code in guessed.items()}
    reader, found = Reader(mapping), Counter()
    for row in rows:
        one = reader.read(row)
        assert one.problems == []
        for fact in one.facts:
            if fact.kind == "visit.arrived":
                found["arrived", f"{local(site, fact.at):%Y-%m-%d %H:%M}", fact.data.get("gender", "")] += 1
            if fact.kind == "consumption.recorded":
                found["consumption", tuple(sorted(fact.data["substances"])), fact.data["route"]] += 1
            if fact.kind == "visit.closed" and row.cells[1]:
                found["left", int((fact.at - one.line["time"]).total_seconds() // 60)] += 1
    assert found == expected
