"""Words of what is offered and of what goes wrong (domain.md §2.1, §7.2)."""

# Health Canada counts what is done here apart from referrals, on site or elsewhere (domain.md §2.1).
HERE, CONNECTED, ELSEWHERE = "in_scs", "connected_onsite", "offsite"
WOUND = "wound"

# A strip answers for one thing: it never says what a sample is made of.
STRIP_TARGETS = {
    "strip_fentanyl": "fentanyl",
    "strip_benzodiazepine": "benzodiazepine",
    "strip_nitazene": "nitazene",
    "strip_xylazine": "xylazine",
    "strip_medetomidine": "medetomidine",
}
NOT_TOLD = {"unknown", "declined"}

SUSPENDED, LEAVE_TODAY = "suspended", "leave_today"
KEEPS_AWAY = (SUSPENDED, LEAVE_TODAY)

# Days an alert about someone lasts when nobody says, and at most.
ALERT_LASTS, ALERT_LASTS_AT_MOST = 30, 180

DEATH = "death"

FOUND, HANDED_OVER, DESTROYED = "found", "handed_over", "destroyed"
GONE = (HANDED_OVER, DESTROYED)


def is_unexpected(expected: list[str], detected: list[str]) -> bool | None:
    """Whether something was found that nobody expected; None when nobody said what was."""
    told = set(expected) - NOT_TOLD
    return bool(set(detected) - told) if told else None
