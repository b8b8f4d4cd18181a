"""How the system runs: for people in plain words, for Prometheus in numbers."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.operations import checks
from sites.operations.metrics import TYPE, exposition
from sites.operations.models import BackupMade, Trouble
from sites.people.access import public, staff_may
from sites.people.setup import Subject, further, page
from sites.people.terms import Permission
from sites.places.models import Site

LAST_BACKUPS, LAST_TROUBLES = 7, 10
BEARER = "Bearer "
further.append(lambda request: Subject("operations", _("Marche du système"), Permission.SET_UP))


@require_safe
@staff_may(Permission.SET_UP)
def operations(request):
    """Each part in a sentence, with what to do where it does not go; the tablets of the sites in sight."""
    findings = checks.every_finding()
    return page(
        request,
        "operations/operations.html",
        subject="operations",
        findings=sorted(findings, key=lambda one: one.is_good),
        wrong=[one for one in findings if not one.is_good],
        tablets=checks.tablets(),
        backups=BackupMade.objects.order_by("-verified_at")[:LAST_BACKUPS],
        troubles=Trouble.objects.order_by("-since")[:LAST_TROUBLES],
    )


@require_safe
@public
def metrics(request):
    """For a scraper on this machine, or with METRICS_TOKEN; for everyone else there is no such page."""
    if not (_is_local(request) or _has_token(request)):
        raise Http404
    with acting(sites=Site.objects.values_list("pk", flat=True)):
        return HttpResponse(exposition(checks.every_finding()), content_type=TYPE)


def _is_local(request) -> bool:
    """Asked from this machine, and not through a proxy on it."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request) -> bool:
    given = request.headers.get("Authorization", "")
    known = settings.METRICS_TOKEN
    return bool(known) and hmac.compare_digest(given.encode(), f"{BEARER}{known}".encode())
