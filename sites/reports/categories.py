"""What a category is called, in the language in force."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.codes.queries import values
from sites.indicators.registry import REGISTRY
from sites.indicators.terms import HOUR_BANDS, LOSSES
from sites.naloxone.products import products
from sites.naloxone.terms import Move
from sites.reports.words import band_name


def category_names(code: str) -> dict[str, str]:
    """category → name of an indicator, in the order of its breakdowns."""
    names: dict[str, str] = {}
    for breakdown in REGISTRY[code].breakdowns:
        names |= NAMES[breakdown]() if breakdown in NAMES else _dated(breakdown)
    return names


def _dated(list_name: str) -> dict[str, str]:
    language = get_language() or "fr"
    return {code: value.label(language) for code, value in values(list_name).items()}


def _bands() -> dict[str, str]:
    return {code: band_name(code) for code in HOUR_BANDS}


def _products() -> dict[str, str]:
    return {product.code: product.name for product in products()}


def _groups() -> dict[str, str]:
    return {
        "opioid": _("opioïdes"),
        "stimulant": _("stimulants"),
        "depressant": _("dépresseurs"),
        "dissociative": _("dissociatifs"),
        "psychedelic": _("psychédéliques"),
        "cannabis": _("cannabis"),
        "unknown": _("ne sait pas ou ne dit pas"),
    }


def _mixes() -> dict[str, str]:
    return {
        "opioid_only": _("opioïde, sans stimulant"),
        "stimulant_only": _("stimulant, sans opioïde"),
        "opioid_and_stimulant": _("opioïde et stimulant"),
        "other": _("autre ou non déclarée"),
    }


def _open_kinds() -> dict[str, str]:
    return {"visit": _("visites"), "event": _("événements"), "record": _("saisies")}


def _losses() -> dict[str, str]:
    return {code: str(Move(code).label) for code in LOSSES}


NAMES = {
    "loss": _losses,
    "hour_band": _bands,
    "product": _products,
    "substance_group": _groups,
    "substance_mix": _mixes,
    "open_kind": _open_kinds,
}
