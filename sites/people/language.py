from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from sites.people import cookies
from sites.people.access import public
from sites.people.terms import Language

ONE_YEAR_S = 365 * 86400


@require_POST
@public
def choose_language(request):
    """Keep the language with the person, or in a cookie before sign-in, and go back to the page."""
    language = request.POST.get("language")
    if language not in Language.values:
        return HttpResponseBadRequest()
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    response.set_cookie(
        cookies.LANGUAGE, language, max_age=ONE_YEAR_S, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response
