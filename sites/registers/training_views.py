"""Training of the people who work at a site."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import staff_may
from sites.people.setup import FORM
from sites.people.terms import Permission
from sites.registers import services
from sites.registers.forms import CourseForm, TrainingForm
from sites.registers.models import TrainingDone
from sites.registers.terms import Course
from sites.registers.training import due, followed, rules, table
from sites.registers.views import PAGE, form_page
from sites.trail.services import note


@require_safe
@staff_may(Permission.READ_REGISTERS)
def training(request):
    note("training read", actor=request.user.code, site_id=request.site.pk)
    context = PAGE | {
        "table": table(request.site),
        "due": due(request.site),
        "followed": followed(request.site),
    }
    return render(request, "registers/training.html", context)


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def training_new(request):
    form = TrainingForm(request.POST or None, site=request.site)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        for staff in data["staff"]:
            services.add_training(
                request.site, staff, data["course"], done_on=data["done_on"],
                expires_on=data["expires_on"], evidence=data["evidence"], by=request.user.code,
            )  # fmt: skip
        messages.success(request, _("C’est enregistré."))
        return redirect("training")
    return form_page(request, form, _("Noter une formation"), back="training")


@require_POST
@staff_may(Permission.KEEP_REGISTERS)
def training_withdraw(request, pk: int):
    done = get_object_or_404(TrainingDone.objects.at(request.site).select_related("staff"), pk=pk)
    services.withdraw_training(done, by=request.user.code)
    messages.success(request, _("C’est retiré : une formation notée par erreur ne compte plus."))
    return redirect("training")


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def course_rule(request, course: str):
    if course not in Course.values:
        raise Http404
    form = CourseForm(request.POST or None, rule=rules(request.site).get(course))
    if request.method == "POST" and form.is_valid():
        asked, months = form.cleaned_data["roles"], form.cleaned_data["months"]
        services.set_course(request.site, course, roles=asked, months=months, by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("training")
    return form_page(request, form, str(Course(course).label).capitalize(), back="training")
