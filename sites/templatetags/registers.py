"""The registers as pages list them, and what they ask, where a manager looks first."""

from django import template
from django.utils.translation import gettext_lazy as _

from sites.people.terms import Permission
from sites.registers.reminders import reminders, training_words
from sites.registers.training import due

register = template.Library()
# URL name, words, hint, permission, whether it is kept by site.
EVERY = [
    (
        "confidentiality-incidents", _("Incidents de confidentialité"),
        _("Ce qui a été vu, pris ou perdu sans droit : les huit points du règlement, les avis donnés."),
        Permission.READ_REGISTERS, True,
    ),
    (
        "authorisations", _("Autorisations et conditions"),
        _("L’exemption, l’autorisation de la province, les ententes : jusqu’à quand, à quelles conditions."),
        Permission.READ_REGISTERS, True,
    ),
    ("training", _("Formation"), _("Qui a suivi quoi, jusqu’à quand."), Permission.READ_REGISTERS, True),
    (
        "disclosures", _("Communications"), _("Tout ce qui a été remis à quelqu’un, pourquoi, par qui."),
        Permission.READ_REGISTERS, False,
    ),
    (
        "register", _("Anonymisation"), _("Ce qui est anonymisé, comment, et l’analyse signée chaque année."),
        Permission.READ_REGISTERS, False,
    ),
    (
        "erasures", _("Demandes d’effacement"),
        _("Ce que des personnes ont demandé d’effacer, par leur code, et si c’est fait."),
        Permission.READ_REGISTERS, True,
    ),
    (
        "certificates", _("Certificats de destruction"),
        _("Ce qui a été détruit, quand, par quelle règle; signé, sans dire de qui."),
        Permission.READ_REGISTERS, False,
    ),
    (
        "oversight", _("Piste de vérification"), _("Qui a regardé, changé ou sorti quoi."),
        Permission.READ_TRAIL, False,
    ),
]  # fmt: skip
NEIGHBOURS = 3


@register.simple_tag(takes_context=True)
def every_register(context) -> list[dict]:
    """[{"name", "words", "hint"}]: the registers that this person may open here."""
    may, site = context.get("may", ()), context.get("site")
    return [
        {"name": name, "words": words, "hint": hint}
        for name, words, hint, permission, by_site in EVERY
        if permission.value in may and (site or not by_site)
    ]


@register.simple_tag(takes_context=True)
def register_pages(context) -> list[dict]:
    """[{"name", "words", "is_here"}]: all registers on one page, and those kept here."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    pages = [("registers", _("Registres"))]
    if context.get("site"):
        pages += [(name, words) for name, words, *_more in EVERY[:NEIGHBOURS]]
    return [{"name": name, "words": words, "is_here": name == here} for name, words in pages]


@register.simple_tag(takes_context=True)
def register_reminders(context) -> list:
    """What the registers ask of who may do something about it."""
    if context.get("site") is None or Permission.KEEP_REGISTERS.value not in context.get("may", ()):
        return []
    return reminders(context["site"])


@register.simple_tag
def training_due(site) -> list[str]:
    """One line a course, for whoever takes the shift: how many people, no names."""
    return [training_words(one) for one in due(site)]
