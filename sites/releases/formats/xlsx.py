"""A workbook for people who work in a spreadsheet: typed cells, both languages, no formula."""

import io
from collections.abc import Iterable
from typing import NamedTuple

import xlsxwriter

from sites.paper.workbook import OPTIONS, Looks, printed, put, table
from sites.releases.formats.figures import Cube, Figure, Names, hours
from sites.releases.formats.words import ALL_REGIONS, ALL_SITES, GRAINS, STATUSES, TITLE, UNITS, WHOLE
from sites.releases.terms import ALL, CLOCK
from sites.releases.words import METHOD, PROMISE

# Beyond, rows are streamed to disk: three times slower for a day, flat memory for a year.
FEW = 2000
CHARS_A_LINE = 88


class Column(NamedTuple):
    """A column of the figures: its headings, its width in characters."""

    name: str
    fr: str
    en: str
    width: float


FIGURES = [
    Column("release_id", "Publication", "Release", 12),
    Column("published_at", "Publié le (UTC)", "Published (UTC)", 17),
    Column("plan_version", "Plan", "Plan", 9),
    Column("clock", "Horloge", "Clock", 12),
    Column("site", "Site", "Site", 8),
    Column("site_name", "Nom du site", "Site name", 24),
    Column("region", "Région", "Region", 8),
    Column("region_name", "Nom de la région", "Region name", 20),
    Column("period_start", "Du", "From", 11),
    Column("period_end", "Au (inclus)", "To (included)", 11),
    Column("grain", "Période", "Period", 10),
    Column("indicator", "Code", "Code", 22),
    Column("label", "Indicateur", "Indicator", 38),
    Column("category", "Catégorie", "Category", 12),
    Column("value", "Chiffre", "Figure", 9),
    Column("lower", "Vrai compte : de", "True count: from", 11),
    Column("upper", "Vrai compte : à", "True count: to", 11),
    Column("base", "Arrondi à", "Rounded to", 10),
    Column("status", "Statut", "Status", 25),
    Column("unit", "Unité", "Unit", 9),
    Column("definition_version", "Version de la définition", "Definition version", 12),
    Column("planned_hours", "Heures prévues", "Planned hours", 10),
    Column("definition", "Définition", "Definition", 70),
]
SHEETS = {"fr": "Chiffres", "en": "Figures"}
METHOD_SHEET, DEFINITIONS_SHEET, CALENDAR_SHEET = (
    "Méthode et promesse · Method", "Définitions · Definitions", "Horaire · Hours",
)  # fmt: skip
DEFINITION_COLUMNS = [
    ("Code · Code", 24), ("Version · Version", 9), ("Unité · Unit", 9), ("Arrondi à · Rounded to", 11),
    ("Maximum par événement · Most for one event", 14), ("Indicateur", 36), ("Indicator", 36),
    ("Définition", 70), ("Definition", 70),
]  # fmt: skip
CALENDAR_COLUMNS = [
    ("Site · Site", 10), ("Région · Region", 10), ("Jour de service · Service day", 13),
    ("Ouvre (heure du site) · Opens (local)", 18), ("Ferme (heure du site) · Closes (local)", 18),
    ("Heures prévues · Planned hours", 10),
]  # fmt: skip


def release(cube: Cube) -> bytes:
    body = io.BytesIO()
    kept = "in_memory" if len(cube.figures) <= FEW else "constant_memory"
    with xlsxwriter.Workbook(body, OPTIONS | {kept: True}) as book:
        book.set_properties(
            {
                "title": f"{TITLE['fr']} · {TITLE['en']} · {cube.release_id}",
                "created": cube.published_at.replace(tzinfo=None),
            }
        )
        looks = Looks(book)
        for language in SHEETS:
            _figures(book, looks, cube, language)
        _method(book, looks, cube)
        _definitions(book, looks, cube)
        _calendar(book, looks, cube)
    return body.getvalue()


def _figures(book: xlsxwriter.Workbook, looks: Looks, cube: Cube, language: str) -> None:
    head = [(getattr(column, language), column.width) for column in FIGURES]
    sheet = table(book, SHEETS[language], head, looks, len(cube.figures))
    for row, figure in enumerate(cube.figures, start=1):
        values = _values(cube, figure, language)
        for column, (name, *_rest) in enumerate(FIGURES):
            put(sheet, row, column, values[name], looks)


def _values(cube: Cube, figure: Figure, language: str) -> dict:
    told = cube.definitions[figure.indicator]
    return cube.row(figure) | {
        "published_at": cube.published_at.replace(tzinfo=None),
        "period_start": figure.period_start,
        "period_end": figure.period_end,
        "site_name": place_name(cube.sites, figure.site, ALL_SITES, language),
        "region_name": place_name(cube.regions, figure.region, ALL_REGIONS, language),
        "grain": GRAINS[figure.grain][language],
        "label": told[f"label_{language}"],
        "category": category_name(cube, figure, language),
        "status": STATUSES[figure.status][language],
        "unit": UNITS.get(told["unit"], {}).get(language, told["unit"]),
        "definition_version": told["version"],
        "planned_hours": figure.planned_hours,
        "definition": told[f"definition_{language}"],
    }


def place_name(names: dict[str, Names], code: str, whole: dict[str, str], language: str) -> str:
    return whole[language] if code == ALL else getattr(names[code], language)


def category_name(cube: Cube, figure: Figure, language: str) -> str:
    if figure.category == ALL:
        return WHOLE[language]
    return cube.category_name(figure.indicator, figure.category, language)


def _method(book: xlsxwriter.Workbook, looks: Looks, cube: Cube) -> None:
    sheet = book.add_worksheet(METHOD_SHEET)
    for column, width in enumerate((24, CHARS_A_LINE, CHARS_A_LINE)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 24)
    for column, text in enumerate((cube.release_id, TITLE["fr"], TITLE["en"])):
        sheet.write_string(0, column, text, looks.title)
    for row, (name, french, english) in enumerate(_told(cube), start=1):
        longest = max(len(french), len(english))
        sheet.set_row(row, 15 * (1 + longest // (CHARS_A_LINE - 8)) + 3)
        sheet.write_string(row, 0, name, looks.name)
        sheet.write_string(row, 1, french, looks.wrapped)
        sheet.write_string(row, 2, english, looks.wrapped)
    printed(sheet)


def _told(cube: Cube) -> Iterable[tuple[str, str, str]]:
    plans = ", ".join(cube.plan_versions)
    yield "Promesse · Promise", PROMISE["fr"], PROMISE["en"]
    yield "Méthode · Method", METHOD["fr"], METHOD["en"]
    yield "Publié le · Published", cube.published, cube.published
    yield "Plan de publication · Publication plan", plans, plans
    yield (
        "Horloge · Clock",
        f"{CLOCK} : les jours sont des jours de service, d’un changement de jour du site au suivant.",
        f"{CLOCK}: days are service days, from one cut-over of the site to the next.",
    )
    yield (
        "Heures prévues · Planned hours",
        "De l’horaire affiché des sites de la ligne, sur toute la période; jamais des faits.",
        "From the posted calendar of the sites of the row, over the whole period; never from facts.",
    )


def _definitions(book: xlsxwriter.Workbook, looks: Looks, cube: Cube) -> None:
    sheet = table(book, DEFINITIONS_SHEET, DEFINITION_COLUMNS, looks, len(cube.definitions))
    names = ("code", "version", "unit", "base", "cap_per_event", "label_fr", "label_en", "definition_fr",
             "definition_en")  # fmt: skip
    for row, told in enumerate(cube.definitions.values(), start=1):
        for column, name in enumerate(names):
            wrapped = looks.wrapped if isinstance(told[name], str) else None
            put(sheet, row, column, told[name], looks, wrapped)


def _calendar(book: xlsxwriter.Workbook, looks: Looks, cube: Cube) -> None:
    sheet = table(book, CALENDAR_SHEET, CALENDAR_COLUMNS, looks, len(cube.openings))
    for row, opening in enumerate(cube.openings, start=1):
        values = (
            opening.site,
            opening.region,
            opening.day,
            opening.opens and opening.opens.replace(tzinfo=None),
            opening.closes and opening.closes.replace(tzinfo=None),
            hours(opening.minutes),
        )
        for column, value in enumerate(values):
            put(sheet, row, column, value, looks)
