"""Releases for recipients, by token (design §6)."""

from functools import wraps

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.people.access import RECIPIENT, by_token
from sites.recipients.models import Recipient
from sites.recipients.queries import file_of, formats_of, releases_of
from sites.recipients.services import File, disclose, seconds_to_wait, token_of
from sites.recipients.terms import Way
from sites.releases.files import FORMATS
from sites.releases.queries import Release, key_named


def _refuse(status: int, code: str, message: str, **headers: str) -> JsonResponse:
    error = {"error": {"code": code, "message": message}}
    return JsonResponse(error, status=status, headers={"Cache-Control": "no-store"} | headers)


def _unknown(code: str, message: str) -> JsonResponse:
    return _refuse(401, code, message, **{"WWW-Authenticate": "Bearer"})


def with_token(view):
    """Call the view with the recipient and the token's name; otherwise say why not."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        token = token_of(text.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            return _unknown("token", _("Ce jeton n’est pas reconnu."))
        if token.expires_at <= timezone.now():
            return _unknown("expired", _("Ce jeton est expiré : en demander un autre."))
        if wait := seconds_to_wait(token):
            message = _("Trop de demandes en une minute. Attendre un peu.")
            return _refuse(429, "too_many", message, **{"Retry-After": str(wait)})
        return view(request, token.recipient, f"token {token.pk}", *args, **kwargs)

    return answer


@require_safe
@by_token(RECIPIENT)
@with_token
def releases(request, recipient, by):
    told = [_as_json(recipient, release) for release in releases_of(recipient)]
    return JsonResponse(told, safe=False, headers={"Cache-Control": "no-store"})


def _as_json(recipient: Recipient, release: Release) -> dict:
    theirs = formats_of(recipient)
    built = {name: FORMATS[name][0] for name in release.formats if name in theirs}
    return {
        "id": release.id,
        "published_at": release.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "formats": list(built),
        "sha256": {name: release.sha256[file] for name, file in built.items()},
    }


@require_safe
@by_token(RECIPIENT)
@with_token
def release_file(request, recipient, by, release_id, file_format):
    """One file. What the asker says to have already is not sent again, and not written down again."""
    key = key_named(release_id)
    file = file_of(recipient, key, file_format) if key else None
    if file is None:
        return _refuse(404, "unknown", _("Cette publication n’existe pas sous cette forme."))
    if etag(file) in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag(file), "Cache-Control": "no-store"})
    if request.method != "HEAD":
        disclose(file, to=recipient, by=by, way=Way.PULL)
    return send(file, FORMATS[file_format][1])


def etag(file: File) -> str:
    return f'"{file.sha256}"'


def send(file: File, content_type: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{file.release_id}-{file.name}"',
        "ETag": etag(file),
        "Cache-Control": "no-store",
    }
    return HttpResponse(bytes(file.body), content_type=content_type, headers=headers)
