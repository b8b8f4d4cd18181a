"""The news of a region as an Atom feed: a week or a month that is complete, with its range."""

from datetime import UTC, datetime, time

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.bulletin.pages import Bulletin, bulletin
from sites.bulletin.queries import as_public, public_state
from sites.bulletin.views import ENGLISH, FRENCH, cacheable
from sites.people.access import public
from sites.releases.cube import Total
from sites.releases.files import definitions
from sites.templatetags.releases import about, period

MOST = 30


class RegionFeed(Feed):
    """Of one bulletin in one language."""

    feed_type = Atom1Feed

    def __init__(self, shown: Bulletin, language: str):
        self.shown, self.english = shown, language == ENGLISH
        self.language = "en-CA" if self.english else "fr-CA"
        self.address = reverse("bulletin-en" if self.english else "bulletin", args=[shown.region.code])

    def title(self) -> str:
        return _("Consommation supervisée · %(region)s") % {"region": self.shown.region.name}

    def subtitle(self) -> str:
        return _("Chiffres arrondis une fois, puis seulement additionnés.")

    def link(self) -> str:
        return self.address

    def items(self) -> list[Total]:
        """The newest first."""
        told = [*self.shown.trend, *self.shown.events]
        return sorted(told, key=_told_at, reverse=True)[:MOST]

    def item_title(self, item: Total) -> str:
        (told,) = definitions([item.indicator])
        name = told["label_en" if self.english else "label_fr"]
        return _("%(name)s, %(period)s : %(about)s") % {
            "name": name, "period": period(item), "about": about(item),
        }  # fmt: skip

    def item_description(self, item: Total) -> str:
        return _("Le vrai compte est entre %(lower)s et %(upper)s.") % {
            "lower": item.lower, "upper": item.upper,
        }  # fmt: skip

    def item_link(self, item: Total) -> str:
        return f"{self.address}#{item.indicator}-{item.period[0]}"

    def item_guid(self, item: Total) -> str:
        region = self.shown.region.code
        return f"urn:scs:{region}:{item.indicator}:{item.grain}:{item.period[0]}"

    def item_pubdate(self, item: Total) -> datetime:
        return _told_at(item)

    item_updateddate = item_pubdate


def _told_at(total: Total) -> datetime:
    """When the release that completed it came out; the hour says nothing."""
    day = max(cell.release_date for cell in total.parts)
    return datetime.combine(day, time(12), tzinfo=UTC)


@require_safe
@public
def feed(request, region, language=FRENCH):
    with as_public() as audience:
        state = public_state(audience)
        shown = bulletin(region, state.release) if state else None
    if shown is None:
        raise Http404
    with translation.override(language):
        made = RegionFeed(shown, language)(request)
    return cacheable(request, made.content, made.headers["Content-Type"], language)
