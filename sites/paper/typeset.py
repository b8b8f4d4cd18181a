"""PDF by Typst: tagged for screen readers, the same bytes each time, with the fonts of this folder alone.

Texts reach Typst as JSON, never as source: whatever someone typed as a name is only set as a name.
"""

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

HERE = Path(__file__).parent
STANDARDS = ["ua-1"]
# For how many documents Typst keeps what it computed for one.
KEPT = 10
# What the fonts beside this file can set: Latin and its marks, punctuation, Canadian syllabics.
SETTABLE = "\u0020-\u007e\u00a0-\u036f\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u20ac\u1400-\u167f\u18b0-\u18f5"
OTHERS = re.compile(f"[^{SETTABLE}]")


def typeset(template: Path, told: dict, at: datetime) -> bytes:
    """The PDF of a template that reads `told`, dated by an instant: the same input, the same bytes."""
    body = _compiler(template).compile(
        format="pdf",
        sys_inputs={"told": json.dumps(settable(told))},
        pdf_standards=STANDARDS,
        timestamp=int(at.timestamp()),
    )
    _forget()
    return body


def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(input=template, root=template.parent, font_paths=_fonts())


def _forget() -> None:
    """Typst keeps what it computed for a while: 300 MiB for a year. Blank documents push it out."""
    blank = _compiler(HERE / "blank.typ")
    for _ in range(KEPT):
        blank.compile(format="svg")


@cache
def _fonts() -> typst.Fonts:
    """Those of this folder alone: the page looks the same whatever the machine has."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])


def settable(value):
    """With a replacement mark for each character that no font here has: one name stops no release."""
    if isinstance(value, str):
        return OTHERS.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: settable(its) for name, its in value.items()}
    if isinstance(value, list):
        return [settable(its) for its in value]
    return value
