"""Files as teams keep them, and what a person does with one, without the pages."""

import csv
import io

from harmreduction.pg.scope import acting
from sites.imports import services
from sites.imports.boxes import headings_of, rows_of
from sites.imports.guessing import guess_values
from sites.imports.mapping import LEFT_EMPTY, Digests, mapping_of, parts_of
from sites.imports.models import Import
from sites.imports.running import step

VISITS = ("Arrivée", "Départ", "Genre", "Âge", "Substance", "Voie", "Place")
OVERDOSES = ("Date", "Heure", "Lieu", "Type", "Issue", "911", "Doses", "Produit", "Donnée par", "Oxygène")


def as_csv(headings, rows, *, separator=";", encoding="utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def bring(site, kind: str, content: bytes, *, by="s01-01", **told) -> Import:
    """Brought, its values guessed; `told` sets more of the mapping."""
    imported = services.receive(site, kind, content, name="registre.csv", by=by)
    mapping = mapping_of(imported)
    for name, value in told.items():
        setattr(mapping, name, value)
    digests = Digests(site)
    for column, field in mapping.fields.items():
        if field.has_values:
            texts = {part for row in rows_of(imported) for part in parts_of(field, row.cells[column])}
            guessed = guess_values(site, field, texts - {""})
            mapping.values[field.name] = {digests[text]: guessed.get(text, LEFT_EMPTY) for text in texts}
    services.set_mapping(imported, mapping)
    assert headings_of(imported)
    return imported


def checked(imported: Import, by="s01-01") -> Import:
    services.check(imported, mapping_of(imported), by=by)
    return run(imported)


def written(imported: Import, by="s01-01") -> Import:
    services.start(imported, by=by)
    return run(imported)


def undone(imported: Import, by="s01-01", why="mauvais fichier") -> Import:
    services.undo(imported, by=by, why=why)
    return run(imported)


def run(imported: Import) -> Import:
    with acting(sites=[imported.site_id]):
        while step(imported.site):
            pass
        imported.refresh_from_db()
    return imported


def of_an_import(site, by) -> Import:
    """A register that was tried: one row would go in, one cannot."""
    rows = [["2024-03-01 21:05", "22:10", "F", "34", "Fentanyl", "IV", ""], ["hier", *[""] * 6]]
    with acting(sites=[site.pk]):
        return checked(bring(site, "visits", as_csv(VISITS, rows), by=by), by=by)
