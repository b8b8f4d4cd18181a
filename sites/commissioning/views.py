"""The first visit to a new installation; there is no such page any more once there is an account."""

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sites.commissioning import services
from sites.commissioning.forms import StartForm
from sites.people.access import public
from sites.people.queries import nobody_yet
from sites.people.setup import FORM, UNREADABLE
from sites.people.terms import Language


@require_http_methods(FORM)
@public
def sign_in(request):
    """Where nobody could sign in yet, the first visit is offered instead."""
    if request.method in ("GET", "HEAD") and nobody_yet():
        return redirect("start")
    return account.login(request)


@require_http_methods(FORM)
@sensitive_post_parameters()
@public
def start(request):
    if not nobody_yet():
        raise Http404
    form = StartForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = UNREADABLE if form.errors else 200
        return _fresh(render(request, "commissioning/start.html", {"form": form}, status=status))
    return _fresh(_begin(request, form))


def _begin(request, form: StartForm):
    data = form.cleaned_data
    language = Language.ENGLISH if get_language() == Language.ENGLISH else Language.FRENCH
    try:
        manager, told = services.start(
            site=form.site(),
            code=data["code"],
            display_name=data["display_name"],
            password=data["password"],
            language=language,
        )
    except services.AlreadyStarted as late:
        raise Http404 from late
    login(request, manager)
    record_authentication(request, manager, method="password", username=manager.code)
    return render(request, "commissioning/begun.html", {"account": services.SYSTEM_ACCOUNT, "password": told})


def _fresh(response):
    response.headers["Cache-Control"] = "no-store"
    return response
