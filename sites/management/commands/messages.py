"""Catalogues without GNU gettext, which a new machine does not have: Babel reads, writes and compiles.

The tablet app speaks in JavaScript: its literals are read into the same catalogue, and its English is
written as a module, so that the app needs no server to speak.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

FUNCTIONS = {
    "_": None,
    "_t": None,  # where `_` is the lazy one
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LOCALES = ("en", "fr")
APP = settings.BASE_DIR / "sites/static/sites/tablet"
APP_WORDS = APP / "words/en.js"
LITERAL = r'"(?:[^"\\]|\\.)*"'
APP_CALL = re.compile(rf"\b(?:t|n)\(\s*({LITERAL})(?:\s*,\s*({LITERAL}))?")
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def _sources() -> Iterator[tuple[Path, str, str]]:
    """(file, extractor, text) of everything that speaks."""
    for folder in ("sites", "harmreduction"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "python", path.read_text()
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        yield path, "javascript", templatize(path.read_text())


def app_messages() -> Iterator[tuple[Path, str | tuple[str, str]]]:
    """(file, message) of what the tablet app says: t("…"), n("one", "other", …)."""
    for path in sorted(APP.rglob("*.js")):
        code = re.sub(r"^\s*//.*", "", path.read_text(), flags=re.MULTILINE)
        for found in APP_CALL.finditer(code):
            one, other = (json.loads(literal) if literal else "" for literal in found.groups())
            yield path, (one, other) if other else one


def app_words(catalog: Catalog) -> str:
    """The English of the tablet app, as the module it imports."""
    words = {}
    for _path, message in app_messages():
        translated = catalog[message].string if message in catalog else ""
        if all(translated) if isinstance(translated, tuple) else translated:
            words[message[0] if isinstance(message, tuple) else message] = translated
    return f"export default {json.dumps(words, ensure_ascii=False, indent=1, sort_keys=True)};\n"


def template_catalog() -> Catalog:
    """Every message in the source, in the order of the files."""
    catalog = Catalog(project="harmreduction", charset="utf-8")
    for path, extractor, text in _sources():
        name = str(path.relative_to(settings.BASE_DIR))
        found = extract(extractor, io.BytesIO(text.encode()), FUNCTIONS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            catalog.add(message, locations=[(name, 0)], context=context)
    for path, message in app_messages():
        catalog.add(message, locations=[(str(path.relative_to(settings.BASE_DIR)), 0)])
    return catalog


def path_of(locale: str, suffix: str) -> Path:
    return settings.LOCALE_PATHS[0] / locale / "LC_MESSAGES" / f"django.{suffix}"


def current(locale: str) -> Catalog:
    path = path_of(locale, "po")
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def updated(locale: str, template: Catalog) -> Catalog:
    """The catalogue with what the source says now; what it no longer says is gone."""
    catalog = current(locale)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations = [(name, None) for name, _line in message.locations]
    return catalog


def missing(locale: str, catalog: Catalog) -> list[str]:
    """Messages without a translation. French is the source: only its plurals need one."""
    wanted = [m for m in catalog if m.id and (locale != "fr" or m.pluralizable)]
    return [
        str(m.id) for m in wanted if not (all(m.string) if isinstance(m.string, (tuple, list)) else m.string)
    ]


def po_bytes(catalog: Catalog) -> bytes:
    catalog.header_comment, catalog.fuzzy = "# French is the source language; see docs/decisions.md.", False
    catalog.project = catalog.version = "harmreduction"
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    out = io.BytesIO()
    write_po(out, catalog, omit_header=False, sort_output=False, include_lineno=False, width=100)
    stable = (line for line in out.getvalue().splitlines(keepends=True) if b"-Date: " not in line)
    return b"".join(stable)


def mo_bytes(catalog: Catalog) -> bytes:
    # Babel dates what it reads by the clock; the same words must compile to the same bytes.
    catalog.creation_date = catalog.revision_date = NO_DATE
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


class Command(BaseCommand):
    help = "Bring the catalogues up to the source, or (--check) fail when one is stale or incomplete."
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when stale")

    def handle(self, *, check: bool, **options):
        template = template_catalog()
        problems = []
        for locale in LOCALES:
            catalog = updated(locale, template)
            if gaps := missing(locale, catalog):
                problems.append(f"{locale}: {len(gaps)} without a translation, first: {gaps[0]!r}")
            written = po_bytes(catalog)
            if check and (
                not path_of(locale, "po").exists() or path_of(locale, "po").read_bytes() != written
            ):
                problems.append(f"{locale}: the catalogue is stale; run manage.py messages")
            compiled = mo_bytes(read_po(io.BytesIO(written), locale=locale))
            if check and not problems and path_of(locale, "mo").read_bytes() != compiled:
                problems.append(f"{locale}: the compiled catalogue is stale; run manage.py messages")
            words = app_words(catalog) if locale == "en" else ""
            if check and words and APP_WORDS.read_text() != words:
                problems.append("the words of the tablet app are stale; run manage.py messages")
            if not check:
                if words:
                    APP_WORDS.write_text(words)
                path_of(locale, "po").parent.mkdir(parents=True, exist_ok=True)
                path_of(locale, "po").write_bytes(written)
                path_of(locale, "mo").write_bytes(compiled)
        for problem in problems:
            self.stderr.write(problem)
        if check and problems:
            raise CommandError("The catalogues are not up to date.")
