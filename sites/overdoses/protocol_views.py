from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sites.overdoses.protocol import ProtocolForm, enter, protocol_of, versions
from sites.people.access import staff_may
from sites.people.setup import FORM, UNREADABLE, Subject, further, page, saved
from sites.people.terms import Permission


def subject(request) -> Subject:
    return Subject("setup-protocol", _("Protocole"), Permission.SET_UP, versions(request.site))


further.append(subject)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def protocol(request):
    """The version in force, those before, and a form for the next one."""
    every = list(versions(request.site))
    form = ProtocolForm(request.POST or None, site=request.site, current=every[0] if every else None)
    if request.method == "POST" and form.is_valid():
        enter(request.site, form.told(), by=request.user.code)
        saved(request)
        return redirect("setup-protocol")
    return page(
        request,
        "overdoses/protocol.html",
        subject="setup-protocol",
        status=UNREADABLE if form.errors else 200,
        form=form,
        versions=every,
        current=protocol_of(request.site),
    )
