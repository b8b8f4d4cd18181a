"""The products there are, read once and kept for a short while: only an upgrade adds one."""

import time

from django.db.models.signals import post_save
from django.dispatch import receiver

from sites.naloxone.models import Product

KEPT_S = 30
_kept: tuple[float, list[Product]] | None = None


@receiver(post_save, sender=Product)
def forget(**_) -> None:
    global _kept
    _kept = None


def products() -> list[Product]:
    """In their usual order."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_S:
        _kept = (time.monotonic(), list(Product.objects.all()))
    return _kept[1]
