"""What is odd about something, in one line, and what stands beside it."""

from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sites.codes.queries import label
from sites.indicators.registry import REGISTRY
from sites.naloxone.models import Product
from sites.naloxone.terms import Move
from sites.overdoses.timeline import measure_words
from sites.review.terms import K
from sites.templatetags.scs import number, signed_units, spell


def odd_words(kind: str, rule: str, said: dict) -> tuple[str, str]:
    """(what is odd, more about it)."""
    if kind == K.IMPLAUSIBLE:
        return OF_RULE[rule](said)
    return OF_KIND[kind](said)


def _below_zero(said: dict) -> tuple[str, str]:
    product = Product.objects.filter(code=said["product"]).first()
    name = " · ".join(filter(None, [product.name if product else said["product"], said["lot"]]))
    told = {"move": Move(said["move"]).label, "moved": signed_units(said["moved"])}
    return (
        _("%(name)s : %(units)s") % {"name": name, "units": signed_units(said["units"])},
        _("Passé sous zéro par ce mouvement : %(move)s (%(moved)s).") % told,
    )


def _clock(said: dict) -> tuple[str, str]:
    off = said["minutes"]
    span = {"span": spell(abs(off))}
    if off > 0:
        words = _("Tablette en avance de %(span)s") % span
    elif off < 0:
        words = _("Tablette en retard de %(span)s") % span
    else:
        words = _("Tablette dont l’horloge a été changée entre-temps")
    return words, _records(said["n"])


def _backdated(said: dict) -> tuple[str, str]:
    words = _("Notées jusqu’à %(span)s après les faits") % {"span": spell(said["hours"] * 60)}
    people = ngettext("par %(n)s personne", "par %(n)s personnes", said["people"])
    return words, f"{_records(said['n'])} {people % {'n': said['people']}}"


def _records(n: int) -> str:
    return ngettext("%(n)s saisie", "%(n)s saisies", n) % {"n": n}


def _visit_long(said: dict) -> tuple[str, str]:
    return _("Visite de %(span)s") % {"span": spell(said["minutes"])}, ""


def _visit_short(said: dict) -> tuple[str, str]:
    return _("Visite fermée aussitôt ouverte"), ""


def _age(said: dict) -> tuple[str, str]:
    told = {"age": label("age_band", said["age"]), "before": label("age_band", said["before"])}
    return _("Âge : %(age)s, la fois d’avant : %(before)s") % told, ""


def _turned_away(said: dict) -> tuple[str, str]:
    return _("Refus à l’entrée : %(n)s personnes d’un coup") % {"n": number(said["n"])}, ""


def _doses(said: dict) -> tuple[str, str]:
    told = {"n": said["n"], "mg": number(Decimal(said["mg"]))}
    return _("%(n)s doses de naloxone, %(mg)s mg donnés par le site") % told, ""


def _measure(said: dict) -> tuple[str, str]:
    return measure_words(said["measure"], Decimal(said["value"])), ""


def _two_events(said: dict) -> tuple[str, str]:
    words = _("Deux surdoses présumées à %(n)s s l’une de l’autre") % {"n": said["seconds"]}
    return words, _("une seule, notée sur deux tablettes?")


def _kits(said: dict) -> tuple[str, str]:
    return _("%(n)s trousses ou doses remises d’un coup") % {"n": number(said["n"])}, ""


def _items(said: dict) -> tuple[str, str]:
    told = {"n": number(said["n"]), "item": label("supply", said["item"])}
    return _("%(n)s × %(item)s à une personne") % told, ""


def _number(said: dict) -> tuple[str, str]:
    low, high, value = (number(Decimal(said[name])) for name in ("low", "high", "value"))
    known = REGISTRY.get(said["code"])
    name = known.label(get_language() or "fr") if known else said["code"]
    words = _("%(name)s du jour : %(value)s") % {"name": name, "value": value}
    return words, _("attendu de %(low)s à %(high)s") % {"low": low, "high": high}


OF_KIND = {K.BELOW_ZERO: _below_zero, K.CLOCK: _clock, K.BACKDATED: _backdated}
OF_RULE = {
    "visit_long": _visit_long,
    "visit_short": _visit_short,
    "age": _age,
    "turned_away": _turned_away,
    "doses": _doses,
    "measure": _measure,
    "two_events": _two_events,
    "kits": _kits,
    "items": _items,
    "number": _number,
}
