"""The board as `GET /api/v1/board` answers it (design §6, shape `board`)."""

from sites.codes.queries import values
from sites.naloxone.queries import expiring, stock_alerts
from sites.tablet.board import Board, Place


def as_json(board: Board) -> dict:
    all_routes = list(values("route"))
    return {
        "site": board.site.code,
        "as_of": board.as_of.isoformat(),
        "waiting": [
            {"visit": str(g.visit.ref), "position": n, "arrived_at": g.visit.arrived_at.isoformat()}
            for n, g in enumerate(board.waiting, 1)
        ],
        "booths": [_booth_json(place, all_routes) for place in board.places],
        "aftercare": [
            {"visit": str(g.visit.ref), "since": g.visit.since.isoformat()} for g in board.aftercare
        ],
        "left": [{"visit": str(n.visit.ref), "at": n.visit.ended_at.isoformat()} for n in board.left],
        "overdoses": [
            {"event": str(e.ref), "location": e.location, "opened_at": e.opened_at.isoformat()}
            for e in board.events
        ],
        "stock_alerts": stock_alerts(board.lots, board.rules),
        "stock_expiring": [
            {
                "product": row.lot.product.code,
                "lot": str(row.lot.ref),
                "on_hand": row.units,
                "days": row.days_left,
                "within": row.within,
            }
            for row in expiring(board.lots)
        ],
    }


def _booth_json(place: Place, all_routes: list[str]) -> dict:
    booth, guest = place.booth, place.guest
    since = guest.visit.since if guest else booth.out_since or booth.freed_at
    return {
        "label": booth.label,
        "state": "taken" if guest else "out" if booth.out_since else "free",
        "visit": str(guest.visit.ref) if guest else None,
        "since": since.isoformat() if since else None,
        "routes": booth.room.routes or all_routes,
    }
