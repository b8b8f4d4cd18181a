from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.imports import pages, services
from sites.imports.boxes import headings_of, rows_of
from sites.imports.catalogue import REGISTERS
from sites.imports.errors import Unreadable
from sites.imports.forms import BringForm, ColumnsForm, UndoForm, ValuesForm
from sites.imports.mapping import Mapping, mapping_of
from sites.imports.models import Import
from sites.imports.queries import imports_of, is_running, problem_rows
from sites.imports.samples import sample
from sites.imports.terms import KEPT_AFTER, KEPT_UNUSED, MAX_VALUES, OPEN, State
from sites.people.access import looked, looks_on, must_be_sure, staff_may
from sites.people.downloads import csv_download
from sites.people.queries import display_name
from sites.people.terms import Permission
from sites.trail.services import note

FORM = ["GET", "HEAD", "POST"]
PAGE = {"page": "logbook"}
REFUSED = 422
HOUR_S = 3600


def _import(request, ref) -> Import:
    return get_object_or_404(Import.objects.at(request.site), ref=ref)


def _to_map(request, ref) -> Import:
    """One whose file may still be read, locked; any other is sent to its own page."""
    rows = Import.objects.at(request.site).select_for_update()
    return get_object_or_404(rows, ref=ref)


def _kept() -> dict:
    return {
        "unused_h": KEPT_UNUSED.total_seconds() // HOUR_S,
        "after_h": KEPT_AFTER.total_seconds() // HOUR_S,
    }


@require_safe
@staff_may(Permission.IMPORT_REGISTERS)
def imports(request):
    rows = [(one, REGISTERS[one.kind].title, display_name(one.by)) for one in imports_of(request.site)]
    return render(request, "imports/list.html", PAGE | {"imports": rows})


@require_safe
@staff_may(Permission.IMPORT_REGISTERS)
def import_sample(request, kind):
    if kind not in REGISTERS:
        raise Http404
    headings, rows = sample(request.site, REGISTERS[kind])
    return csv_download(slugify(_("modele-%(kind)s") % {"kind": REGISTERS[kind].title}), headings, rows)


@require_http_methods(FORM)
@staff_may(Permission.IMPORT_REGISTERS)
def import_new(request):
    form = BringForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        brought = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                imported = services.receive(
                    request.site,
                    form.cleaned_data["kind"],
                    brought.read(),
                    name=brought.name,
                    by=request.user.code,
                )
            return redirect("import-columns", imported.ref)
        except Unreadable as unreadable:
            form.add_error("file", unreadable.message)
    status = REFUSED if form.is_bound and form.errors else 200
    context = PAGE | {"form": form, "registers": REGISTERS.values()} | _kept()
    return render(request, "imports/new.html", context, status=status)


@require_safe
@staff_may(Permission.IMPORT_REGISTERS)
def import_page(request, imported):
    """How far it is, what it would bring or brought, and what may be done next."""
    one = _import(request, imported)
    looks_on(request, "import", one.ref)
    mapping = mapping_of(one)
    context = PAGE | _kept() | {
        "imported": one,
        "title": mapping.register.title,
        "by": display_name(one.by),
        "running": is_running(one),
        "of": max(one.rows, 1),
        "same": services.same_file(one),
        "kinds": pages.shown_kinds(mapping),
        "months": pages.months(one, mapping),
        "notices": pages.notices_of(one),
        "problems": problem_rows(one)[:20] if one.refused and not is_running(one) else [],
        "open": one.state in OPEN and one.purged_at is None,
    }  # fmt: skip
    return render(request, "imports/import.html", context)


@require_http_methods(FORM)
@staff_may(Permission.IMPORT_REGISTERS)
def import_columns(request, imported):
    """First step: what each column holds."""
    one = _to_map(request, imported)
    if one.state not in OPEN or one.purged_at:
        return redirect("import", one.ref)
    looked(request, "import rows", one.ref)
    mapping = mapping_of(one)
    samples = [row.cells for row in rows_of(one, most=40)]
    form = ColumnsForm(request.POST or None, mapping=mapping, headings=headings_of(one), samples=samples)
    if request.method == "POST" and form.is_valid() and _few_values(form, one, mapping):
        services.set_mapping(one, mapping)
        return redirect("import-values", one.ref)
    status = REFUSED if form.is_bound and form.errors else 200
    context = PAGE | {
        "form": form,
        "imported": one,
        "title": mapping.register.title,
        "same": services.same_file(one),
    }
    return render(request, "imports/columns.html", context, status=status)


def _few_values(form: ColumnsForm, one: Import, mapping: Mapping) -> bool:
    for column in pages.look(one, mapping).wide:
        words = _("Plus de %(n)s valeurs différentes : ce n’est sans doute pas cette colonne.")
        form.add_error(f"column-{column}", words % {"n": MAX_VALUES})
    return not form.errors


@require_http_methods(FORM)
@staff_may(Permission.IMPORT_REGISTERS)
def import_values(request, imported):
    """Second step: what each value means, and the first rows as they will be read."""
    one = _to_map(request, imported)
    mapping = mapping_of(one)
    if one.state not in OPEN or one.purged_at or not mapping.says_when:
        return redirect("import-columns" if one.state in OPEN and not one.purged_at else "import", one.ref)
    looked(request, "import rows", one.ref)
    seen = pages.look(one, mapping)
    guessed = pages.guesses(request.site, mapping, seen.values)
    form = ValuesForm(
        request.POST or None, mapping=mapping, values=seen.values, guessed=guessed, days=seen.days
    )
    if request.method == "POST" and form.is_valid():
        if "again" not in request.POST:
            services.check(one, mapping, by=request.user.code)
            return redirect("import", one.ref)
        services.set_mapping(one, mapping)
    elif request.method != "POST":
        _take_guesses(form, mapping)
    status = REFUSED if form.is_bound and form.errors else 200
    context = PAGE | {
        "form": form, "imported": one, "title": mapping.register.title,
        "first_rows": pages.first_rows(one, mapping),
    }  # fmt: skip
    return render(request, "imports/values.html", context, status=status)


def _take_guesses(form: ValuesForm, mapping: Mapping) -> None:
    """The first rows are shown as the answers that the form proposes would read them."""
    for field, texts in form.values.items():
        told = {text: form.fields[f"value-{field}-{n}"].initial for n, text in enumerate(texts)}
        mapping.values[field] = {form.digests[text]: code for text, code in told.items() if code}
    if "order" in form.fields:
        mapping.order = form.fields["order"].initial


@require_POST
@staff_may(Permission.IMPORT_REGISTERS)
def import_start(request, imported):
    """Write what was tried; twice is once."""
    one = _to_map(request, imported)
    if one.state == State.CHECKED and one.purged_at is None and one.written:
        services.start(one, by=request.user.code)
    return redirect("import", one.ref)


@require_POST
@staff_may(Permission.IMPORT_REGISTERS)
def import_drop(request, imported):
    one = _to_map(request, imported)
    if one.state in OPEN and one.purged_at is None:
        services.drop(one)
        messages.success(request, _("Le fichier est détruit; rien n’avait été importé."))
        return redirect("imports")
    return redirect("import", one.ref)


@require_http_methods(FORM)
@staff_may(Permission.IMPORT_REGISTERS)
def import_undo(request, imported):
    """Void every record of it, after saying why."""
    one = _to_map(request, imported)
    if one.state not in (State.DONE, State.WRITING):
        return redirect("import", one.ref)
    form = UndoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.undo(one, by=request.user.code, why=form.cleaned_data["reason"])
        return redirect("import", one.ref)
    status = REFUSED if form.is_bound and form.errors else 200
    mapping = mapping_of(one)
    context = PAGE | {"form": form, "imported": one, "title": mapping.register.title, "days": len(one.tally)}
    return render(request, "imports/undo.html", context, status=status)


@require_safe
@staff_may(Permission.IMPORT_REGISTERS)
def import_problems(request, imported) -> HttpResponse:
    """The rows that were not taken, to mend in the file itself. Looking is written down."""
    one = _import(request, imported)
    must_be_sure(request)
    note(
        "import problems downloaded", actor=request.user.code, site_id=request.site.pk, about="import",
        about_id=one.ref,
    )  # fmt: skip
    columns = [_("Ligne"), _("Colonne"), _("Ce qui y est écrit"), _("Quoi faire")]
    return csv_download(_("lignes-a-corriger"), columns, problem_rows(one))
