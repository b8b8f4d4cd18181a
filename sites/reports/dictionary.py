"""The data dictionary: every number as it is declared, and what its other versions would have counted."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.indicators.declaring import AtMost, Indicator
from sites.indicators.registry import PROPOSED, REGISTRY, VERSIONS, shown
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.reports.categories import category_names
from sites.reports.words import unit_words

PAGE = {"page": "reports"}


@dataclass(frozen=True)
class Entry:
    """One number, in the language of the reader."""

    code: str
    label: str
    definition: str
    population: str
    excluded: str
    unit: str
    clock: str
    additive: bool
    versions: list[Indicator]
    proposed: list[Indicator]
    categories: list[str]
    overlapping: bool
    made_of: list[str]
    rules: list[str]
    maps: list[tuple[str, str, str]]


@require_safe
@staff_may(Permission.SIGNED_IN, site=False)
def dictionary(request):
    return render(request, "reports/dictionary.html", PAGE | {"entries": [entry(i) for i in shown()]})


def entry(indicator: Indicator) -> Entry:
    language = get_language() or "fr"
    maps = indicator.maps
    return Entry(
        code=indicator.code,
        label=indicator.label(language),
        definition=indicator.definition(language),
        population=indicator.population.counted(language),
        excluded=indicator.population.left_out(language),
        unit=unit_words(indicator.unit) or _("nombre"),
        clock=_("mois de calendrier") if indicator.clock == "calendar" else _("jour de service"),
        additive=indicator.additive,
        versions=VERSIONS[indicator.code],
        proposed=PROPOSED.get(indicator.code, []),
        categories=list(dict.fromkeys(category_names(indicator.code).values())),
        overlapping=bool(indicator.overlapping),
        made_of=list(indicator.over.sources) if indicator.over else [],
        rules=[rule_words(rule, language) for rule in indicator.plausible],
        maps=[
            (name, told, language)
            for name, told, language in (
                (_("Santé Canada"), maps.hc, "en"),
                ("CTS (Ontario)", maps.cts, "en"),
                ("DRSP", maps.drsp, "fr"),
            )
            if told
        ],
    )


def rule_words(rule, language: str) -> str:
    if isinstance(rule, AtMost):
        other = REGISTRY[rule.code]
        name = rule.code if other.internal else other.label(language)
        if rule.times > 1:
            return _("au plus %(n)s fois « %(name)s »") % {"n": rule.times, "name": name}
        return _("au plus « %(name)s »") % {"name": name}
    return _("de %(low)s à %(high)s") % {"low": rule.low, "high": rule.high}
