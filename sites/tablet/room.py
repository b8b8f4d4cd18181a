"""The room as a tablet draws it: places and clocks; words and substances only for who has unlocked it."""

from sites.tablet.board import Board, Guest
from sites.visits.queries import Named


def room_of(board: Board, *, unlocked: bool) -> dict:
    """{"as_of", "visits", "events"}: see docs/tablet.md. Times are RFC 3339."""
    guests = {g.visit.pk: g for g in [*board.waiting, *board.aftercare] if g.visit}
    everyone = [g.named for g in board.waiting]
    everyone += [p.guest.named for p in board.places if p.guest]
    everyone += [g.named for g in board.aftercare] + board.left
    return {
        "as_of": board.as_of.isoformat(),
        "visits": [_visit(named, guests.get(named.visit.pk), unlocked) for named in everyone],
        "events": [
            {
                "event": str(event.ref),
                "location": event.location,
                "booth": event.booth,
                "opened_at": event.opened_at.isoformat(),
                "visit": str(event.visit_ref) if event.visit_ref else None,
            }
            for event in board.events
        ],
    }


def _visit(named: Named, guest: Guest | None, unlocked: bool) -> dict:
    visit = named.visit
    row = {
        "visit": str(visit.ref),
        "state": visit.state,
        "booth": visit.booth.label if visit.booth else None,
        "since": visit.since.isoformat(),
        "arrived_at": visit.arrived_at.isoformat(),
        "checked_at": visit.checked_at.isoformat() if visit.checked_at else None,
        "observe_minutes": guest.observe_minutes if guest else 0,
    }
    if unlocked:
        row |= {
            "number": named.number,
            "word": named.word,
            "substances": visit.substances,
            "route": visit.route,
        }
    return row
