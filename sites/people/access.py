"""Refuse by default: every view says who may come in, by one of these decorators."""

from functools import wraps

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404

from sites.people.terms import Permission
from sites.trail.services import note, note_again

PUBLIC, DEVICE, RECIPIENT = "public", "device", "recipient"
ROUTE_SIGNS = 60  # that a row of the trail has room for


def staff_may(permission: Permission, *, site: bool = True):
    """Signed in, holding this permission and, for a site's page, posted to a site."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(permission):
                refused(request)
                raise PermissionDenied
            if site and request.site is None:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.permission, guarded.site_scoped = permission, site
        return guarded

    return decorate


def refused(request) -> None:
    """Write down who asked for a page that is not theirs, by its kind; the same again an hour later."""
    note_again(
        "refused",
        actor=request.user.code,
        site_id=request.site and request.site.pk,
        about="page",
        about_id=request.resolver_match.route[:ROUTE_SIGNS],
    )


def must_be_sure(request) -> None:
    """Before rights change or something leaves: the password again, unless it was given in the last minutes.

    Called once it is known that the thing is there, so that asking says nothing about another site's.
    """
    raise_if_reauthentication_required(request, app="")


def public(view):
    """Open to anyone: shows nothing about any person."""
    view.permission, view.site_scoped = PUBLIC, False
    return login_not_required(view)


def by_token(kind: str):
    """Let in by a device's or a recipient's token, which the view itself checks."""

    def decorate(view):
        view.permission, view.site_scoped = kind, kind == DEVICE
        return login_not_required(view)

    return decorate


def looked(request, about: str, about_id) -> None:
    """Write down who opened what; if that cannot be written, it is not shown."""
    note("looked", actor=request.user.code, site_id=request.site.pk, about=about, about_id=about_id)


def looks_on(request, about: str, about_id) -> None:
    """The same for a page that asks by itself what is new: one row an hour."""
    note_again(
        "looked", actor=request.user.code, site_id=request.site.pk, about=about, about_id=str(about_id)
    )
