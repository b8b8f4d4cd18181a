"""A fit in words: what is seen, never why."""

from django.utils.translation import gettext as _

from sites.association.terms import Term


def finding(found: dict) -> str:
    """One sentence: whether the days after differ from what the trend before would have led to."""
    low, high = found["level"][1:]
    slope_low, slope_high = found["slope"][1:]
    if low > 1:
        return _("Tout de suite après, le taux est plus haut que la tendance d’avant ne le donnait.")
    if high < 1:
        return _("Tout de suite après, le taux est plus bas que la tendance d’avant ne le donnait.")
    if slope_low > 1:
        return _("Le taux monte plus vite, ou descend moins vite, après qu’avant.")
    if slope_high < 1:
        return _("Le taux monte moins vite, ou descend plus vite, après qu’avant.")
    return _("Les jours d’après ne se distinguent pas de la tendance d’avant.")


def terms_told(found: dict) -> str:
    """What is told apart besides level and slope, as a list; empty when nothing is."""
    return ", ".join(str(Term(code).label) for code in found["terms"])
