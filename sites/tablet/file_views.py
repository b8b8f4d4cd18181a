from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sites.people.access import staff_may
from sites.people.setup import FORM, UNREADABLE, page
from sites.people.terms import Permission
from sites.tablet.unsent_file import MAX_FILE_BYTES, Unreadable, take_in


class FileForm(forms.Form):
    file = forms.FileField(label=_("Fichier enregistré par la tablette"))

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise ValidationError(_("Au plus 16 Mio."), code="too_large")
        return file


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_STAFF)
def take_file(request):
    """Take in what a tablet could not send; shows how many records got each receipt."""
    form, told = FileForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        try:
            told = take_in(request.site, form.cleaned_data["file"].read(), by=request.user.code)
        except Unreadable as refused:
            form.add_error("file", str(refused))
    return page(
        request,
        "tablet/take_file.html",
        subject="setup-tablets",
        status=UNREADABLE if request.method == "POST" and told is None else 200,
        form=form,
        told=sorted(told.items()) if told is not None else None,
    )
