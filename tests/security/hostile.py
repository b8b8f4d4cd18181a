"""Texts that would run in a browser, or compute in a spreadsheet, if they were taken for more than text."""

import csv
import io
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import openpyxl
from django.apps import apps
from django.db import models

from harmreduction.pg.scope import acting
from tests.security.living import Living
from tests.security.walking import PLAIN, PLAUSIBLE, Field, every_form, plausible

RAN = "ran_7719"
BREAKS = [
    "", '">', "'>", "</textarea>", "</title>", "</script>", "</option></select>", "-->", "]]>", "\\", "\n",
    "\u202e",
]  # fmt: skip
VECTORS = [
    "<script>{0}</script>", "<img src=x onerror={0}>", "<svg onload={0}>", "<svg/onload={0}//",
    "<b onclick={0}>", "<details open ontoggle={0}>", "<video src=x onerror={0}>", "javascript:{0}",
    "<input autofocus onfocus={0}>", "<a href=javascript:{0}>x</a>", "<iframe src=javascript:{0}>",
    "<iframe srcdoc='<script>{0}</script>'>", "<object data=javascript:{0}>", "<base href=//x.example/>{0}",
    "<form action=javascript:{0}><button>", "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<style>@import'//x.example'</style>{0}", "<link rel=stylesheet href=//x.example>{0}",
    '" onfocus={0} autofocus x="', "' onmouseover={0} x='", "${{{0}}}", "{{% debug %}}{0}",
    "{{{{constructor.constructor('{0}')()}}}}", "&#60;script&#62;{0}&#60;/script&#62;",
    "\\u003cscript\\u003e{0}", "%3Cscript%3E{0}%3C/script%3E", "＜script＞{0}", "';{0}//", "`-{0}-`",
    "<scr<script>ipt>{0}</script>", "<math><mtext><img src=x onerror={0}>", "<svg><script href=data:,{0} />",
    "<template><script>{0}</script></template>", "<x style='animation:x' onanimationstart={0}>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>",
]  # fmt: skip
SCRIPTS = [before + vector.format(f"{RAN}()") for before, vector in itertools.product(BREAKS, VECTORS)][:400]
SIGNS = [
    "=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", '"=', "'=", ";=", ",=", "%0A=", "\ufeff=",
    "=+", "@@", "-=", "|",
]  # fmt: skip
SUMS = [
    "1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("//x.example";"x")', "IMPORTXML(A1)", "A1", "2*3",
    "DDE(\"cmd\";\"x\")", "WEBSERVICE(A1)", "1e9", "(1)", "0|x", "RAND()", "#REF!", "{1,2}",
]  # fmt: skip
FORMULAS = [sign + total for sign, total in itertools.product(SIGNS, SUMS)]
LONGEST = 120
SHORT = {"script": "<b x=1>", "formula": "=1+1"}
# Of what the walk fills with something that fits, these take words.
WORDS = {"handle", "handed_to", "serial", "version"}
COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TEXTS = (models.CharField, models.TextField, models.JSONField)
ADDRESSES = ("href", "src", "action", "formaction", "data")
NUMBER = re.compile(r"[+-]?[\d\s\u00a0\u202f.,]+%?")


class Texts:
    """Hands out one hostile text after the other, as long as a field takes."""

    def __init__(self, kind: str, every: list[str]):
        self.short, self.every = SHORT[kind], every
        self._unused = [one for one in every if len(one) <= LONGEST]
        self._again = itertools.cycle(every)

    @property
    def all_used(self) -> bool:
        return not self._unused

    def __call__(self, one: Field) -> str:
        if any(part in one.name for part in PLAUSIBLE.keys() - WORDS):
            return plausible(one)
        longest = one.longest or 60
        for text in self._unused:
            if len(text) <= longest:
                self._unused.remove(text)
                return text
        again = itertools.islice(self._again, len(self.every))
        return next((text for text in again if len(text) <= longest), self.short)


def type_into_every_form(living: Living, text: Callable[[Field], str], begin: list[str] = PLAIN) -> int:
    """Once through all forms of all pages; how many were taken."""
    taken = 0
    for client, _page, form in every_form(living.newcomers().values(), begin):
        answer = client.post(form.action, form.filled(text))
        assert answer.status_code < 500, form.action
        taken += answer.status_code == 302
    return taken


def holding(living: Living, needle: str) -> set[str]:
    """`Model.field` of every column where a text of ours is kept."""
    found = set()
    with acting(sites=[living.place.site.pk, living.other.site.pk]):
        for model in apps.get_app_config("scs").get_models():
            texts = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
            if not texts or "SELECT" not in model.GRANTS.get("scs_app", ""):
                continue
            for row in model.objects.values_list(*texts):
                told = zip(texts, row, strict=True)
                found |= {f"{model.__name__}.{name}" for name, value in told if needle in str(value)}
    return found


class Runs(HTMLParser):
    """What of a page would run: its handlers, its inline scripts, its script addresses."""

    def __init__(self, page: str):
        super().__init__()
        self.found, self._script = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        # A block of data is read by a script of ours, and runs nothing itself.
        self._script = tag == "script" and ("type", "application/json") not in attrs
        for name, value in attrs:
            value = (value or "").strip().lower()
            if name.startswith("on") or name in ("srcdoc", "style"):
                self.found.append((tag, name))
            elif name in ("href", "src", "action", "formaction", "data") and value.startswith(
                ("javascript:", "vbscript:")
            ):
                self.found.append((tag, name))
        if tag in ("base", "object", "iframe", "embed", "math"):
            self.found.append((tag, ""))

    def handle_data(self, data):
        if self._script and data.strip():
            self.found.append(("script", data[:40]))
        self._script = False


# --- Spreadsheets -------------------------------------------------------------------------
def formulas_in(body: bytes) -> list[str]:
    """Cells of a workbook or of a table of text that a spreadsheet would compute."""
    if body.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(body))
        return [
            str(cell.value)
            for sheet in book
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
    text = body.decode("utf-8-sig")
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    cells = itertools.chain.from_iterable(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return [cell for cell in cells if cell.startswith(COMPUTES) and not NUMBER.fullmatch(cell)]
