"""The inside report as a workbook: typed cells, no formula, « INTERNE » on each sheet."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from sites.keyring.signing import fingerprint
from sites.paper.workbook import OPTIONS, Looks, put, table
from sites.reports.sheet import Sheet, status_words


def xlsx(sheet: Sheet) -> bytes:
    body = io.BytesIO()
    report = sheet.report
    with xlsxwriter.Workbook(body, OPTIONS | {"in_memory": True}) as book:
        created = report.data_cutoff.replace(tzinfo=None)
        book.set_properties({"title": f"{sheet.site.name} · {sheet.name}", "created": created})
        looks = Looks(book)
        heads = [
            (_("Mesure"), 42), (_("Catégorie"), 26), (_("Nombre"), 12), (sheet.before_name, 18),
            (_("Unité"), 12), (_("Code"), 28), (_("Version de la définition"), 12), (_("Définition"), 80),
        ]  # fmt: skip
        rows = [
            (
                line.label,
                line.category,
                line.value,
                line.before,
                line.unit,
                line.code,
                line.version,
                line.definition,
            )
            for line in sheet.lines
        ]
        _fill(book, looks, _("Nombres"), heads, rows)
        if sheet.parts:
            heads = [(_("Du"), 12), (_("Au"), 12), *((name, 16) for name in sheet.part_names)]
            _fill(book, looks, _("Jours"), heads, [(a, b, *values) for a, b, values in sheet.part_rows])
        if sheet.changes:
            heads = [(_("Mesure"), 42), (_("Catégorie"), 26), (_("Avant"), 12), (_("Après"), 12)]
            _fill(
                book,
                looks,
                _("Changements"),
                heads,
                [(c.label, c.category, c.old, c.new) for c in sheet.changes],
            )
        _fill(book, looks, _("Rapport"), [(_("Champ"), 24), (_("Valeur"), 90)], _about(sheet))
    return body.getvalue()


def _fill(book, looks: Looks, name: str, heads: list, rows: list) -> None:
    page = table(book, name, heads, looks, len(rows))
    page.set_header("&L&B" + _("INTERNE – ne pas diffuser"))
    for n, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            put(page, n, column, value, looks)


def _about(sheet: Sheet) -> list[tuple[str, str]]:
    report = sheet.report
    rows = [
        (_("Usage"), _("INTERNE – ne pas diffuser")),
        (_("Site"), f"{sheet.site.code} · {sheet.site.name}"),
        (_("Période"), sheet.name),
        (_("État"), status_words(report)),
        (_("Données arrêtées le"), report.data_cutoff.isoformat()),
        ("SHA-256", report.sha256),
    ]
    if report.signature:
        rows.append((_("Clé de signature"), fingerprint(report.public_key)))
    return rows
