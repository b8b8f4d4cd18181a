from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """What became of a record. All but `duplicate` are stored."""

    CREATED = "created", _("noté")
    DUPLICATE = "duplicate", _("déjà noté")
    CONFLICT = "conflict", _("en conflit")
    HELD = "held", _("en attente d’une autre saisie")
    INVALID = "invalid", _("à corriger")
    QUARANTINED = "quarantined", _("mis de côté")


CLOCK_TOLERANCE_S = 120
MAX_RECORDS = 500
MAX_BODY_BYTES = 1024 * 1024
CLOCK_FLAG = "clock_ahead"  # came without an age, and from the future
SKEW_FLAG = "clock_skew"  # its age told the time; the tablet's own clock was off
UNSURE_FLAG = "clock_unsure"  # the tablet's clock was set again in between: as the tablet wrote it
TO_CONFIRM_FLAG = "to_confirm"
NO_LOT_FLAG = "no_lot"
PAPER_FLAG = "paper"  # copied from a paper sheet: happened at its own time, typed afterwards
IMPORT_FLAG = "import"  # from a register that was kept elsewhere; `device` names the import
CORRECTED, VOIDED = "record.corrected", "record.voided"
CHANGES = (CORRECTED, VOIDED)
# Names of the fields in which people type what they like; filled as the record kinds are registered.
FREE_TEXT: set[str] = set()
# In place of a kind: a sealed record that does not open.
SEALED = "sealed"
