"""The return as a file: CSV or workbook, both languages, one line a number."""

import csv
import io

import xlsxwriter

from sites.keyring.signing import fingerprint
from sites.paper.cells import harmless
from sites.paper.workbook import OPTIONS, Looks, put, table
from sites.returns.layout import SECTIONS
from sites.returns.models import StatutoryReturn

HEADS = ("site", "month", "section", "code", "label_fr", "label_en", "value")
WIDTHS = (8, 10, 28, 30, 52, 48, 10)


def csv_file(made: StatutoryReturn) -> bytes:
    body = io.StringIO()
    writer = csv.writer(body, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows(map(harmless, row) for row in _rows(made))
    return b"\xef\xbb\xbf" + body.getvalue().encode()


def xlsx_file(made: StatutoryReturn) -> bytes:
    body = io.BytesIO()
    with xlsxwriter.Workbook(body, OPTIONS | {"in_memory": True}) as book:
        book.set_properties({"title": _title(made), "created": made.made_at.replace(tzinfo=None)})
        looks = Looks(book)
        rows = list(_rows(made))
        sheet = table(book, f"{made.month:%Y-%m}", list(zip(HEADS, WIDTHS, strict=True)), looks, len(rows))
        sheet.set_header(f"&L&B{_title(made)}&R{made.name}")
        for n, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                put(sheet, n, column, value, looks)
        proof = table(book, "Signature", [("", 20), ("", 100)], looks, 4)
        told = {
            "Fait par · Made by": made.name,
            "Fait le · Made on": made.made_at.isoformat(),
            "SHA-256": made.sha256,
            "Clé · Key": fingerprint(made.public_key),
        }
        for n, (name, value) in enumerate(told.items(), start=1):
            put(proof, n, 0, name, looks)
            put(proof, n, 1, value, looks)
    return body.getvalue()


def _rows(made: StatutoryReturn):
    for row in made.rows:
        section = " · ".join(SECTIONS[row["section"]])
        yield (
            made.site.code, f"{made.month:%Y-%m}", section, row["code"], row["label_fr"], row["label_en"],
            row["value"],
        )  # fmt: skip


def _title(made: StatutoryReturn) -> str:
    return f"{made.site.code} · {made.month:%Y-%m} · v{made.version}"
