"""« À revoir »: one list of what needs a person, and « C’est juste » for many at once."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.clockwork.services import now
from sites.people.access import staff_may
from sites.people.queries import team_names
from sites.people.setup import FORM, Subject, form_page, further, saved
from sites.people.terms import Permission
from sites.records.forms import clean_text
from sites.records.words import reason_words
from sites.review.forms import LimitsForm
from sites.review.kinds import KINDS, kinds_for
from sites.review.lines import lines_of
from sites.review.models import Seen
from sites.review.odd import odd_words
from sites.review.queries import Wanted, counts, items
from sites.review.rules import limits_of
from sites.review.services import say_right, set_limits, take_back, taken_back_from
from sites.review.terms import WHY_RIGHT

SHOWN = 25
MANY = 500
AGES = {
    "day": (gettext_lazy("Depuis plus d’un jour"), timedelta(days=1)),
    "week": (gettext_lazy("Depuis plus d’une semaine"), timedelta(days=7)),
    "month": (gettext_lazy("Depuis plus d’un mois"), timedelta(days=30)),
}
REFUSED = 422


@dataclass(frozen=True)
class Asked:
    """Which part of the list is asked for; what cannot be read asks for nothing."""

    kind: str
    age: str
    day: date | None
    page: int

    @classmethod
    def of(cls, query) -> "Asked":
        kind, age, page = query.get("kind", ""), query.get("age", ""), query.get("page", "")
        return cls(
            kind if kind in KINDS else "",
            age if age in AGES else "",
            _day(query.get("day", "")),
            min(int(page), MANY) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        )

    @property
    def wanted(self) -> Wanted:
        before = now() - AGES[self.age][1] if self.age else None
        return Wanted(before, [self.day] if self.day else None)

    def address(self, **changed) -> str:
        told = {"kind": self.kind, "age": self.age, "day": self.day or "", "page": self.page} | changed
        query = urlencode({name: value for name, value in told.items() if value and value != 1})
        return reverse("review") + (f"?{query}" if query else "")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@dataclass
class Press:
    """One press of « C’est juste », and what it spoke of: [(kind, what was odd)]."""

    last: Seen
    by: str
    rows: list[tuple[str, str]] = field(default_factory=list)

    @property
    def why(self) -> str:
        return reason_words(self.last.why)


@require_safe
@staff_may(Permission.REVIEW)
def review(request):
    return _page(request, Asked.of(request.GET))


def _page(request, asked: Asked, problems=()):
    kinds = kinds_for(request.user)
    many = counts(request.site, kinds, asked.wanted)
    shown = [kind for kind in kinds if not asked.kind or kind.code == asked.kind]
    first = max(asked.page - 1, 0) * SHOWN
    found = items(request.site, shown, asked.wanted, first=first, most=SHOWN + 1)
    lines = lines_of(request.site, found[:SHOWN], request.user, asked.address())
    context = {
        "page": "review",
        "asked": asked,
        "lines": lines,
        "any_right": any(line.kind.may_be_right for line in lines),
        "total": sum(many.values()),
        "filters": [(KINDS[code], n, asked.address(kind=code, page=1)) for code, n in many.items()],
        "ages": [(age, words, asked.address(age=age, page=1)) for age, (words, _span) in AGES.items()],
        "every_kind": asked.address(kind="", page=1),
        "every_age": asked.address(age="", page=1),
        "every_day": asked.address(day="", page=1),
        "about": KINDS.get(asked.kind),
        "before": asked.address(page=asked.page - 1) if asked.page > 1 else "",
        "after": asked.address(page=asked.page + 1) if len(found) > SHOWN else "",
        "reasons": [(why, reason_words(why)) for why in WHY_RIGHT],
        "ticked": request.POST.getlist("item"),
        "typed": request.POST,
        "problems": problems,
    }
    return render(request, "review/list.html", context, status=REFUSED if problems else 200)


# --- « C’est juste » --------------------------------------------------------------------
@require_POST
@staff_may(Permission.REVIEW)
def right(request):
    """Say of what is ticked that it is right, and why; it does not come back unless its values change."""
    asked, keys = Asked.of(request.POST), request.POST.getlist("item")[:SHOWN]
    why = request.POST.get("why_text", "").strip() or request.POST.get("why", "")
    problems = []
    if not keys:
        problems.append(("item", _("Cocher ce qui est juste.")))
    if not why or len(why) > 200 or not clean_text(why):
        problems.append(("why", _("Dire pourquoi, en 200 signes au plus.")))
    if problems:
        return _page(request, asked, problems)
    rows = say_right(request.site, kinds_for(request.user), keys, why=why, by=request.user.code)
    if rows:
        _told(request, rows)
    return redirect(asked.address())


def _told(request, rows: list[Seen]) -> None:
    words = ngettext("%(n)s confirmée juste.", "%(n)s confirmées justes.", len(rows)) % {"n": len(rows)}
    messages.success(request, words, extra_tags=f"takeback {rows[0].batch}")


@require_safe
@staff_may(Permission.REVIEW)
def said_right(request):
    """What was confirmed in the last weeks, with why and by whom; each press may be taken back."""
    rows = list(taken_back_from(request.site)[:MANY])
    names = team_names(request.site)
    presses: dict = {}
    for row in rows:
        press = presses.setdefault(row.batch, Press(row, names.get(row.by, row.by)))
        press.rows.append((KINDS[row.kind].words, _what(row)))
    return render(request, "review/said_right.html", {"page": "review", "presses": list(presses.values())})


def _what(row: Seen) -> str:
    return odd_words(row.kind, row.rule, row.said)[0] if row.said else ""


@require_POST
@staff_may(Permission.REVIEW)
def back_on_the_list(request, batch):
    if not Seen.objects.at(request.site).filter(batch=batch).exists():
        raise Http404
    if take_back(request.site, batch, by=request.user.code):
        messages.info(request, _("Remis dans la liste."))
    else:
        messages.error(request, _("C’est déjà dans la liste, ou c’est trop ancien."))
    return redirect("review")


# --- From where on to look again --------------------------------------------------------
def _subject(request) -> Subject:
    return Subject("setup-review", gettext_lazy("À revoir : seuils"), Permission.SET_UP)


further.append(_subject)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def limits(request):
    form = LimitsForm(request.POST or None, initial=limits_of(request.site))
    if request.method == "POST" and form.is_valid():
        set_limits(request.site, form.cleaned_data, by=request.user.code)
        saved(request)
        return redirect("setup-review")
    return form_page(request, form, subject="setup-review", title=_("À revoir : seuils"), back="")
