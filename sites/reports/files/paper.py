"""The inside report on paper: one language, the mark « INTERNE » on each page, the same bytes each time."""

from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.indicators.terms import Value
from sites.keyring.signing import fingerprint
from sites.paper.typeset import typeset
from sites.places.queries import local
from sites.reports.sheet import Sheet, status_words
from sites.templatetags.scs import number

TEMPLATE = Path(__file__).parent / "report.typ"


def pdf(sheet: Sheet) -> bytes:
    report = sheet.report
    cutoff = report.data_cutoff
    told = {
        "lang": "en" if (get_language() or "fr").startswith("en") else "fr",
        "date": [cutoff.year, cutoff.month, cutoff.day],
        "title": f"{sheet.site.name} · {sheet.name}",
        "site": sheet.site.name,
        "name": sheet.name,
        "mark": _("INTERNE – ne pas diffuser"),
        "status": status_words(report),
        "cutoff": _("Données arrêtées le %(at)s")
        % {"at": date_format(local(sheet.site, cutoff), "SHORT_DATETIME_FORMAT")},
        "page": _("page"),
        "keys": [
            {"label": line.label, "value": _told(line.value, line.unit), "before": _told(line.before)}
            for line in sheet.keys
        ],
        "before": sheet.before_name,
        "parts": _parts(sheet),
        "numbers": {
            "title": _("Tous les nombres"),
            "heads": [_("Mesure"), _("Nombre"), _("Période d’avant")],
            "rows": [
                [
                    line.category or line.label,
                    _told(line.value, line.unit),
                    _told(line.before),
                    not line.category,
                ]
                for line in sheet.lines
            ],
        },
        "changes": {
            "title": _("Changé depuis la version précédente"),
            "heads": [_("Mesure"), _("Avant"), _("Après")],
            "rows": [
                [f"{c.label} · {c.category}" if c.category else c.label, _told(c.old), _told(c.new)]
                for c in sheet.changes
            ],
        },
        "proof": _proof(sheet),
    }
    return typeset(TEMPLATE, told, cutoff)


def _told(value: Value, unit: str = "") -> str:
    return number(value) if value is None or not unit else f"{number(value)} {unit}"


def _parts(sheet: Sheet) -> dict:
    rows = []
    for first, last, values in sheet.part_rows:
        ends = dict.fromkeys(date_format(day, "j M") for day in (first, last))
        rows.append([" – ".join(ends), *[_told(value) for value in values]])
    return {"title": _("Jour par jour"), "heads": [_("Jours"), *sheet.part_names], "rows": rows}


def _proof(sheet: Sheet) -> list[str]:
    report = sheet.report
    lines = [
        _(
            "Chiffres exacts, pour l’interne seulement. Une surdose est dite présumée : le service observe, "
            "il ne pose pas de diagnostic."
        ),
        f"SHA-256 {report.sha256}",
    ]  # fmt: skip
    if report.signature:
        lines.append(_("Signé avec la clé %(key)s") % {"key": fingerprint(report.public_key)})
    return lines
