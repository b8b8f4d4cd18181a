"""What an enrolled tablet knows of its site before anyone unlocks it: nothing about any guest."""

from sites.codes.queries import all_lists
from sites.keyring.boxes import public_key
from sites.naloxone.models import Product
from sites.people.models import Device, Staff
from sites.places.models import Site
from sites.visits.queries import booths


def setup_of(device: Device) -> dict:
    """{"device", "key", "site", "staff", "rooms", "products", "codes"}; labels in both languages."""
    site = device.site
    return {
        "device": {"uuid": str(device.uuid), "label": device.label},
        "key": public_key(site),
        "site": {
            "code": site.code,
            "name": site.name,
            "zone": site.zone,
            "cutover": site.cutover.isoformat("minutes"),
        },
        "staff": _staff(site),
        "rooms": _rooms(site),
        "products": [_product(product) for product in Product.objects.all()],
        "codes": {name: [_value(value) for value in rows.values()] for name, rows in all_lists().items()},
    }


def _staff(site: Site) -> list[dict]:
    posted = Staff.objects.filter(is_active=True, postings__site=site, postings__until=None)
    return [{"code": s.code, "name": s.display_name, "role": s.role, "language": s.language} for s in posted]


def _rooms(site: Site) -> list[dict]:
    """In the order of the board: {"id", "name_fr", "name_en", "routes", "check_minutes", "booths"}."""
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
        "valid_from": value.valid_from,
        "valid_to": value.valid_to,
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
