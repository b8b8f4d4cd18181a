"""Whether events became harder: doses per event, share of prolonged sedation (the mark of medetomidine or
xylazine, which naloxone does not reverse).
"""

from collections.abc import Sequence

from sites.signals.methods.ears import Tail
from sites.signals.methods.tails import HALF, binomial_tail, predictive_tail

RECENT_DAYS = 7
FEWEST_EVENTS, FEWEST_PROLONGED = 5, 3


def doses_per_event(
    events: Sequence[int], doses: Sequence[int], recent: int, spread: float = 1.0
) -> Tail | None:
    """Doses of the last `recent` days against those before, an event each; None with too few events."""
    seen = sum(events[-recent:])
    before, given = sum(events[:-recent]), sum(doses[:-recent])
    if seen < FEWEST_EVENTS or before < 2 * FEWEST_EVENTS:
        return None
    observed = sum(doses[-recent:])
    p = predictive_tail(observed, seen, given, before, spread)
    return Tail(observed / seen, given / before, p)


def prolonged_share(events: Sequence[int], prolonged: Sequence[int], recent: int) -> Tail | None:
    """Share of events with prolonged sedation, likewise."""
    seen, before = sum(events[-recent:]), sum(events[:-recent])
    observed = sum(prolonged[-recent:])
    if seen < FEWEST_EVENTS or observed < FEWEST_PROLONGED or before < 2 * FEWEST_EVENTS:
        return None
    usual = (sum(prolonged[:-recent]) + HALF) / (before + 1)
    return Tail(observed / seen, usual, binomial_tail(observed, seen, usual))
