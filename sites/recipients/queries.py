"""What a recipient may have, and what was written down of what left."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sites.recipients.editions import edition_name
from sites.recipients.models import Disclosure, EditionFile, Recipient
from sites.releases.files import FORMATS
from sites.releases.ledger import Key
from sites.releases.models import ReleaseFile
from sites.releases.queries import Release, gathered


def formats_of(recipient: Recipient) -> list[str]:
    """The forms a recipient gets, in the order of all of them."""
    return [name for name in FORMATS if not recipient.formats or name in recipient.formats]


def releases_of(recipient: Recipient) -> list[Release]:
    """What was built for a recipient, the newest first."""
    return gathered(_kept(recipient).defer("body").order_by("-release_date", "-part", "name"))


def file_of(recipient: Recipient, release: Key, file_format: str) -> ReleaseFile | EditionFile | None:
    """One file of a release as this recipient gets it, bytes included; None for what it does not get."""
    if file_format not in formats_of(recipient):
        return None
    name, _content_type = FORMATS[file_format]
    return _kept(recipient).filter(release_date=release[0], part=release[1], name=name).first()


def _kept(recipient: Recipient) -> QuerySet:
    edition = edition_name(recipient)
    return EditionFile.objects.filter(edition=edition) if edition else ReleaseFile.objects.all()


@dataclass(frozen=True)
class Told:
    """A recipient, how many of its tokens open something, and its last transmission."""

    recipient: Recipient
    tokens: int
    last: Disclosure | None


def recipients_told() -> list[Told]:
    """Every recipient, those that still receive first."""
    at = timezone.now()
    living = Count("tokens", filter=Q(tokens__revoked_at=None, tokens__expires_at__gt=at))
    newest = Disclosure.objects.filter(recipient_ref=OuterRef("pk")).order_by("-at", "-id")
    told = Recipient.objects.annotate(living=living, last=Subquery(newest.values("pk")[:1]))
    rows = list(told.order_by(F("revoked_at").asc(nulls_first=True), "name", "id"))
    last = Disclosure.objects.in_bulk([row.last for row in rows if row.last])
    return [Told(row, row.living, last.get(row.last)) for row in rows]
