from django.shortcuts import render
from django.views.decorators.http import require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission


@require_safe
@staff_may(Permission.SIGNED_IN, site=False)
def board(request):
    return render(request, "visits/board.html", {"page": "board"})
