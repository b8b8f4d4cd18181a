"""Why a record is not applied. A service raises one of these; nothing of its work is kept."""

import uuid

from sites.records.terms import Status


class NotApplied(Exception):
    status: Status

    def __init__(self, code: str, message, field: str = "__all__"):
        super().__init__(code)
        self.errors = {field: [{"code": code, "message": str(message)}]}

    @classmethod
    def because(cls, errors: dict):
        """Refused for these errors, {field: [{"code", "message"}]}."""
        refusal = cls("errors", "")
        refusal.errors = errors
        return refusal


class Conflict(NotApplied):
    """True to itself, but against what is known: kept for a person."""

    status = Status.CONFLICT


class Invalid(NotApplied):
    status = Status.INVALID


class Quarantined(NotApplied):
    status = Status.QUARANTINED


class Held(Exception):
    """Speaks of a visit, event, lot or record that is not here yet: applied when it comes."""

    status = Status.HELD

    def __init__(self, waits_for: uuid.UUID):
        super().__init__(str(waits_for))
        self.waits_for = waits_for
