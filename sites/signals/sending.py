"""A signal sent to a recipient by a person: in words, written down, known to the gate (privacy.md R11)."""

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from sites.indicators.queries import series
from sites.places.models import Site
from sites.places.queries import service_date
from sites.recipients.models import Disclosure, Recipient
from sites.recipients.terms import Way
from sites.releases.external import Told, narrowed_by, register_figure
from sites.releases.terms import Clock
from sites.signals.methods.rolling import CLUSTER, FLOOR
from sites.signals.models import Signal, SignalMessage
from sites.signals.terms import Method
from sites.trail.services import note

# A signal that was told says that there were at least so many; what may leave counts events in these ways.
AT_LEAST = {Method.ROLLING_24H: FLOOR + 1, Method.CLUSTER_2H: CLUSTER}
INDICATORS = ("reversals", "visits_with_emergency")
MOST = 10_000


def told_by(signal: Signal, site: Site) -> list[Told]:
    """What a reader may conclude: at least as many events as the method needs, in the days of the signal."""
    period = service_date(site, signal.since), service_date(site, signal.last_at)
    least = max((AT_LEAST.get(Method(found.method), 1) for found in signal.findings.all()), default=1)
    return [
        Told(
            publisher=site.name[:120],
            source=f"signal {signal.pk}",
            indicator=code,
            period=period,
            clock=Clock.SERVICE_DAY,
            lower=min(least, _counted(site, code, *period)),
            upper=MOST,
            site=site,
        )
        for code in INDICATORS
    ]


def _counted(site: Site, code: str, first: date, last: date) -> int:
    """A bound must be true: no higher than what was counted."""
    return int(sum(value or 0 for value in series(site, [code], first, last)[code].values()))


def narrowed(signal: Signal, site: Site) -> int:
    """How many published figures could be read more precisely once this is told."""
    sites = list(Site.objects.all())
    return sum(len(narrowed_by(told, sites)) for told in told_by(signal, site))


@transaction.atomic
def send(message: SignalMessage, *, signal: Signal, site: Site, to: Recipient, by: str) -> SignalMessage:
    """Write down that it leaves; when that cannot be written, it does not leave."""
    message.site, message.signal, message.recipient = site, signal, to.name
    message.sent_at, message.sent_by = timezone.now(), by
    text = f"{message.text_fr}\n\n{message.text_en}".strip()
    message.sha256 = hashlib.sha256(text.encode()).hexdigest()
    message.save(force_insert=True)
    what = f"signal/{site.code}/{message.pk}"
    note("signal sent", actor=by, site_id=site.pk, about="signal", about_id=signal.pk, why=to.name)
    Disclosure.objects.create(
        at=message.sent_at,
        recipient=to.name,
        recipient_ref=to.pk,
        what=what,
        sha256=message.sha256,
        purpose=to.purpose,
        why=f"{message.from_person} → {message.to_person}"[:200],
        basis=to.basis,
        by=by,
        way=Way.MESSAGE,
    )
    for told in told_by(signal, site):
        register_figure(told, by=by)
    return message
