"""What tests tell of the stock of a site."""

from sites.naloxone.models import Product, ShelfRule
from sites.naloxone.terms import Stock
from tests.factories import record, send
from tests.overdoses.story import Shelf


def given(minutes=None, /, **data) -> dict:
    return record(
        "kit.given", {"kit_kind": "nasal", "count": 1, **data}, **({"when": minutes} if minutes else {})
    )


def used(**data) -> dict:
    return record("kit.used", {"survived": "yes", **data})


def sent(shelf: Shelf, quantity: int, to: str, **more) -> dict:
    data = {"lot": shelf.ref, "move": "transferred", "quantity": quantity, "to_site": to}
    return record("naloxone.moved", data, **more)


def assembled(batch: Shelf, quantity: int, *inside: tuple[Shelf, int], **more) -> dict:
    """Kits made from lots: so many units of each in every kit."""
    lines = [{"lot": shelf.ref, "quantity": units} for shelf, units in inside]
    return record("kit.assembled", {**batch.data, "quantity": quantity, "lines": lines}, **more)


def a_bit_of_everything(site, other) -> None:
    """One row in each table of the stock that the demo leaves empty at this site."""
    shelf, batch = Shelf(), Shelf(product="kit-nasal", lot_code="T1")
    send(
        site,
        assembled(batch, 1, (shelf, 2)),
        shelf.received(0, 10),
        sent(shelf, 2, other.code),
        given(),
        used(),
    )
    product = Product.objects.get(code="nal-in-4")
    ShelfRule.objects.create(site=site, product=product, stock=Stock.CLINICAL, minimum=4, tolerance=1)
