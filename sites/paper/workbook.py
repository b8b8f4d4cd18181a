"""What every workbook of ours shares: typed cells, no formula, a heading that stays, how it prints."""

from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

INK, PINE, PAPER, LINE = "#221D17", "#0F5548", "#FBF6EE", "#DCCFBB"
LETTER = 1
# Whatever a text looks like, it stays a text.
OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


class Looks:
    """How cells look, by what they hold."""

    def __init__(self, book: xlsxwriter.Workbook):
        plain = {"font_color": INK, "valign": "top"}
        self.text = book.add_format(plain)
        self.wrapped = book.add_format(plain | {"text_wrap": True})
        self.count = book.add_format(plain | {"num_format": "#,##0"})
        self.hours = book.add_format(plain | {"num_format": "0.00"})
        self.day = book.add_format(plain | {"num_format": "yyyy-mm-dd", "align": "left"})
        self.instant = book.add_format(plain | {"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.head = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": PINE, "text_wrap": True, "valign": "vcenter",
             "border": 1, "border_color": LINE}
        )  # fmt: skip
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": PINE})
        self.name = book.add_format(plain | {"bold": True, "bg_color": PAPER, "text_wrap": True})

        self.of: dict[type, Format] = {
            datetime: self.instant, date: self.day, float: self.hours, int: self.count, str: self.text,
            type(None): self.text,
        }  # fmt: skip


WRITE = {
    datetime: Worksheet.write_datetime, date: Worksheet.write_datetime, float: Worksheet.write_number,
    int: Worksheet.write_number, str: Worksheet.write_string, type(None): Worksheet.write_blank,
}  # fmt: skip


def put(sheet: Worksheet, row: int, column: int, value, looks: Looks, look: Format | None = None) -> None:
    """A cell of the value's own type: never by guessing from its text."""
    value = None if value == "" else value
    kind = type(value)
    if kind not in WRITE:
        kind = next((known for known in WRITE if isinstance(value, known)), str)
    WRITE[kind](sheet, row, column, value, look or looks.of[kind])


def table(
    book: xlsxwriter.Workbook, name: str, head: Sequence[tuple[str, float]], looks: Looks, rows: int
) -> Worksheet:
    """An empty table: widths, a heading that stays, filters, and how it prints."""
    sheet = book.add_worksheet(name)
    for column, (_heading, width) in enumerate(head):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 45)
    for column, (heading, _width) in enumerate(head):
        sheet.write_string(0, column, heading, looks.head)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, len(head) - 1)
    printed(sheet)
    sheet.repeat_rows(0)
    return sheet


def printed(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(LETTER)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(1)
    sheet.set_footer("&L&8&A&R&8&P / &N")
