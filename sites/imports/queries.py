from sites.imports.boxes import headings_of, rows_of
from sites.imports.models import Import
from sites.imports.terms import RUNNING
from sites.places.models import Site
from sites.records.models import Record

SHOWN = 100


def imports_of(site: Site) -> list[Import]:
    """The newest first."""
    return list(Import.objects.at(site).order_by("-uploaded_at", "-pk")[:SHOWN])


def is_running(imported: Import) -> bool:
    return imported.state in RUNNING


def problem_rows(imported: Import) -> list[tuple[int, str, str, str]]:
    """(row, heading, what stands there, what to do); the cell is empty once the file is gone."""
    headings = headings_of(imported)
    problems = list(imported.problems.order_by("row", "id"))
    wanted = {problem.row for problem in problems}
    cells = {row.number: row.cells for row in rows_of(imported) if row.number in wanted} if headings else {}
    return [
        (
            problem.row,
            _at(headings, problem.column),
            _at(cells.get(problem.row, []), problem.column),
            problem.message,
        )
        for problem in problems
    ]


def _at(cells: list[str], column: int | None) -> str:
    return cells[column] if column is not None and column < len(cells) else ""


def import_of(record: Record) -> Import | None:
    """The import that a record came with."""
    return Import.objects.at(record.site).filter(ref=record.device).first() if record.device else None
