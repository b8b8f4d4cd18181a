"""Within how many hours the authority is to be told of each kind of incident."""

from django import forms
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sites.codes.queries import choices
from sites.logbook.models import IncidentDeadline
from sites.logbook.queries import deadlines
from sites.logbook.terms import DEATH
from sites.people.access import staff_may
from sites.people.setup import FORM, Subject, form_page, further, saved
from sites.people.terms import Permission
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.trail.services import note

LONGEST_H = 24 * 90


def subject(request) -> Subject:
    return Subject("setup-deadlines", _("Délais des incidents"), Permission.SET_UP)


further.append(subject)


class DeadlinesForm(SetUp, forms.Form):
    """One number of hours a kind; empty where the authorisation asks for none."""

    def __init__(self, data=None, *, site: Site):
        known = deadlines(site)
        super().__init__(data)
        for code, words in choices("incident", today(site)):
            self.fields[code] = forms.IntegerField(
                label=_("%(kind)s (heures)") % {"kind": words},
                required=False,
                min_value=1,
                max_value=LONGEST_H,
                initial=known.get(code),
            )


@transaction.atomic
def set_deadlines(site: Site, hours: dict[str, int | None], *, by: str) -> None:
    """That of a death is the site's own, the same as after an overdose."""
    IncidentDeadline.objects.at(site).delete()
    IncidentDeadline.objects.bulk_create(
        IncidentDeadline(site=site, kind=kind, hours=n) for kind, n in hours.items() if n and kind != DEATH
    )
    site.death_notice_hours = hours.get(DEATH)
    site.save(update_fields=["death_notice_hours"])
    note("incident deadlines changed", actor=by, site_id=site.pk, about="site", about_id=site.pk)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def incident_deadlines(request):
    form = DeadlinesForm(request.POST or None, site=request.site)
    if request.method == "POST" and form.is_valid():
        set_deadlines(request.site, form.cleaned_data, by=request.user.code)
        saved(request)
        return redirect("setup-deadlines")
    return form_page(request, form, subject="setup-deadlines", title=_("Délais des incidents"), back="")
