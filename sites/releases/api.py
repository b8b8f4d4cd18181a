"""Releases for recipients (design §6)."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.people.access import RECIPIENT, by_token
from sites.releases.files import FORMATS
from sites.releases.models import Recipient, ReleaseFile
from sites.releases.queries import Release, built_releases, file_of, release_named
from sites.releases.services import disclose, recipient_of


def _refuse(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def _asking(request) -> Recipient | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return recipient_of(token.strip()) if scheme.lower() == "bearer" else None


def _unknown() -> JsonResponse:
    answer = _refuse(401, "token", _("Ce jeton n’est pas reconnu."))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@require_safe
@by_token(RECIPIENT)
def releases(request):
    if _asking(request) is None:
        return _unknown()
    return JsonResponse([_as_json(release) for release in built_releases()], safe=False)


def _as_json(release: Release) -> dict:
    return {
        "id": release.id,
        "published_at": release.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "formats": release.formats,
        "sha256": {name: release.sha256[FORMATS[name][0]] for name in release.formats},
    }


@require_safe
@by_token(RECIPIENT)
def release_file(request, release_id, file_format):
    recipient = _asking(request)
    if recipient is None:
        return _unknown()
    release = release_named(release_id)
    if release is None or file_format not in release.formats:
        return _refuse(404, "unknown", _("Cette publication n’existe pas sous cette forme."))
    name, content_type = FORMATS[file_format]
    file = file_of(release, name)
    disclose(file, to=recipient.name)
    return send(file, content_type)


def send(file: ReleaseFile, content_type: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{file.release_id}-{file.name}"',
        "ETag": f'"{file.sha256}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(file.body), content_type=content_type, headers=headers)
