"""A table that someone takes along as a file: written whole before it is sent, in flat memory."""

import csv
from collections.abc import Iterable
from datetime import datetime
from tempfile import TemporaryFile

from django.http import FileResponse

from sites.paper.cells import harmless


def csv_download(name: str, columns: Iterable[str], rows: Iterable[tuple]) -> FileResponse:
    """UTF-8 with a byte-order mark, comma, times in UTC. It is never kept by a cache."""
    body = TemporaryFile("w+b")  # noqa: SIM115 - the answer closes it
    text = _Encoding(body)
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(value) for value in row] for row in rows)
    body.seek(0)
    return FileResponse(
        body,
        as_attachment=True,
        filename=f"{name}.csv",
        content_type="text/csv; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


class _Encoding:
    """What csv writes to. A text wrapper would close the file under it."""

    def __init__(self, body):
        self.body = body

    def write(self, text: str) -> int:
        return self.body.write(text.encode("utf-8", "replace"))


def plain(value) -> str:
    """As a spreadsheet should show it: no text is taken for a formula."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return f"{value.isoformat()[:19]}Z"
    return "" if value is None else str(value)
