"""Relations between indicators that follow from their definitions: what the gate must reckon with (R9).

Each holds at one instant, for one site and any span of service days. See docs/releases.md for why, and for
the pairs that look related and are not.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class AtMost:
    """left ≤ times · right: a subset, or at most so many per event."""

    left: str
    right: str
    times: int = 1


# The same events, cut differently: their totals are equal. The first one names them.
SAME_EVENTS = (("visits", "visits_by_substance", "visits_by_age"),)
AT_MOST = (
    # A visit is an arrival that took a booth or consumed; so is one with an emergency, whatever became of it.
    AtMost("visits", "arrivals"),
    AtMost("visits_with_emergency", "arrivals"),
    # Each such overdose had at least one dose by the site, and doses are counted at any event.
    AtMost("od_naloxone_staff", "naloxone_doses_staff"),
)


def events_of(indicator: str) -> str:
    """The name of the events that an indicator counts."""
    return next((same[0] for same in SAME_EVENTS if indicator in same), indicator)


def family(indicator: str, present: frozenset[str]) -> frozenset[str]:
    """Every indicator, of those present, that relations tie to this one, itself included."""
    known = {indicator}
    while True:
        events = {events_of(one) for one in known}
        tied = {
            side for pair in AT_MOST if events & {pair.left, pair.right} for side in (pair.left, pair.right)
        }
        more = known | {one for one in present if events_of(one) in events | tied}
        if more == known:
            return frozenset(known)
        known = more
