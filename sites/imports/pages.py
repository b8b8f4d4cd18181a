"""What the pages of an import show: samples, values to name, rows as they read, what changes by day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sites.imports.boxes import rows_of
from sites.imports.fields import CODE, DAY, MOMENT, Field
from sites.imports.guessing import AGES, guess_values, is_age
from sites.imports.mapping import Mapping, parts_of
from sites.imports.models import Import
from sites.imports.reading import Reader, ReadRow
from sites.imports.terms import MAX_VALUES, MAX_VALUES_IN_ALL, Notice
from sites.indicators.queries import series
from sites.places.models import Site
from sites.places.queries import local
from sites.records.words import kind_words

FIRST_ROWS = 6


@dataclass
class Seen:
    """What the columns of a file hold: values of each field of codes (the commonest first), and its days.

    `wide`: columns with more values than a person can name.
    """

    values: dict[str, list[str]]
    days: list[str]
    wide: list[int]


def look(imported: Import, mapping: Mapping) -> Seen:
    counts: dict[int, Counter] = {c: Counter() for c, one in mapping.fields.items() if one.has_values}
    dated = [c for c, one in mapping.fields.items() if one.form in (MOMENT, DAY)]
    days: set[str] = set()
    for row in rows_of(imported):
        for column, counter in counts.items():
            text = row.cells[column] if column < len(row.cells) else ""
            if mapping.fields[column].codes == AGES and is_age(text):
                continue
            if text and not text.startswith("=") and len(counter) <= MAX_VALUES_IN_ALL:
                counter.update(parts_of(mapping.fields[column], text))
        days.update(row.cells[c].partition(" ")[0] for c in dated if c < len(row.cells))
    wide = [column for column, counter in counts.items() if len(counter) > MAX_VALUES]
    if sum(map(len, counts.values())) > MAX_VALUES_IN_ALL and not wide:
        wide = [max(counts, key=lambda column: len(counts[column]))]
    named = {
        mapping.fields[c].name: [text for text, _n in found.most_common()] for c, found in counts.items()
    }
    return Seen(named, sorted(days), wide)


def guesses(site: Site, mapping: Mapping, values: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    known = mapping.register.all_fields()
    return {name: guess_values(site, known[name], texts) for name, texts in values.items()}


@dataclass
class Sample:
    """One of the first rows as it will be read: (field, words) pairs, or what is wrong with it."""

    number: int
    told: list[tuple[str, str]]
    problems: list[str]


def first_rows(imported: Import, mapping: Mapping) -> list[Sample]:
    reader = Reader(mapping)
    return [_sample(mapping, reader.read(row)) for row in rows_of(imported, most=FIRST_ROWS)]


def _sample(mapping: Mapping, read: ReadRow) -> Sample:
    told = []
    if read.line["time"]:
        told.append(("", f"{local(mapping.site, read.line['time']):%Y-%m-%d %H:%M}"))
    for name, one in mapping.register.all_fields().items():
        value = read.line[name]
        if one.form not in (MOMENT, DAY, "time") and value not in (None, "", [], False):
            told.append((str(one.words), _words(mapping, one, value)))
    return Sample(read.row.number, told, [words for _column, words in read.problems])


def _words(mapping: Mapping, one: Field, value) -> str:
    if one.form == CODE:
        known = dict(one.offered(mapping.site))
        return ", ".join(
            str(known.get(code, code)) for code in (value if isinstance(value, list) else [value])
        )
    if one.form == "after":
        return f"{local(mapping.site, value):%H:%M}" if hasattr(value, "tzinfo") else str(value[1])[:5]
    if one.form == "answer":
        return "✓"
    if one.form == "handle":
        return "•••"
    return str(value)


@dataclass
class Month:
    """What an import brings to one month: sums by kind, then by day, with what those days hold already."""

    first: date
    sums: dict[str, int]
    days: list[tuple[date, list[int], int]]


def months(imported: Import, mapping: Mapping) -> list[Month]:
    kinds, tally = mapping.register.shown, imported.tally
    if not tally:
        return []
    days = sorted(date.fromisoformat(day) for day in tally)
    there = series(imported.site, [mapping.register.beside], days[0], days[-1])[mapping.register.beside]
    found: dict[date, Month] = {}
    for day in days:
        month = found.setdefault(day.replace(day=1), Month(day.replace(day=1), {}, []))
        counts = [tally[day.isoformat()].get(kind, 0) for kind in kinds]
        month.days.append((day, counts, int(there.get(day) or 0)))
        for kind, n in zip(map(kind_words, kinds), counts, strict=True):
            month.sums[kind] = month.sums.get(kind, 0) + n
    return list(found.values())


def shown_kinds(mapping: Mapping) -> list[str]:
    return [kind_words(kind) for kind in mapping.register.shown]


def notices_of(imported: Import) -> list[tuple[int, str]]:
    return [(n, str(Notice(code).label)) for code, n in sorted(imported.notices.items()) if n]
