"""What the public is given, for programs: no token, no cookie, any page may use it."""

import json

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.bulletin.queries import (
    as_public,
    public_file,
    public_regions,
    public_releases,
    public_state,
    rows_csv,
    rows_json,
)
from sites.bulletin.views import shared
from sites.people.access import public
from sites.releases.files import FORMATS
from sites.releases.queries import key_named

ROWS = {"csv": (rows_csv, "text/csv; charset=utf-8"), "json": (rows_json, "application/json")}


def _unknown() -> JsonResponse:
    message = _("Ceci n’est pas publié, ou pas sous cette forme.")
    return JsonResponse({"error": {"code": "unknown", "message": message}}, status=404)


def _json(request, told) -> HttpResponse:
    return shared(request, json.dumps(told, ensure_ascii=False).encode(), "application/json")


@require_safe
@public
def regions(request):
    with as_public() as audience:
        told = [{"code": one.code, "name_fr": one.name_fr, "name_en": one.name_en or one.name_fr}
                for one in public_regions(audience)]  # fmt: skip
    return _json(request, told)


@require_safe
@public
def rows(request, region, file_format):
    """Every row of a region so far."""
    if file_format not in ROWS:
        return _unknown()
    made, content_type = ROWS[file_format]
    with as_public() as audience:
        state = public_state(audience)
        body = made(region, state) if state else None
    if body is None:
        return _unknown()
    response = shared(request, body, content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{region}.{file_format}"'
    return response


@require_safe
@public
def releases(request):
    with as_public() as audience:
        told = [
            {
                "id": release.id,
                "published_at": release.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "formats": release.formats,
                "sha256": {name: release.sha256[FORMATS[name][0]] for name in release.formats},
            }
            for release in public_releases(audience)
        ]
    return _json(request, told)


@require_safe
@public
def release_file(request, release_id, file_format):
    key = key_named(release_id)
    with as_public() as audience:
        file = public_file(audience, key, file_format) if key else None
    if file is None:
        return _unknown()
    response = shared(request, bytes(file.body), FORMATS[file_format][1])
    response.headers["Content-Disposition"] = f'attachment; filename="{file.release_id}-{file.name}"'
    return response
