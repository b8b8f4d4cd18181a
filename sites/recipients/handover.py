"""A file handed to a recipient by someone signed in (privacy.md R11): named, with a reason, written down."""

from allauth.account.decorators import reauthentication_required
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sites.people.access import staff_may
from sites.people.models import Staff
from sites.people.terms import Permission
from sites.recipients.api import send
from sites.recipients.forms import HandOverForm
from sites.recipients.models import Recipient
from sites.recipients.queries import file_of
from sites.recipients.services import disclose
from sites.recipients.terms import Kind, Way
from sites.releases.files import FORMATS
from sites.releases.queries import release_named


def may_hand_to(staff: Staff) -> QuerySet[Recipient]:
    """Who keeps the registers hands to anyone; a reader of public health, to public health."""
    active = Recipient.objects.filter(revoked_at=None)
    everyone = staff.may(Permission.READ_REGISTERS)
    return active if everyone else active.filter(kind=Kind.PUBLIC_HEALTH)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.DOWNLOAD_RELEASES, site=False)
@reauthentication_required
def hand_over(request, release_id):
    release = release_named(release_id)
    if release is None:
        raise Http404
    typed = request.POST if request.method == "POST" else None
    initial = {"file_format": request.GET.get("format")}
    form = HandOverForm(typed, initial=initial, to=may_hand_to(request.user), formats=release.formats)
    if form.is_bound and form.is_valid():
        to, file_format = form.cleaned_data["recipient"], form.cleaned_data["file_format"]
        if file := file_of(to, (release.date, release.part), file_format):
            disclose(file, to=to, by=request.user.code, way=Way.PAGE, why=form.cleaned_data["why"])
            return send(file, FORMATS[file_format][1])
        form.add_error(None, _("Cette publication se prépare pour ce destinataire : réessayer bientôt."))
    context = {"page": "releases", "release": release, "form": form}
    return render(request, "recipients/hand_over.html", context, status=422 if form.errors else 200)
