from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.commissioning.services import system_account
from sites.management.base import BadArguments, SiteCommand, the_site
from sites.people.forms import ACCOUNT_CODE
from sites.people.models import Staff
from sites.people.services import who_runs_the_system


class Command(SiteCommand):
    help = _(
        "Fait le premier compte, qui fera les autres à l’écran : il donne tous les rôles et ne voit aucune "
        "visite. Refuse dès qu’il y en a un."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help=_("Minuscules, chiffres et tirets : s01-01."))
        self.add_site(parser, required=True)

    @transaction.atomic
    def run(self, *, code, site, **options):
        if able := who_runs_the_system():
            raise BadArguments(_t("Ces comptes donnent déjà tous les rôles : %s.") % ", ".join(able))
        if not ACCOUNT_CODE.fullmatch(code):
            raise BadArguments(_t("Des minuscules, des chiffres et des tirets : s01-09."))
        if Staff.objects.filter(code=code).exists():
            raise BadArguments(_t("Ce code est déjà pris."))
        _staff, password = system_account(code, [the_site(site)], by="manage.py")
        return _t("Compte %(code)s. Mot de passe, montré cette seule fois : %(password)s") % {
            "code": code,
            "password": password,
        }
