from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.keyring.restored import is_unfinished
from sites.operations import checks
from sites.operations.terms import Level
from sites.people.access import public
from sites.places.models import Site


@require_safe
@public
def healthz(request):
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@public
def readyz(request):
    """503 with reasons when a part that must run does not; no data in either answer."""
    # Before the tables are there, nothing else can be asked.
    reasons = ["migrations"] if _lacks_migrations() else _reasons()
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


def _lacks_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _reasons() -> list[str]:
    """What a late report or backup says is for people: requests are served as well without."""
    with acting(sites=Site.objects.values_list("pk", flat=True)):
        stopped = {
            "beat": checks.tick().level != Level.GOOD,
            "queue": checks.counts().level == Level.STOPPED,
            "keys": checks.keys().level == Level.STOPPED,
            "disk": checks.disk().level == Level.STOPPED,
            "restore": is_unfinished(),
        }
    return [reason for reason, is_so in stopped.items() if is_so]
