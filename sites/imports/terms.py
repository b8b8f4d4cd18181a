from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where an import stands. Nothing is written before `writing`."""

    MAPPING = "mapping", _("colonnes à dire")
    CHECKING = "checking", _("essai à blanc en cours")
    CHECKED = "checked", _("essayé; rien n’est écrit")
    WRITING = "writing", _("importation en cours")
    DONE = "done", _("importé")
    UNDOING = "undoing", _("annulation en cours")
    UNDONE = "undone", _("annulé en entier")
    DROPPED = "dropped", _("abandonné")


# What the worker goes on with.
RUNNING = (State.CHECKING, State.WRITING, State.UNDOING)
# What still has a file to read, and may be mapped anew.
OPEN = (State.MAPPING, State.CHECKED)

MAX_MIB = 8
MAX_BYTES = MAX_MIB * 1024 * 1024
# What a workbook may unfold to: it is a compressed archive.
MAX_UNFOLDED_MIB = 48
MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_CELL = 400
# Values of one column to give a meaning to, and of all columns together (one field each on the page).
MAX_VALUES, MAX_VALUES_IN_ALL = 60, 350
ROWS_A_BATCH = 50
MAX_PROBLEMS = 5_000

# The file is kept sealed until this long after it came, or after it was written.
KEPT_UNUSED = timedelta(hours=72)
KEPT_AFTER = timedelta(hours=24)


class Notice(TextChoices):
    """What was decided while reading, counted and said; no row is refused for it."""

    HOUR_TWICE = (
        "hour_twice",
        _("heure qui vient deux fois, la nuit du changement d’heure : la première est prise"),
    )
    NO_TIME = "no_time", _("ligne sans heure : comptée dans son jour de service, sans heure à elle")
    NO_DEPARTURE = "no_departure", _("visite sans départ : fermée à sa dernière heure connue, sans durée")
    NO_SEAT_TIME = "no_seat_time", _("place sans heure : la consommation est gardée, la place ne l’est pas")
    NOTHING = "nothing", _("ligne qui ne dit rien à importer : passée")


DAY_FIRST, MONTH_FIRST = "dmy", "mdy"
DATE_ORDERS = [(DAY_FIRST, _("jour/mois/année")), (MONTH_FIRST, _("mois/jour/année"))]
CALENDAR_NIGHT, SERVICE_NIGHT = "calendar", "service"
NIGHTS = [
    (CALENDAR_NIGHT, _("la date du calendrier : 1 h du matin est écrit au lendemain")),
    (SERVICE_NIGHT, _("la date du quart : 1 h du matin est écrit au jour où le quart a commencé")),
]
USED, CAME = "used", "came"
UNDECLARED = [
    (USED, _("une visite : la personne a consommé, on ne sait pas quoi")),
    (CAME, _("une arrivée seulement")),
]
