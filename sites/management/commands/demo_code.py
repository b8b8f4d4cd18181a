import json
import time

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, SiteCommand
from sites.people.factors import code_of


class Command(SiteCommand):
    help = _("Donne le code de six chiffres que demandent les comptes d’essai, valable une minute.")

    def add_arguments(self, parser):
        parser.add_argument("code", nargs="?", help=_("Un compte, par exemple s01-05; sinon tous."))

    def run(self, *, code, **options):
        path = settings.DATA_DIR / "demo.json"
        users = json.loads(path.read_text())["users"] if path.exists() else []
        shown = [user for user in users if user["totp_secret"] and code in (None, user["code"])]
        if not shown:
            raise BadArguments(_t("Aucun compte d’essai ne demande de code ici."))
        return "\n".join(f"{user['code']:<15} {code_of(user['totp_secret'], time.time())}" for user in shown)
