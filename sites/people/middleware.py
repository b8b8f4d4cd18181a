import logging

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from harmreduction.pg.scope import acting
from sites.keyring.services import KeyMissing
from sites.people import cookies
from sites.people.queries import posted_sites

log = logging.getLogger("scs.web")
# Answers, not faults: a page that is not there, not for this role, or asked for in a broken way.
EXPECTED = (Http404, PermissionDenied, SuspiciousOperation)
# The second is what a connection says that was lost in the middle of a transaction.
DATABASE_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_S = "5"
# The same for everyone, whoever asks; a tablet opens by them whatever becomes of the database.
ASK_NOTHING = ("/healthz", "/tablet/", "/offline/", "/sw.js")


class OneTransaction:
    """One transaction a request, begun as the plain application role with no site in sight."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path in ASK_NOTHING:
            request.COOKIES = {}
            return self.get_response(request)
        try:
            with transaction.atomic(), acting(sites=()):
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except DATABASE_AWAY as error:
            return away(request, error)

    def process_exception(self, request, exception):
        answer = answer_to(request, exception)
        if answer is not None:
            transaction.set_rollback(True)
        return answer


def answer_to(request, exception: BaseException) -> HttpResponse | None:
    """What is said when something is away. Else it is logged where it broke, never with what: values may
    name someone.
    """
    if isinstance(exception, KeyMissing) or database_was_lost(exception):
        return away(request, exception)
    if not isinstance(exception, EXPECTED):
        log.error("not answered:", exc_info=exception)
    return None


def database_was_lost(exception: BaseException | None) -> bool:
    """Whether it says so, or came up while something else did: what runs on after a loss fails too."""
    while exception:
        if isinstance(exception, DATABASE_AWAY):
            return True
        exception = exception.__cause__ or exception.__context__
    return False


def away(request, exception: BaseException) -> HttpResponse:
    """503: nothing was taken, and what was sent may be sent again."""
    if isinstance(exception, KeyMissing):
        log.error("a key is missing or has changed: see /readyz")
        message = _(
            "Une clé du site manque sur le serveur. Rien n’est perdu : prévenir la personne responsable."
        )
    else:
        message = _("La base de données ne répond pas. Rien n’est perdu : réessayer dans un instant.")
    headers = {"Retry-After": RETRY_AFTER_S}
    if request.path == "/readyz":
        reason = "keys" if isinstance(exception, KeyMissing) else "database"
        return JsonResponse({"ready": False, "reasons": [reason]}, status=503, headers=headers)
    if request.path.startswith("/api/"):
        body = {"error": {"code": "unavailable", "message": message}}
        return JsonResponse(body, status=503, headers=headers)
    return HttpResponse(message, status=503, headers=headers, content_type="text/plain; charset=utf-8")


def language_of(request, chosen: str | None = None) -> str:
    """What was chosen, by a cookie when not told, else what the browser asks for, else French."""
    chosen = chosen or request.COOKIES.get(cookies.LANGUAGE)
    language = chosen if chosen in ("fr-ca", "en") else translation.get_language_from_request(request)
    return "en" if language.startswith("en") else "fr-ca"


class Language:
    """The person's own choice, else what the browser asks for, else French."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.user.language if request.user.is_authenticated else None
        with translation.override(language_of(request, chosen)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            return response


class PostedSites:
    """Let the transaction see the sites where the person is posted, and no other."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.sites, request.site = [], None
        if not request.user.is_authenticated:
            return self.get_response(request)
        with acting(staff=request.user.pk):
            request.sites = posted_sites(request.user)
            with acting(sites=[site.pk for site in request.sites]):
                chosen = request.session.get("site")
                request.site = next(
                    (s for s in request.sites if s.code == chosen),
                    request.sites[0] if request.sites else None,
                )
                response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
