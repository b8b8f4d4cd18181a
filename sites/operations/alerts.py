"""Someone is told when a part stops, once, and again when it goes on. No figure and no place is in it."""

import json
import logging
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harmreduction.pg.replica import REPLICA
from harmreduction.pg.scope import acting
from sites.clockwork.services import beat
from sites.operations.checks import every_finding
from sites.operations.models import Trouble
from sites.operations.terms import WORDS, Level
from sites.places.models import Site

log = logging.getLogger("scs.operations")
TIMEOUT_S = 10


@dataclass(frozen=True)
class News:
    name: str
    is_over: bool

    @property
    def title(self) -> str:
        about = {"part": WORDS[self.name].title}
        return _("Rétabli : %(part)s") % about if self.is_over else _("Arrêté : %(part)s") % about

    @property
    def text(self) -> str:
        said = _("La page « Marche du système » en dit plus.")
        return said if self.is_over else f"{WORDS[self.name].act}\n{said}"


class Untold(OSError):
    """No way took the news."""


def watch() -> None:
    """Look at everything, remember what stopped or went again, tell whoever must know."""
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        findings = every_finding()
        _remember({one.name for one in findings if one.level == Level.STOPPED})
        if any(one.name == REPLICA and one.is_good for one in findings):
            beat(REPLICA)
    for trouble in _untold():
        _tell(trouble)


def _remember(stopped: set[str]) -> None:
    present = timezone.now()
    Trouble.objects.filter(over_at=None).exclude(name__in=stopped).update(over_at=present)
    Trouble.objects.bulk_create(
        [Trouble(name=name, since=present) for name in sorted(stopped)], ignore_conflicts=True
    )


def _untold() -> list[Trouble]:
    with transaction.atomic():
        begun = list(Trouble.objects.filter(told_at=None, over_at=None))
        over = list(Trouble.objects.filter(told_over_at=None).exclude(over_at=None).exclude(told_at=None))
    return begun + over


def _tell(trouble: Trouble) -> None:
    """Claimed, told, kept: two at once tell it once, and what could not be sent is sent the next time."""
    column = "told_at" if trouble.over_at is None else "told_over_at"
    with suppress(Untold), transaction.atomic():
        mine = Trouble.objects.filter(pk=trouble.pk, **{column: None}).update(**{column: timezone.now()})
        if mine:
            send(News(trouble.name, trouble.over_at is not None))


def send(news: News) -> None:
    """By each way that the settings name, whatever becomes of the other. Raises Untold when none takes it."""
    named = {_mail: settings.ALERT_EMAIL, _call: settings.ALERT_WEBHOOK}
    took = [_took(way, news) for way, where in named.items() if where]
    if took and not any(took):
        raise Untold


def _took(way: Callable[[News], None], news: News) -> bool:
    try:
        way(news)
    except (OSError, HTTPException, ValueError) as error:  # ValueError: an address that is none
        log.error("an alert could not be sent: %s", type(error).__name__)
        return False
    return True


def _mail(news: News) -> None:
    send_mail(news.title, news.text, None, settings.ALERT_EMAIL)


def _call(news: News) -> None:
    said = {"part": news.name, "state": "over" if news.is_over else "stopped", "text": news.title}
    _post(settings.ALERT_WEBHOOK, json.dumps(said).encode())


def _away_mark() -> Path:
    """What the database cannot remember."""
    return Path(settings.DATA_DIR) / "database-away"


def database_is_away() -> None:
    """Told once, whoever asks how often. Raises Untold when it cannot be told."""
    if not _away_mark().exists():
        send(News("database", is_over=False))
        _away_mark().touch()


def database_answers() -> None:
    if _away_mark().exists():
        send(News("database", is_over=True))
        _away_mark().unlink()


def ping() -> None:
    """Tell a watchman elsewhere that we live: who hears nothing knows that all of this machine stopped."""
    if settings.PING_URL:
        _post(settings.PING_URL, b"")


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - settings
    with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
        pass
