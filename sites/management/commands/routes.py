from django.utils.translation import gettext_lazy as _

from sites.management.base import SiteCommand, dumped
from sites.people.routes import routes


class Command(SiteCommand):
    help = _("Liste chaque adresse avec ses méthodes, la permission demandée et les rôles qui l’ont.")

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("En JSON."))

    def handle(self, *args, **options):
        """No database: the addresses are in the code."""
        found = routes()
        if options["json"]:
            return dumped(found)
        return "\n".join(
            f"{one['permission']:<16} {','.join(one['methods']):<16} {one['path']}" for one in found
        )
