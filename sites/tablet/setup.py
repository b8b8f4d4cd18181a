"""What an enrolled tablet knows of its site before anyone unlocks it: nothing about any guest."""

from django.utils.translation import override

from sites.clockwork.services import now
from sites.codes.queries import all_lists
from sites.keyring.boxes import public_key
from sites.naloxone.models import Product
from sites.naloxone.queries import LotOnHand, Rules, clinical, lots_and_rules
from sites.overdoses.protocol import as_told, protocol_of
from sites.people.models import Device
from sites.people.proofs import lately
from sites.people.queries import tablet_team
from sites.people.roles import BY_CODE
from sites.people.terms import IDLE_MINUTES, Permission, TabletPlace
from sites.places.models import Site
from sites.places.queries import openings, today
from sites.supplies.queries import conversion_on, on_shelf, usual_baskets
from sites.tablet.schemas import kind_schemas
from sites.visits.queries import booths


def setup_of(device: Device) -> dict:
    """{"device", "key", "site", "staff", "rooms", "products", "as_of", "lots", "shelf", "stocked", "counter",
    "protocol", "codes", "kinds"}.

    Labels in both languages. `lots`: those a dose may be given from, with what was on hand at `as_of`;
    `shelf`: every lot that may be counted or handed out; `stocked`: what may be received.
    """
    site = device.site
    held, rules = lots_and_rules(site)
    return {
        "device": device_row(device),
        "key": public_key(site),
        "site": _site(site),
        "day": _day(site),
        "staff": _staff(site),
        "rooms": _rooms(site),
        "products": [_product(product) for product in Product.objects.naloxone()],
        "kinds": kind_schemas(),
        "as_of": now().isoformat(),
        "lots": [_lot(row) for row in clinical(held) if not row.expired],
        "shelf": [_shelf_row(row, rules) for row in held if row.units or not row.expired],
        "stocked": [_stocked(product) for product in Product.objects.all()],
        "counter": _counter(site),
        "protocol": as_told(protocol_of(site)),
        "codes": {name: [_value(value) for value in rows.values()] for name, rows in all_lists().items()},
    }


def device_row(device: Device) -> dict:
    """{"uuid", "label", "place", "idle_minutes", "site": {"code", "name"}}"""
    return {
        "uuid": str(device.uuid),
        "label": device.label,
        "place": device.place,
        "idle_minutes": IDLE_MINUTES[TabletPlace(device.place)],
        "site": {"code": device.site.code, "name": device.site.name},
    }


def _site(site: Site) -> dict:
    return {
        "code": site.code,
        "name": site.name,
        "zone": site.zone,
        "cutover": site.cutover.isoformat("minutes"),
        "death_notice_hours": site.death_notice_hours,
        "observe_minutes": site.observe_minutes,
        "agreement_version": site.agreement_version,
    }


def _day(site: Site) -> dict:
    """The service day that runs and when its last opening ends: {"date", "closes"}."""
    day = today(site)
    ends = [closes for _opens, closes in openings(site, day)]
    return {"date": day.isoformat(), "closes": max(ends).isoformat() if ends else None}


def _staff(site: Site) -> list[dict]:
    """Who may unlock; `lately` held a tablet here in the last hours; without `pin`, one is to be chosen."""
    seen = lately(site)
    return [
        {
            "code": staff.code,
            "name": staff.display_name,
            "role": staff.role,
            "role_fr": _in("fr-ca", BY_CODE[staff.role].name),
            "role_en": _in("en", BY_CODE[staff.role].name),
            "language": staff.language,
            "may": [permission.value for permission in Permission if staff.may(permission)],
            "pin": bool(getattr(staff, "pin", None) and staff.pin.pin),
            "lately": staff.code in seen,
        }
        for staff in tablet_team(site).select_related("pin")
    ]


def _in(language: str, words) -> str:
    with override(language):
        return str(words)


def _rooms(site: Site) -> list[dict]:
    """In the order of the board: {"id", "name_fr", "name_en", "routes", "check_minutes", "airing_minutes",
    "booths"}.
    """
    rooms: dict[int, dict] = {}
    for booth in booths(site):
        room = booth.room
        row = rooms.setdefault(
            room.pk,
            {
                "id": room.pk,
                "name_fr": room.name_fr,
                "name_en": room.name_en,
                "routes": room.routes,
                "check_minutes": room.check_minutes,
                "airing_minutes": room.airing_minutes,
                "booths": [],
            },
        )
        row["booths"].append(
            {"label": booth.label, "out": booth.out_since is not None, "out_reason": booth.out_reason}
        )
    return list(rooms.values())


def _value(value) -> dict:
    return {
        "code": value.code,
        "label_fr": value.label_fr,
        "label_en": value.label_en,
        "group": value.group,
        "common": value.common,
        "valid_from": value.valid_from,
        "valid_to": value.valid_to,
    }


def _lot(row: LotOnHand) -> dict:
    return {
        "lot": str(row.lot.ref),
        "product": row.lot.product.code,
        "code": row.lot.lot_code,
        "expiry": row.lot.expiry.isoformat(),
        "units": row.units,
    }


def _counter(site: Site) -> dict:
    """{"baskets": [{"name_fr", "name_en", "lines"}], "conversion": {"version", "syringes"}, "left"}.

    Baskets that a manager set, then those given most, which have no name. `left`: item → pieces, of what the
    site counts and has few of.
    """
    conversion = conversion_on(site, today(site))
    return {
        "baskets": usual_baskets(site),
        "conversion": {"version": conversion.version, "syringes": conversion.syringes},
        "left": {item: units for item, (units, few) in on_shelf(site).items() if few},
    }


def _shelf_row(row: LotOnHand, rules: Rules) -> dict:
    product = row.lot.product
    return {
        "lot": str(row.lot.ref),
        "product": product.code,
        "kind": product.kind,
        "route": product.route,
        "stock": row.lot.stock,
        "label_fr": product.name_fr,
        "label_en": product.name_en or product.name_fr,
        "code": row.lot.lot_code,
        "expiry": row.lot.expiry.isoformat() if row.lot.expiry else "",
        "expired": row.expired,
        "units": row.units,
        "tolerance": rules.tolerance(row.lot),
    }


def _stocked(product: Product) -> dict:
    return {
        "code": product.code,
        "kind": product.kind,
        "label_fr": product.name_fr,
        "label_en": product.name_en or product.name_fr,
    }


def _product(product: Product) -> dict:
    return {
        "code": product.code,
        "label_fr": product.name_fr,
        "label_en": product.name_en,
        "route": product.route,
        "strength_mg": float(product.strength_mg),
        "valid_from": product.valid_from,
        "valid_to": product.valid_to,
    }
