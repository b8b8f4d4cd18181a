"""Words of the overdose record (domain.md §3). Everything is suspected, never confirmed."""

from decimal import Decimal

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class EventClass(TextChoices):
    OPEN = "", _("pas encore fermé")
    OVERDOSE = "overdose", _("surdose présumée")
    DRUG_EMERGENCY = "drug_emergency_other", _("autre urgence liée aux drogues")
    MEDICAL = "medical_other", _("autre urgence médicale")


class Severity(IntegerChoices):
    """Derived from the steps, never typed (domain.md §3.4)."""

    MONITORED = 0, _("surveillance seulement")
    STIMULATION = 1, _("stimulation ou position")
    OXYGEN = 2, _("oxygène")
    VENTILATION = 3, _("ventilation assistée")
    ONE_DOSE = 4, _("une dose de naloxone")
    MORE_DOSES = 5, _("deux doses ou plus, ou nouvelle sédation")
    CPR = 6, _("réanimation")


OVERDOSE_SET = {
    "opioid_resp_depression",
    "sedative_prolonged",
    "mixed",
    "alcohol",
    "ghb",
    "unknown_drug",
}
STIMULANT = "stimulant_toxicity"
# How awake someone is, told in words rather than on a scale of numbers.
AVPU = {
    "avpu_u": _("aucun"),
    "avpu_p": _("à la douleur"),
    "avpu_v": _("à la voix"),
    "avpu_a": _("éveillée"),
}
CALLED, CANCELLED, NOT_CALLED = "called", "cancelled", "not_called"
CALLS = {
    CALLED: _("911 appelé"),
    CANCELLED: _("911 annulé"),
    NOT_CALLED: _("911 pas appelé"),
}
RECOVERY_POSITION, STOPPED, RESEDATION = "position", "stop", "resedation"
# Outside of these a value is kept all the same, marked « à confirmer » (domain.md §7.1).
PLAUSIBLE: dict[str, tuple[Decimal | int, Decimal | int]] = {
    "spo2": (40, 100),
    "rr": (0, 60),
    "hr": (20, 250),
    "gcs": (3, 15),
    "glucose": (Decimal("0.5"), 40),
    "temp": (25, 43),
}
LIKELY = {
    "spo2": (70, 75, 80, 84, 86, 88, 90, 92, 94, 96, 98, 100),
    "rr": (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24),
}
# The response is over; the four answers may wait until the end of the shift.
RESPONSE_END = "response_end"
UNKNOWN_PLACE = "other_indoor"
GIVER_OF_ROLE = {"nurse": "staff_nurse", "peer": "peer_worker"}
OTHER_STAFF = "staff_other"
DIED_ON_SITE = "death_site"
DEATHS = {DIED_ON_SITE, "death_later"}
OUTSIDE = {"entrance", "perimeter", "outreach"}
SITE_GIVERS = {"staff_nurse", "staff_other", "peer_worker"}
ALIVE = {"recov", "recov_decl_ems", "ems_on_site", "transport", "transfer_int"}
VENTILATION = {"rescue_breaths", "bvm"}
OXYGEN = "oxygen_start"
RESPONSE = {"stimulation", "airway", OXYGEN} | VENTILATION


def odd(measure: str, value: Decimal | int | None) -> bool:
    """A measure to read again; never one to refuse."""
    low, high = PLAUSIBLE.get(measure, (0, 9999))
    return value is not None and not low <= value <= high


def event_class(presentation: str) -> EventClass:
    if not presentation:
        return EventClass.OPEN
    if presentation in OVERDOSE_SET:
        return EventClass.OVERDOSE
    return EventClass.DRUG_EMERGENCY if presentation == STIMULANT else EventClass.MEDICAL
