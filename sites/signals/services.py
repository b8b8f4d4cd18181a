"""What a person does about signals: acknowledges them, chooses a threshold, warns."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from sites.places.models import Site
from sites.signals.models import Signal, SupplyWarning, WarningRead
from sites.signals.queries import watch_of
from sites.trail.services import note


@transaction.atomic
def choose_threshold(site: Site, threshold: int | None, *, by: str) -> None:
    """The site's own rule for 24 hours; None brings back its last 90 days."""
    watch = watch_of(site)
    watch.threshold_24h = threshold
    watch.save()
    note("signal threshold chosen", actor=by, site_id=site.pk, about="site", about_id=site.code)


@transaction.atomic
def acknowledge(signal: Signal, *, by: str) -> None:
    """Someone has seen it. Twice is once."""
    mine = Signal.objects.filter(pk=signal.pk, acknowledged_at=None)
    if mine.update(acknowledged_at=timezone.now(), acknowledged_by=by):
        note("signal acknowledged", actor=by, site_id=signal.site_id, about="signal", about_id=signal.pk)


@transaction.atomic
def issue_warning(warning: SupplyWarning, *, site: Site, everywhere: bool, by: str) -> SupplyWarning:
    """On the boards of this site, or of all those of its organisation, until its end."""
    warning.site = None if everywhere else site
    warning.organisation = site.organisation
    warning.issued_at, warning.issued_by, warning.issued_from = timezone.now(), by, site.code
    warning.save(force_insert=True)
    warned = (
        Site.objects.filter(organisation=site.organisation_id)
        if everywhere
        else Site.objects.filter(pk=site.pk)
    )
    warned.update(warned_until=Greatest(Coalesce("warned_until", warning.ends_on), Value(warning.ends_on)))
    note("supply warning issued", actor=by, site_id=site.pk, about="warning", about_id=warning.pk)
    return warning


@transaction.atomic
def withdraw_warning(warning: SupplyWarning, *, site: Site, by: str) -> None:
    if SupplyWarning.objects.filter(pk=warning.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        note("supply warning withdrawn", actor=by, site_id=site.pk, about="warning", about_id=warning.pk)


@transaction.atomic
def mark_read(warning: SupplyWarning, *, site: Site, by: str) -> None:
    _read, first = WarningRead.objects.get_or_create(
        warning=warning, staff=by, defaults={"site": site, "at": timezone.now()}
    )
    if first:
        note("supply warning read", actor=by, site_id=site.pk, about="warning", about_id=warning.pk)
