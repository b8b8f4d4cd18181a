from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sites.naloxone import pages
from sites.naloxone.order_page import as_csv, order_lines
from sites.naloxone.ordering import DELIVERY_DAYS, LEVEL_DAYS, REVIEW_DAYS
from sites.naloxone.queries import lots_on_hand
from sites.people.access import staff_may
from sites.people.enrolment import qr
from sites.people.terms import Permission
from sites.places.queries import today
from sites.trail.services import note

MOST_LABELS = 60


@require_safe
@staff_may(Permission.USE_STOCK)
def order(request):
    """What to order now; `?format=csv` for a spreadsheet."""
    lines, day = order_lines(request.site), today(request.site)
    if request.GET.get("format") == "csv":
        note("stock order exported", actor=request.user.code, site_id=request.site.pk)
        name = f"commande-{request.site.code}-{day.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(as_csv(lines), headers=headers, content_type="text/csv; charset=utf-8")
    context = {"lines": lines, "day": day, "page": "stock", "level": LEVEL_DAYS}
    context |= {"delivery": DELIVERY_DAYS, "review": REVIEW_DAYS}
    return render(request, "naloxone/order.html", context)


@require_safe
@staff_may(Permission.USE_STOCK)
def label(request, lot):
    """QR labels of a lot, as many as are asked for (`?count=`)."""
    row = pages.lot_or_404(request.site, lot)
    asked = request.GET.get("count", "")
    count = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 12
    address = request.build_absolute_uri(reverse("stock-scan", args=[row.ref]))
    context = {"lot": row, "qr": qr(address), "times": range(max(1, min(count, MOST_LABELS)))}
    context |= {"count": count, "most": MOST_LABELS, "page": "stock"}
    return render(request, "naloxone/labels.html", context)


@require_safe
@staff_may(Permission.RECORD_VISITS)
def scan(request, lot):
    """What a scanned label opens: receive more, hand out, count, recall."""
    row = pages.lot_or_404(request.site, lot)
    held = next((one for one in lots_on_hand(request.site) if one.lot.pk == row.pk), None)
    if held is None:
        raise Http404
    return render(request, "naloxone/scan.html", {"lot": row, "on_hand": held, "page": "stock"})
