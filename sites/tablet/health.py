import shutil
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.clockwork.models import Heartbeat
from sites.keyring.services import missing_keys
from sites.people.access import public
from sites.places.models import Site

TICK_LATE = timedelta(seconds=3 * settings.TICK_SECONDS)
DISK_FULL = 0.95


@require_safe
@public
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@public
def readyz(request):
    """503 with reasons when a part that must run does not; no data in either answer."""
    # Before the tables are there, nothing else can be asked.
    checks = [_migrations] if _migrations() else [_beat, _keys, _disk]
    reasons = [reason for check in checks if (reason := check())]
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    return "migrations" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else None


def _beat() -> str | None:
    """A tick goes from beat through the queue to a worker, so its age tells of all three."""
    recent = Heartbeat.objects.filter(name="tick", at__gt=timezone.now() - TICK_LATE).exists()
    return None if recent else "beat"


def _keys() -> str | None:
    with acting(sites=Site.objects.values_list("pk", flat=True)):
        return "keys" if missing_keys() else None


def _disk() -> str | None:
    usage = shutil.disk_usage(settings.DATA_DIR)
    return "disk" if usage.used / usage.total > DISK_FULL else None
