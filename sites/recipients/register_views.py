"""The anonymization register: read, signed by a competent person, kept as it was signed."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.recipients.forms import SignForm
from sites.recipients.models import RiskAnalysis
from sites.recipients.register import evidence, in_both, sections, why_due
from sites.recipients.services import sha256_of, sign_analysis

PAGE = {"page": "releases"}


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def register(request):
    known = evidence()
    return _page(request, known, SignForm(sha256=sha256_of(in_both(known))))


def _page(request, known, form) -> HttpResponse:
    context = PAGE | {
        "sections": sections(known),
        "form": form,
        "due": why_due(known.versions),
        "analyses": RiskAnalysis.objects.all(),
    }
    return render(request, "recipients/register.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.SIGN_REGISTER, site=False)
@reauthentication_required(allow_get=True)
def sign(request):
    """Sign what was read: when the register changed in between, it must be read again."""
    if request.method != "POST":
        return redirect("register")
    known = evidence()
    body = in_both(known)
    form = SignForm(request.POST, sha256=sha256_of(body))
    if not form.is_valid():
        return _page(request, known, form)
    made = sign_analysis(form.instance, body=body, versions=known.versions, by=request.user.code)
    messages.success(request, _("L’analyse est signée."))
    return redirect("register-signed", made.pk)


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def signed(request, pk: int):
    """An analysis as it was signed."""
    analysis = get_object_or_404(RiskAnalysis, pk=pk)
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    context = PAGE | {"analysis": analysis, "sections": analysis.body[language]}
    return render(request, "recipients/signed.html", context)
