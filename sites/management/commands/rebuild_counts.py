from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from harmreduction.pg.scope import acting
from sites.indicators.queries import first_day, frozen_through
from sites.indicators.services import rebuild
from sites.management.base import BadArguments, SiteCommand, the_site
from sites.places.models import Site
from sites.places.queries import last_closed_day


class Command(SiteCommand):
    help = _(
        "Recompte de leurs faits tous les jours fermés, ou ceux d’une période, et dit combien ont changé. "
        "Les personnes différentes restent telles que comptées : leurs clés n’existent plus. "
        "Un jour dont des faits ont été détruits garde ses comptes."
    )

    def add_arguments(self, parser):
        self.add_site(parser)
        self.add_day(parser, "--from", "--to")

    def run(self, *, site, **options):
        first, last = options["from"], options["to"]
        if first and last and first > last:
            raise BadArguments(_t("--from vient après --to."))
        with transaction.atomic():
            sites = [the_site(site)] if site else list(Site.objects.all())
        lines = [self._rebuilt(one, first, last) for one in sites]
        return "\n".join(line for line in lines if line)

    def _rebuilt(self, site, first, last) -> str:
        with transaction.atomic(), acting(sites=[site.pk]):
            begun, closed, frozen = first_day(site), last_closed_day(site), frozen_through(site)
        if begun is not None and frozen is not None:
            begun = frozen + timedelta(days=1)
        if begun is None or begun > closed:
            return ""
        first, last = max(first or begun, begun), min(last or closed, closed)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        changed = rebuild(site, days)
        if not days:
            return ""
        told = {"site": site.code, "days": len(days), "first": first, "changed": changed}
        said = _t("%(site)s : %(days)s jours recomptés depuis le %(first)s, %(changed)s changés.") % told
        if frozen is None:
            return said
        kept = _t("Jusqu’au %(last)s, des faits ont été détruits : ces comptes ne changent plus.")
        return f"{said} {kept % {'last': frozen}}"
