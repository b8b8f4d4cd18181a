"""Who receives releases: seen by who keeps the registers, changed by who answers for privacy."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.recipients import services
from sites.recipients.editions import public_sites
from sites.recipients.forms import PushForm, RecipientForm, TokenForm
from sites.recipients.models import Recipient, RecipientToken
from sites.recipients.push import push_to, secret_of, try_again
from sites.recipients.queries import recipients_told
from sites.recipients.terms import Kind

FORM = ["GET", "HEAD", "POST"]
UNREADABLE = 422
PAGE = {"page": "releases"}


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def recipients(request):
    site = request.site
    context = PAGE | {
        "told": recipients_told(),
        "own_site": site,
        "own_is_public": site and site.code in public_sites(today(site) + timedelta(days=1)),
    }
    return render(request, "recipients/list.html", context)


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
def recipient(request, pk: int | None = None):
    row = _active(pk) if pk else Recipient()
    form = RecipientForm(request.POST or None, instance=row, mine=request.sites)
    if request.method == "POST" and form.is_valid():
        services.keep(form.instance, what=form.changed_data, by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("recipient", form.instance.pk)
    # The frame of the page shows the recipient as it is, not as it was typed.
    shown = Recipient.objects.filter(pk=pk).prefetch_related("tokens").first()
    context = PAGE | {"form": form, "recipient": shown, "token_form": TokenForm()}
    return render(request, "recipients/form.html", context, status=_status(form))


def _active(pk: int) -> Recipient:
    return get_object_or_404(Recipient, pk=pk, revoked_at=None)


def _status(form) -> int:
    return UNREADABLE if form.is_bound and form.errors else 200


@require_POST
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
def recipient_revoke(request, pk: int):
    services.revoke(get_object_or_404(Recipient, pk=pk), by=request.user.code)
    messages.success(request, _("Plus rien n’est remis à ce destinataire."))
    return redirect("recipients")


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
@reauthentication_required
def token_new(request, pk: int) -> HttpResponse:
    """A token, told once: asked for by someone who just gave their password again."""
    row = get_object_or_404(Recipient.objects.exclude(kind=Kind.PUBLIC), pk=pk, revoked_at=None)
    form = TokenForm(request.POST or None)
    context = PAGE | {"recipient": row, "form": form}
    if request.method == "POST" and form.is_valid():
        _token, text = services.add_token(row, by=request.user.code, expires_at=form.expires_at)
        return render(request, "recipients/told_once.html", context | {"token": text})
    return render(request, "recipients/token.html", context, status=_status(form))


@require_POST
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
def token_revoke(request, pk: int):
    token = get_object_or_404(RecipientToken.objects.select_related("recipient"), pk=pk)
    services.revoke_token(token, by=request.user.code)
    messages.success(request, _("Ce jeton n’ouvre plus rien."))
    return redirect("recipient", token.recipient_id)


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
@reauthentication_required
def push(request, pk: int):
    """The address that releases are pushed to, and the secret to check them with."""
    row = get_object_or_404(Recipient.objects.exclude(kind=Kind.PUBLIC), pk=pk, revoked_at=None)
    form = PushForm(request.POST or None, initial={"push_url": row.push_url})
    if request.method == "POST" and form.is_valid():
        push_to(row, form.cleaned_data["push_url"], by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("recipient-push", pk)
    context = PAGE | {
        "recipient": row,
        "form": form,
        "secret": secret_of(row) if row.push_url else "",
        "pushes": row.pushes.order_by("-release_date", "-part", "file_format")[:30],
    }
    return render(request, "recipients/push.html", context, status=_status(form))


@require_POST
@staff_may(Permission.MANAGE_RECIPIENTS, site=False)
def push_again(request, pk: int):
    row = get_object_or_404(Recipient, pk=pk, revoked_at=None)
    try_again(row, by=request.user.code)
    messages.success(request, _("Ce qui n’était pas arrivé repart dans la minute."))
    return redirect("recipient-push", pk)


@require_POST
@staff_may(Permission.PLAN_RELEASES)
def site_public(request):
    """A site says whether its own rows are public, from tomorrow’s release on."""
    public = request.POST.get("public") == "yes"
    tomorrow = today(request.site) + timedelta(days=1)
    services.say_public(request.site, public, from_day=tomorrow, by=request.user.code)
    messages.success(request, _("C’est enregistré, à partir de la prochaine publication."))
    return redirect("recipients")
