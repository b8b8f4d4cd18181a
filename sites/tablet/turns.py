"""Large bodies of records take turns, so that whoever taps now does not wait behind a day that comes back."""

import random
from threading import BoundedSemaphore

from django.utils.translation import gettext as _

from sites.records.terms import MAX_BODY_BYTES
from sites.tablet.views import refuse

PATH = "/api/v1/records"
# What one person taps is far below; fifty sealed records are above.
LARGE_BYTES = 16 * 1024
# In each process. Together they must stay well under its threads: the others answer everyone else.
RUNNING = 2
WAITING = 6
# A tablet gives up after 15 s.
PATIENCE_S = 10
AGAIN_S = (3, 9)


class InTurn:
    """Lets two large bodies a process through at a time, before a transaction is begun for them."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.places = BoundedSemaphore(RUNNING + WAITING)
        self.turns = BoundedSemaphore(RUNNING)

    def __call__(self, request):
        if not is_large(request):
            return self.get_response(request)
        request.body  # noqa: B018 - read it now: a slow line must not hold a turn
        if not self.places.acquire(blocking=False):
            return come_again()
        try:
            return self._when_free(request)
        finally:
            self.places.release()

    def _when_free(self, request):
        if not self.turns.acquire(timeout=PATIENCE_S):
            return come_again()
        try:
            return self.get_response(request)
        finally:
            self.turns.release()


def is_large(request) -> bool:
    """Too large a one is refused without reading it whole, which needs no turn."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.path == PATH and length.isdecimal() and LARGE_BYTES < int(length) <= MAX_BODY_BYTES


def come_again():
    """429: nothing was taken. The times differ, so that those refused together do not come back together."""
    answer = refuse(429, "busy", _("Beaucoup de tablettes envoient en même temps. Rien n’est perdu."))
    answer.headers["Retry-After"] = str(random.randint(*AGAIN_S))  # noqa: S311 - spreads, hides nothing
    return answer
