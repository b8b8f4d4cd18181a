"""The room as a tablet draws it: places and clocks; words and substances only for who has unlocked it.

Times are told, never minutes: the tablet counts those itself, and nothing here changes by waiting.
"""

from datetime import date, datetime

from sites.logbook.suspensions import away_until
from sites.overdoses.models import OverdoseEvent
from sites.signals.models import SupplyWarning
from sites.tablet.board import Board, Guest
from sites.visits.queries import Named


def room_of(board: Board, *, unlocked: bool) -> dict:
    """{"as_of", "visits", "booths", "events", "stock"}: see docs/tablet.md. Times are RFC 3339."""
    resting = {guest.visit.pk: guest for guest in board.aftercare}
    everyone = [guest.named for guest in board.waiting]
    everyone += [place.guest.named for place in board.places if place.guest]
    everyone += [guest.named for guest in board.aftercare] + board.left
    away = away_until(board.site) if unlocked else {}
    return {
        "as_of": board.as_of.isoformat(),
        "visits": [_visit(named, resting.get(named.visit.pk), unlocked, away) for named in everyone],
        "booths": [
            {
                "booth": place.booth.label,
                "out": place.booth.out_since is not None,
                "out_reason": place.booth.out_reason,
                "freed_at": _told(place.booth.freed_at),
            }
            for place in board.places
        ],
        "events": [_event(event) for event in [*board.events, *board.unfinished]],
        "stock": [
            {"name": stock.name, "units": stock.units, "low": stock.low, "within": stock.within}
            for stock in board.stocks
        ],
        "warnings": [_warning(warning) for warning in board.warnings],
    }


def _told(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _event(event: OverdoseEvent) -> dict:
    """`ended` when the response is over and its answers are still to give."""
    return {
        "event": str(event.ref),
        "location": event.location,
        "booth": event.booth,
        "opened_at": _told(event.opened_at),
        "ended": event.ended_at is not None,
        "visit": str(event.visit_ref) if event.visit_ref else None,
    }


def _warning(warning: SupplyWarning) -> dict:
    return {
        "id": warning.pk,
        "text_fr": warning.text_fr,
        "text_en": warning.text_en,
        "ends_on": warning.ends_on.isoformat(),
    }


def _visit(named: Named, resting: Guest | None, unlocked: bool, away: dict[int, date]) -> dict:
    visit = named.visit
    row = {
        "visit": str(visit.ref),
        "state": visit.state,
        "booth": visit.booth.label if visit.booth else None,
        "since": _told(visit.since),
        "arrived_at": _told(visit.arrived_at),
        "checked_at": _told(visit.checked_at),
        "observe_until": _told(resting.observe_until) if resting else None,
    }
    if unlocked:
        row |= {
            "number": named.number,
            "word": named.word,
            "substances": visit.substances,
            "route": visit.route,
            "consumed": visit.consumed,
            "discharge_to": visit.discharge_to,
            "away_until": away[visit.client_id].isoformat() if visit.client_id in away else None,
        }
    return row
