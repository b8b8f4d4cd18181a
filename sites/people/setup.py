"""The subjects of set-up, and the pages of a site, its rooms and its hours.

Here and not in `places`, because who may come in is known from `people` up.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from harmreduction.pg.at_once import read
from sites.people.access import staff_may
from sites.people.models import Device
from sites.people.terms import Permission
from sites.places import services
from sites.places.forms import BoothForm, RoomForm, SiteForm
from sites.places.hour_forms import ExceptionForm, WeekForm
from sites.places.models import Booth, OpeningException, OpeningHours, Room
from sites.places.queries import drawn_week, today, week_of

FORM = ["GET", "HEAD", "POST"]
UNREADABLE = 422


@dataclass(frozen=True)
class Subject:
    """One page of set-up: its URL name, its words, who may open it, and whether it is done: once there is one
    of these.
    """

    name: str
    words: Promise | str
    permission: Permission
    needs: QuerySet | None = None
    done: bool = True


# Subjects of the concepts above, each given the request; they add themselves here.
further: list[Callable[..., Subject]] = []


def subjects(request) -> list[Subject]:
    site = request.site
    every = [
        Subject("setup-site", gettext_lazy("Site"), Permission.SET_UP),
        Subject(
            "setup-rooms",
            gettext_lazy("Salles et places"),
            Permission.SET_UP,
            Booth.objects.at(site).filter(retired=False),
        ),
        Subject(
            "setup-hours",
            gettext_lazy("Heures"),
            Permission.SET_UP,
            OpeningHours.objects.at(site),
        ),
        Subject("setup-staff", gettext_lazy("Personnel"), Permission.MANAGE_STAFF),
        Subject(
            "setup-tablets",
            gettext_lazy("Tablettes"),
            Permission.MANAGE_STAFF,
            Device.objects.at(site).filter(revoked_at=None),
        ),
    ]
    every += [Subject("mfa_index", gettext_lazy("Mon accès"), Permission.SIGNED_IN)]
    every += [subject(request) for subject in further]
    theirs = [subject for subject in every if request.user.may(subject.permission)]
    needed = [one.needs.order_by().values_list("pk")[:1] for one in theirs if one.needs is not None]
    found = iter(read(*needed))
    return [one if one.needs is None else replace(one, done=bool(next(found))) for one in theirs]


def page(request, template: str, *, subject: str, status: int = 200, **context) -> HttpResponse:
    context |= {"page": "setup", "subject": subject, "subjects": subjects(request)}
    return render(request, template, context, status=status)


def form_page(request, form, *, subject: str, title: str, back: str) -> HttpResponse:
    """The form, with what was typed and why it was refused."""
    status = UNREADABLE if form.is_bound and form.errors else 200
    return page(
        request, "places/form.html", subject=subject, status=status, form=form, title=title, back=back
    )


def saved(request) -> None:
    messages.success(request, _("C’est enregistré."))


@require_safe
@staff_may(Permission.SET_UP)
def overview(request):
    return redirect("setup-site")


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def site(request):
    form = SiteForm(request.POST or None, instance=request.site)
    if request.method == "POST" and form.is_valid():
        services.keep(
            form.instance, site=request.site, about="site", what=form.changed_data, by=request.user.code
        )
        saved(request)
        return redirect("setup-site")
    request.site.refresh_from_db()  # the frame shows the site as it is, not as it was typed
    return form_page(request, form, subject="setup-site", title=_("Site"), back="")


# --- Rooms and booths --------------------------------------------------------------------
@require_safe
@staff_may(Permission.SET_UP)
def rooms(request):
    every = Room.objects.at(request.site).prefetch_related("booths")
    return page(request, "places/rooms.html", subject="setup-rooms", rooms=every)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def room(request, pk: int | None = None):
    row = get_object_or_404(Room.objects.at(request.site), pk=pk) if pk else Room(site=request.site)
    form = RoomForm(request.POST or None, instance=row)
    return _keep(request, form, "room", _("Salle"))


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def booth(request, pk: int | None = None):
    row = get_object_or_404(Booth.objects.at(request.site), pk=pk) if pk else Booth(site=request.site)
    form = BoothForm(request.POST or None, instance=row)
    return _keep(request, form, "booth", _("Place"))


def _keep(request, form, about: str, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        services.keep(
            form.instance, site=request.site, about=about, what=form.changed_data, by=request.user.code
        )
        saved(request)
        return redirect("setup-rooms")
    return form_page(request, form, subject="setup-rooms", title=title, back="setup-rooms")


# --- Hours -------------------------------------------------------------------------------
@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def hours(request):
    site = request.site
    week = week_of(site, today(site))
    form = WeekForm(request.POST or None, site=site, week=week)
    if request.method == "POST" and form.is_valid():
        begins = form.cleaned_data["valid_from"]
        services.set_week(site, form.week(), valid_from=begins, by=request.user.code)
        saved(request)
        return redirect("setup-hours")
    coming = OpeningException.objects.at(site).filter(day__gte=today(site)).order_by("day")
    return page(
        request,
        "places/hours.html",
        subject="setup-hours",
        status=UNREADABLE if form.errors else 200,
        form=form,
        week=drawn_week(site, week),
        exceptions=coming,
    )


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def exception(request):
    form = ExceptionForm(request.POST or None, instance=OpeningException(site=request.site))
    if request.method == "POST" and form.is_valid():
        for one in form.every_day():
            services.add_exception(one, by=request.user.code)
        saved(request)
        return redirect("setup-hours")
    return form_page(request, form, subject="setup-hours", title=_("Jour particulier"), back="setup-hours")


@require_POST
@staff_may(Permission.SET_UP)
def exception_remove(request, pk: int):
    coming = OpeningException.objects.at(request.site).filter(day__gte=today(request.site))
    services.remove_exception(get_object_or_404(coming, pk=pk), by=request.user.code)
    saved(request)
    return redirect("setup-hours")
