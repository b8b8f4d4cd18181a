"""Words and terms of the registers: confidentiality incidents, authorisations, training."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# An entry is kept at least this long after the incident was found out (A-2.1, r. 3.1).
KEPT_YEARS = 5
# A reason not to tell the persons yet is to be said again after so many days.
DEFERRED_DAYS = 30
SOON = timedelta(days=30)


class Sensitivity(TextChoices):
    """How sensitive what was touched is."""

    LOW = "low", _("Peu : aucune personne venue ici ne peut être reconnue.")
    MEDIUM = "medium", _("Moyennement : du personnel, ou un code qui ne sert qu’ici.")
    HIGH = "high", _("Très : quelqu’un peut apprendre qu’une personne est venue, ou ce qu’elle a pris.")


class Consequence(TextChoices):
    """What someone could suffer from it."""

    LEGAL = "legal", _("Être arrêté ou poursuivi")
    VIOLENCE = "violence", _("De la violence, dans le couple ou la rue")
    STIGMA = "stigma", _("Être jugé, mis à part, humilié")
    LIVING = "living", _("Perdre un logement, un emploi, la garde d’un enfant")
    AWAY = "away", _("Ne plus oser venir")
    FRAUD = "fraud", _("Fraude ou vol d’identité")


class Likelihood(TextChoices):
    """How likely it is that someone uses it to harm."""

    LOW = "low", _("Peu : chiffré, retrouvé tout de suite, ou reçu par quelqu’un tenu au secret.")
    MEDIUM = "medium", _("Peut-être : on ne sait pas qui l’a vu.")
    HIGH = "high", _("Beaucoup : pris exprès, ou vu par quelqu’un qui peut s’en servir.")


class Paper(TextChoices):
    """What lets a site work."""

    FEDERAL = "federal", _("Exemption fédérale (article 56.1)")
    URGENT = "urgent", _("Exemption fédérale de groupe (besoin urgent)")
    PROVINCIAL = "provincial", _("Autorisation du ministre (Québec)")
    AGREEMENT = "agreement", _("Entente avec la région")
    OTHER = "other", _("Autre autorisation")


# Days before the end at which one is reminded, each time more pressingly. A four-year authorisation takes a
# year to renew.
WARNED = {Paper.PROVINCIAL: (365, 180, 90, 30, 7)}
WARNED_OTHERWISE = (90, 30, 7)


class Rhythm(TextChoices):
    """How often somebody looks whether a condition is kept."""

    MONTH = "month", _("chaque mois")
    QUARTER = "quarter", _("aux trois mois")
    HALF = "half", _("aux six mois")
    YEAR = "year", _("chaque année")


MONTHS = {Rhythm.MONTH: 1, Rhythm.QUARTER: 3, Rhythm.HALF: 6, Rhythm.YEAR: 12}


class Course(TextChoices):
    """What people who work here are trained in."""

    NALOXONE = "naloxone", _("naloxone")
    CPR = "cpr", _("réanimation (RCR)")
    FIRST_AID = "first_aid", _("premiers soins")
    OVERDOSE = "overdose", _("réponse à une surdose")
    PRIVACY = "privacy", _("protection des renseignements")
    SHARPS = "sharps", _("matériel souillé et piqûres")
    CRISIS = "crisis", _("désescalade")
    FIRE = "fire", _("incendie et évacuation")


class Standing(TextChoices):
    """Where one person stands with one course."""

    HELD = "held", _("à jour")
    SOON = "soon", _("à renouveler bientôt")
    OVER = "over", _("échue")
    NEVER = "never", _("pas encore suivie")
