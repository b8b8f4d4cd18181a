from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.arguments import positive
from sites.management.base import BadArguments, SiteCommand
from sites.simulation.demo import is_loaded, load, renew_tablets, write_private
from sites.simulation.services import Refused


class Command(SiteCommand):
    help = _("Remplit une base vide pour la démonstration; une deuxième fois ne change rien.")

    def add_arguments(self, parser):
        parser.add_argument("--sites", type=positive, default=3, help=_("De S01 à ce site (3)."))
        parser.add_argument("--days", type=positive, default=200, help=_("Jours d’historique (200)."))
        parser.add_argument("--seed", type=int, default=1, help=_("Une autre graine, un autre passé (1)."))

    def run(self, *, sites, days, seed, **options):
        with transaction.atomic():
            loaded = is_loaded()
        if loaded:
            renew_tablets(settings.DATA_DIR / "demo.json")
            return _t("La démonstration est déjà là.")
        try:
            content = load(sites=sites, days=days, seed=seed)
        except Refused as why:
            raise BadArguments(str(why)) from why
        write_private(settings.DATA_DIR / "demo.json", content)
        return "\n".join(
            f"{user['code']:<15} {user['password']}  {user['role']} {user['site'] or ''}"
            for user in content["users"]
        )
