from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.signals import services
from sites.signals.forms import MessageForm, ThresholdForm, WarningForm
from sites.signals.models import Signal, SignalMessage, SupplyWarning
from sites.signals.queries import all_warnings, is_over, signals_of, warnings_at, watch_of
from sites.signals.sending import narrowed, send
from sites.signals.words import draft

FORM = ["GET", "HEAD", "POST"]
PAGE = {"page": "reports", "tab": "signals"}
SHOWN = 50


def _signal(request, pk: int) -> Signal:
    return get_object_or_404(signals_of(request.site), pk=pk)


def _form(request, form, template: str, **more) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, PAGE | {"form": form, **more}, status=status)


@require_safe
@staff_may(Permission.READ_REPORTS)
def signals(request):
    """What nobody has acknowledged yet, then the rest; warnings in force and over."""
    rows = list(signals_of(request.site)[:SHOWN])
    warnings = all_warnings(request.site)[:SHOWN]
    context = PAGE | {
        "waiting": [row for row in rows if row.acknowledged_at is None],
        "earlier": [row for row in rows if row.acknowledged_at is not None],
        "warnings": [(row, is_over(row, request.site)) for row in warnings],
        "watch": watch_of(request.site),
    }
    return render(request, "signals/list.html", context)


@require_POST
@staff_may(Permission.ACT_ON_SIGNALS)
def signal_acknowledge(request, pk):
    services.acknowledge(_signal(request, pk), by=request.user.code)
    messages.success(request, _("C’est noté : quelqu’un s’en occupe."))
    return redirect("signals")


@require_http_methods(FORM)
@staff_may(Permission.ACT_ON_SIGNALS)
def signal_threshold(request):
    initial = {"threshold": watch_of(request.site).threshold_24h}
    form = ThresholdForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.choose_threshold(request.site, form.cleaned_data["threshold"], by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("signals")
    return _form(request, form, "signals/threshold.html")


@require_http_methods(FORM)
@staff_may(Permission.ACT_ON_SIGNALS)
def warning_new(request):
    form = WarningForm(request.POST or None, site=request.site, instance=SupplyWarning())
    if request.method == "POST" and form.is_valid():
        everywhere = form.cleaned_data["everywhere"]
        services.issue_warning(form.instance, site=request.site, everywhere=everywhere, by=request.user.code)
        messages.success(request, _("L’alerte est sur les tableaux."))
        return redirect("signals")
    return _form(request, form, "signals/warning.html")


@require_POST
@staff_may(Permission.ACT_ON_SIGNALS)
def warning_withdraw(request, pk):
    warning = get_object_or_404(all_warnings(request.site), pk=pk)
    services.withdraw_warning(warning, site=request.site, by=request.user.code)
    messages.success(request, _("L’alerte n’est plus sur les tableaux."))
    return redirect("signals")


@require_POST
@staff_may(Permission.SEE_BOARD)
def warning_read(request, pk):
    """« Lu » : it folds to one line for this person, until its end."""
    warning = next((one for one in warnings_at(request.site) if one.pk == pk), None)
    if warning:
        services.mark_read(warning, site=request.site, by=request.user.code)
    return redirect("board")


@require_http_methods(FORM)
@staff_may(Permission.ACT_ON_SIGNALS)
@reauthentication_required
def signal_send(request, pk):
    """To the regional team, in words, by a named person to a named person."""
    signal, site = _signal(request, pk), request.site
    initial = {
        "from_person": request.user.display_name,
        "text_fr": draft(signal, site, "fr-ca"),
        "text_en": draft(signal, site, "en"),
    }
    form = MessageForm(request.POST or None, initial=initial, instance=SignalMessage())
    if request.method == "POST" and form.is_valid() and _may_leave(form, signal, site):
        sent = send(
            form.instance, signal=signal, site=site, to=form.cleaned_data["recipient"], by=request.user.code
        )
        return redirect("signal-sent", signal.pk, sent.pk)
    return _form(request, form, "signals/send.html", signal=signal)


def _may_leave(form: MessageForm, signal: Signal, site) -> bool:
    if form.cleaned_data["anyway"] or not (n := narrowed(signal, site)):
        return True
    words = _("Avec ce message, %(n)s chiffres déjà publiés se liraient à moins de 4 près.")
    form.add_error("anyway", words % {"n": n})
    return False


@require_safe
@staff_may(Permission.ACT_ON_SIGNALS)
def signal_sent(request, pk, message):
    """The text as it was written down, to hand over by the channel agreed on."""
    sent = get_object_or_404(SignalMessage.objects.at(request.site), pk=message, signal=pk)
    return render(request, "signals/sent.html", PAGE | {"sent": sent})
