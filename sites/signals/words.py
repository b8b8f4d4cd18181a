"""A signal in words: for the page, and for a message that leaves, which holds no count."""

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.places.queries import local
from sites.signals.models import Signal, SignalFinding
from sites.signals.terms import Method, Subject


def said(finding: SignalFinding) -> str:
    """What was seen and what was expected, in one sentence without jargon."""
    told = finding.parameters
    seen, usual = _number(finding.observed), _number(finding.expected)
    if finding.method == Method.ROLLING_24H:
        words = _(
            "%(seen)s surdoses présumées en 24 heures; seuil du site : %(threshold)s, habituel par jour : "
            "%(usual)s."
        )
        return words % {"seen": seen, "usual": usual, "threshold": told["threshold"]}
    if finding.method == Method.CLUSTER_2H:
        return _("%(seen)s surdoses présumées en 2 heures; signalé à partir de %(limit)s.") % {
            "seen": seen,
            "limit": told["limit"],
        }
    if finding.method in (Method.GAPS_2X, Method.GAPS_3X):
        words = _(
            "%(seen)s surdoses présumées de suite en moins de temps que d’habitude : %(usual)s étaient "
            "attendues."
        )
        return words % {"seen": seen, "usual": usual}
    if finding.method == Method.FARRINGTON:
        words = _(
            "%(seen)s surdoses présumées dans la semaine; attendu d’après %(years)s ans : %(usual)s, signalé "
            "au-delà de %(limit)s."
        )
        return words % {"seen": seen, "usual": usual, "years": told["years"], "limit": told["limit"]}
    if finding.method == Method.DOSES:
        return _("%(seen)s doses par surdose présumée sur 7 jours; habituel : %(usual)s.") % {
            "seen": seen, "usual": usual,
        }  # fmt: skip
    if finding.method == Method.SEDATION:
        shares = {"seen": round(100 * finding.observed), "usual": round(100 * finding.expected)}
        return (
            _("Sédation prolongée : %(seen)s %% des surdoses présumées sur 7 jours; habituel : %(usual)s %%.")
            % shares
        )
    return _("Observé : %(seen)s. Attendu : %(usual)s.") % {"seen": seen, "usual": usual}


def _number(value: float) -> str:
    """To one decimal, as each language writes it."""
    english = (get_language() or "fr").startswith("en")
    return format_decimal(round(value, 1), format="#,##0.#", locale="en_CA" if english else "fr_CA")


def how_wrong(finding: SignalFinding) -> str:
    """Its false alarms on the site's own last year; what was real among them is not known."""
    if finding.watched_days < 28:
        return _("Pas encore un mois d’historique pour dire combien de fausses alarmes.")
    counted = ngettext(
        "%(n)s signal de cette méthode dans les %(days)s jours d’avant, au plus autant de fausses alarmes",
        "%(n)s signaux de cette méthode dans les %(days)s jours d’avant, au plus autant de fausses alarmes",
        finding.false_alarms,
    ) % {"n": finding.false_alarms, "days": finding.watched_days}
    rate = finding.false_alarms / (finding.watched_days / 30.4)
    return _("%(counted)s (%(rate)s par mois).") % {"counted": counted, "rate": _number(rate)}


def draft(signal: Signal, site: Site, language: str) -> str:
    """The text proposed for the regional team: what is unusual, since when, by what rule. No count."""
    with override(language):
        locale = "en_CA" if language == "en" else "fr_CA"
        day = format_date(local(site, signal.since).date(), "yyyy-MM-dd", locale=locale)
        what = str(Subject(signal.subject).label)
        methods = ", ".join(str(Method(found.method).label) for found in signal.findings.all())
        return _(
            "%(site)s, %(region)s. %(what)s, depuis le %(day)s. Méthodes du signal : %(methods)s. "
            "Ce message ne donne aucun chiffre; les surdoses sont présumées et rien n’en dit la cause. "
            "Nous demandons si d’autres services voient la même chose."
        ) % {"site": site.name, "region": site.region.name, "what": what, "day": day, "methods": methods}
