"""Words of the overdose record (domain.md §3). Everything is suspected, never confirmed."""

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
AVPU = ("avpu_a", "avpu_v", "avpu_p", "avpu_u")
OUTSIDE = {"entrance", "perimeter", "outreach"}
SITE_GIVERS = {"staff_nurse", "staff_other", "peer_worker"}
ALIVE = {"recov", "recov_decl_ems", "ems_on_site", "transport", "transfer_int"}
DIED_ON_SITE = "death_site"
VENTILATION = {"rescue_breaths", "bvm"}
OXYGEN = "oxygen_start"
RESPONSE = {"stimulation", "airway", OXYGEN} | VENTILATION


def event_class(presentation: str) -> EventClass:
    if not presentation:
        return EventClass.OPEN
    if presentation in OVERDOSE_SET:
        return EventClass.OVERDOSE
    return EventClass.DRUG_EMERGENCY if presentation == STIMULANT else EventClass.MEDICAL
